"""The witnesses of the truth: each is one file, and one line here, the most exact first."""

from __future__ import annotations

from torchgrade.model.kinds import Reference
from torchgrade.references.expected import ExpectedReference
from torchgrade.references.formula import FormulaReference
from torchgrade.references.function import FunctionReference

REFERENCES: tuple[Reference, ...] = (FormulaReference(), FunctionReference(), ExpectedReference())
