"""What was handed in, after reading."""

from __future__ import annotations

from dataclasses import dataclass

from torchgrade.model.observation import Incident
from torchgrade.model.probe import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submitter's work. `problem` is set, and `source` empty, where it could not be read.

    `path` is what people are told: where it was found. `digest` is of everything that runs: the text, the name it is
    read under, and the files beside it; two submissions with the same digest have the same attempts.

    What the platform says of it, if it does: `account` is its own id for the submitter, `number` puts what they handed
    in in order, `submitted` is when, in ISO 8601 with an offset, and `late` that the platform marked it so. A time that
    nobody understands is in `submitted` as it stands there. A group's work is one Submission for each member.
    """

    submitter: str
    path: str
    source: Source
    digest: str
    problem: Incident | None = None
    account: str = ""
    number: int = 0
    submitted: str = ""
    late: bool = False
