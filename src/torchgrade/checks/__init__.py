"""The kinds of check: each is one file, and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.checks.gradient import GradientCheck
from torchgrade.checks.property import PropertyCheck
from torchgrade.checks.rule import RuleCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.model.check import Check

CHECKS: Mapping[str, type[Check]] = {
    "value": ValueCheck,
    "gradient": GradientCheck,
    "property": PropertyCheck,
    "rule": RuleCheck,
}
