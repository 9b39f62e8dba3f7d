"""The exceptions of torchgrade: each is a sentence for whoever meets it, and only the command line catches them.

A student's fault is data (a Verdict) and an author's fault is a Diagnostic; what is raised here is neither,
or carries all Diagnostics at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torchgrade.model.diagnostic import Diagnostic


class TorchgradeError(Exception):
    """Something torchgrade refuses or cannot do; `hint` says what to do about it.

    `language` is that of whoever asked, where a command knows it.
    """

    language = "en"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(TorchgradeError):
    """The command cannot be carried out as it was given."""


class IsolationError(TorchgradeError):
    """The isolation that was asked for is not to be had here."""


class WireError(TorchgradeError):
    """Bytes from a worker that are no message of ours."""


class ReportError(TorchgradeError):
    """A report that cannot be read or written."""


class StoreError(TorchgradeError):
    """The store cannot be opened, read or written; what was kept before is kept."""


class ExerciseError(TorchgradeError):
    """Exercise files with faults: every Diagnostic of them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = diagnostics


class FormulaError(TorchgradeError):
    """A formula that cannot be read or computed; `start` and `end` are offsets into its text."""

    def __init__(self, message: str, *, code: str, start: int = 0, end: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.start = start
        self.end = end
