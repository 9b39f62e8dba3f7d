"""The targets by name, before any of them is imported: atheris instruments a module as it is imported."""

from __future__ import annotations

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    "reply": "tests.fuzz.replies",
    "yaml": "tests.fuzz.exercise_files",
    "formula": "tests.fuzz.formulas",
}
_READING = "parse lexical spelling tree functions walk display scope shapes extents sizes source"
ROOMS: Mapping[str, tuple[str, ...]] = {
    "reply": (
        *("torchgrade.wire", "torchgrade.sandbox.answers", "torchgrade.numeric"),
        *("torchgrade.checks", "torchgrade.grading"),
    ),
    "yaml": ("torchgrade.spec", "yaml"),
    "formula": tuple(f"torchgrade.formula.{name}" for name in _READING.split()),
}
"""What is instrumented, and so guides. Computing is not: it is tried with all that is read, but has no end of paths."""
