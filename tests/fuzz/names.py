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
    "yaml": ("torchgrade.spec",),
    "formula": tuple(f"torchgrade.formula.{name}" for name in _READING.split()),
}
"""What is instrumented, and so guides: the rooms that read what strangers wrote.

Computing is not: it is tried with all that is read, but has no end of paths; `test_odd_operands` goes through it in
order. Neither is PyYAML, whose paths are not ours: both its parsers read what the paths of our own reader ask for.
"""
