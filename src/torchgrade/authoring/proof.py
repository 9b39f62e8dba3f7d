"""What was executed to trust an exercise, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from torchgrade.model.diagnostic import Diagnostic


class RowKind(StrEnum):
    """What was run."""

    REFERENCE = "reference"
    ACCEPTED = "accepted"
    MISTAKE = "mistake"
    STARTER = "starter"
    WITNESSES = "witnesses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was run: `holds` if it came out as it must; `result` says how, in a few words."""

    kind: RowKind
    name: str = ""
    dtype: str = ""
    holds: bool
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A row, and the faults of the exercise that it shows."""

    row: Row
    faults: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything that was executed for one exercise; its faults have codes that `CODES` explains."""

    exercise: str
    rows: tuple[Row, ...]
    faults: tuple[Diagnostic, ...]

    @property
    def holds(self) -> bool:
        """True if the exercise can be given to students."""
        return not self.faults


CODES: Mapping[str, str] = {
    "witnesses-disagree": "Two things in the file that say what is right give different answers for the same case: "
    "one of them is wrong. The message names the case, the place and both numbers.",
    "readings-disagree": "The formula computed to 50 digits and the same formula run by torch in float64 differ, in "
    "the value or in a derivative. Most often a case lies on a kink (|x| at 0), or the gradient is not the "
    "derivative of the value, which `reference.gradient` must then give. If neither is so, it is our fault: please "
    "report it.",
    "reference-rejected": "The reference, run as if a student had handed it in, does not get full points. A check "
    "asks for something that the reference does not do, or a case cannot be decided in that dtype.",
    "accepted-rejected": "An answer listed under `accepted` does not get full points. Either it is not right, or a "
    "check asks for more than the task does.",
    "case-undecided": "What rounding alone may change in this case is more than a tenth of the answer, so that a "
    "wrong answer could pass: the matrix is too close to singular for that dtype. Ask for float64 or a smaller "
    "`condition`.",
    "mistake-never-runs": "A known mistake fails to run in every case, so there is no wrong value to recognise it "
    "by. Add a case in which it computes, for instance with square matrices: `- {edges: [square]}`.",
    "mistake-accepted": "A known mistake gets full points: nothing in the exercise tells it from a right answer. Add "
    "a case where it gives something else, or a check that looks at what it breaks.",
    "mistake-not-named": "A known mistake loses points but is not recognised as itself: another mistake of the file "
    "gives the same values. Merge the two, or add a case in which they differ.",
    "mistake-loses": "A known mistake fails other checks than its `loses` says. Correct `loses`, or the checks.",
    "starter-earns": "The file that students start from earns points before anything is written in it. Doing nothing "
    "must earn nothing: make a check of values `required`, or change the starter.",
    "small-entries": "Numbers are judged by the greatest of their tensor: an entry a thousand times smaller may be "
    "wrong in its third digit without being noticed. At least one case must have all its entries near the greatest: "
    "choose a `range:` that is less wide for one of them.",
}
