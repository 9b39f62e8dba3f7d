"""The check of the source: what it may not use, and what it must."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from torchgrade.checks.modules import uses_of
from torchgrade.checks.usage import STATEMENTS, Use
from torchgrade.checks.worth import Worth
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, described
from torchgrade.model.finding import Evidence, Judgement
from torchgrade.model.places import words
from torchgrade.model.probe import Probe, Source
from torchgrade.model.said import joined, said
from torchgrade.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence(Judgement):
    """A judgement about a place in the source; both count from 1, 0 means the whole file."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCheck(Worth):
    """Looks in the source for functions and statements that are forbidden or asked for."""

    kind: ClassVar[str] = "rule"

    forbid: tuple[str, ...] = field(
        default=(), metadata=described("Names that may not be used: `torch.inverse`, `for`, `while`.")
    )
    require_any: tuple[str, ...] = field(default=(), metadata=described("Names of which at least one must be used."))

    @property
    def subject(self) -> str:
        """The names."""
        return ", ".join((*self.forbid, *self.require_any))

    def is_condition(self) -> bool:
        """Always: a rule says how a right answer is reached."""
        return True

    def is_observed(self) -> bool:
        """Always: the source names what it uses, unless it takes care not to."""
        return True

    def looks_at_cases(self) -> bool:
        """Never."""
        return False

    def probes(self, exercise: Exercise, case: Case) -> tuple[Probe, ...]:
        """None: nothing runs."""
        return ()

    def judge(self, evidence: Evidence) -> Judgement:
        """The first forbidden name that the entry point reaches, or what is asked for and absent."""
        found = uses_of(evidence.source, evidence.exercise.entrypoint)
        for use in found:
            broken = [name for name in self.forbid if _is(use, name)]
            if broken:
                return _forbidden(use, broken[0], evidence.source)
        if self.require_any and not any(_is(use, name) for use in found for name in self.require_any):
            return _absent(self.require_any)
        return Judgement(verdict=Verdict.ACCEPTED)


def _is(use: Use, name: str) -> bool:
    """Whether a use is what a rule names: by its full name, as a part of what is named, or as a method of that name.

    A name without a dot stands for whatever ends in it: `vmap` for `torch.vmap` and `torch.func.vmap`.
    """
    if name in STATEMENTS or use.name in STATEMENTS:
        return use.name == name
    last = name.rpartition(".")[2]
    if use.name.startswith(".") or "." not in name:
        return use.name.rpartition(".")[2] == last
    return use.name == name or use.name.startswith(f"{name}.")


def _forbidden(use: Use, name: str, source: Source) -> Offence:
    other = said(" (it is `{name}`)", name=name) if name != use.written else ""
    place = words(source, use.line)
    return Offence(
        verdict=Verdict.RULE_VIOLATION,
        rationale=said("{place}: `{name}` is not allowed here{other}.", place=place, name=use.written, other=other),
        help=said("There is another way; the task says what is asked for.")
        if name not in STATEMENTS
        else said("Work on whole tensors instead."),
        line=use.line,
        column=use.column,
    )


def _absent(names: Sequence[str]) -> Offence:
    listed = joined("{first} or {last}", (f"`{name}`" for name in names))
    return Offence(
        verdict=Verdict.RULE_VIOLATION,
        rationale=said("Your solution must use {names}; it does not.", names=listed),
        help=said("`help({name})` shows how it is called.", name=names[0]),
    )
