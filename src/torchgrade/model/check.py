"""What every kind of check offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from torchgrade.model.text import Text

if TYPE_CHECKING:
    from torchgrade.model.case import Case
    from torchgrade.model.exercise import Exercise
    from torchgrade.model.finding import Evidence, Judgement
    from torchgrade.model.probe import Probe


class Check(Protocol):
    """One thing to look at in every case, and what it is worth. A kind is a frozen dataclass in `checks/`."""

    kind: ClassVar[str]

    @property
    def name(self) -> str:
        """Unique within the exercise: the author's, else `kind`, `kind-2`, …"""

    @property
    def points(self) -> float: ...

    @property
    def cases(self) -> tuple[str, ...]:
        """Names of cases or of groups of cases; empty means all that no other check of this kind and `of` claims."""

    @property
    def partial(self) -> bool: ...

    @property
    def required(self) -> bool: ...

    @property
    def says(self) -> Text: ...

    @property
    def help(self) -> Text: ...

    @property
    def subject(self) -> str:
        """What is looked at, in a few words for messages and for telling checks of one kind apart (`of`)."""

    def is_condition(self) -> bool:
        """True if the check says how an answer must be reached, and so earns only beside right answers."""

    def is_observed(self) -> bool:
        """True if the check rests on what is seen beside the submission's code (memory, graph, mutation, the names in
        its source) and not on numbers that only a right answer has: code that lies can pass it."""

    def looks_at_cases(self) -> bool:
        """False for a check of the source, which has one finding whatever the cases."""

    def probes(self, exercise: Exercise, case: Case) -> tuple[Probe, ...]:
        """What must be measured of a submission in this case."""

    def judge(self, evidence: Evidence) -> Judgement:
        """Compare what was measured with what is right. Pure."""
