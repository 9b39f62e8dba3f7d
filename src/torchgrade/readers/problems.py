"""Why something that was handed in cannot be graded."""

from __future__ import annotations

from torchgrade.errors import TorchgradeError
from torchgrade.model.observation import IncidentKind


class HandinError(TorchgradeError):
    """A sentence for the student. It ends in this room: as the `problem` of a Submission, or as a UsageError.

    `line` is where in their code, in the count of `model.places`; 0 if it is nowhere in it.
    """

    def __init__(self, message: str, *, kind: IncidentKind = IncidentKind.UNREADABLE, line: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line
