"""A class: so many submitters with a stated mix of right, wrong, crashing, hanging, empty and hostile work.

The same exercises, count, mix and seed make the same class, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

from tests.classes import pools, spoilt
from tests.classes.answers import ANY, Answer, Sheet
from tests.classes.handin import Kind, Member, Work, bare, filename, moment, notebook, script
from tests.classes.people import Person, person
from tests.classes.style import VARIANTS, written

from torchgrade.model.exercise import Exercise
from torchgrade.model.verdict import Verdict

MIX: Mapping[Kind, float] = {
    Kind.RIGHT: 60,
    Kind.WRONG: 25,
    Kind.CRASHING: 5,
    Kind.HANGING: 2,
    Kind.EMPTY: 3,
    Kind.HOSTILE: 5,
}
COPIED = 0.04
"""The share of those who hand in a friend's file."""
NOTEBOOKS = 0.25
DECLARED = 0.6
"""The share of wrong answers that are mistakes which the exercises know; the others are mutated."""
ALSO_WRONG = 0.4
BROKEN = 0.2
"""The share of crashing scripts of which Python reads nothing."""
Handed: TypeAlias = tuple[bytes, Mapping[str, Work]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a class is made of; `notebooks` is the share of those who hand in one."""

    exercises: tuple[Exercise, ...]
    count: int
    mix: Mapping[Kind, float]
    seed: int
    notebooks: float = NOTEBOOKS


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The answers there are to one exercise; `plain` goes with all others."""

    exercise: Exercise
    right: tuple[Answer, ...]
    declared: tuple[Answer, ...]
    mutated: tuple[Answer, ...]
    plain: Answer

    def options(self, kind: Kind, random: Random) -> Iterator[Answer]:
        """What a submitter of that kind may write, the more likely first."""
        if kind is Kind.RIGHT:
            groups = [self.right]
        elif kind is Kind.WRONG:
            groups = [self.declared, self.mutated][:: 1 if random.random() < DECLARED else -1]
        else:
            groups = [spoilt.spoiled(self.exercise.entrypoint)[kind]]
        for group in groups:
            start = random.randrange(len(group)) if group else 0
            yield from group[start:]
            yield from group[:start]


def counts(mix: Mapping[Kind, float], count: int) -> dict[Kind, int]:
    """How many of each kind, by largest remainders, so that they are as many as there are submitters."""
    total = sum(mix.values())
    exact = {kind: count * weight / total for kind, weight in mix.items()}
    found = {kind: int(share) for kind, share in exact.items()}
    rest = sorted(exact, key=lambda kind: found[kind] - exact[kind])
    for kind in rest[: count - sum(found.values())]:
        found[kind] += 1
    return found


def members(plan: Plan) -> Iterator[Member]:
    """Everybody, one after the other, in the order of the roster."""
    pool = tuple(_pool(each) for each in plan.exercises)
    kinds = [kind for kind, number in counts(plan.mix, plan.count).items() for _ in range(number)]
    Random(f"{plan.seed}/order").shuffle(kinds)  # noqa: S311
    last: dict[Kind, int] = {}
    for position, kind in enumerate(kinds):
        friend = last.get(kind, -1) if _random(plan, position, "copies").random() < COPIED else -1
        if friend < 0:
            last[kind] = position
            yield _member(plan, pool, position, kind)
        else:
            yield _copy(_member(plan, pool, friend, kind), plan, position)


def _random(plan: Plan, position: int, what: str = "") -> Random:
    return Random(f"{plan.seed}/{position}/{what}")  # noqa: S311


def _pool(exercise: Exercise) -> Pool:
    right = pools.right(exercise)
    return Pool(
        exercise=exercise,
        right=right,
        declared=pools.declared(exercise),
        mutated=pools.mutated(right[0]),
        plain=pools.plainest(right),
    )


def _member(plan: Plan, pool: Sequence[Pool], position: int, kind: Kind) -> Member:
    random = _random(plan, position)
    who = person(position, random, is_hostile=kind is Kind.HOSTILE)
    is_notebook = random.random() < plan.notebooks
    content, works = (_empty if kind is Kind.EMPTY else _solved)(pool, who, kind, random, is_notebook)
    return Member(
        position=position,
        person=who,
        kind=kind,
        filename=filename(random, is_notebook=is_notebook),
        content=content,
        works=works,
        submitted=moment(random),
        number=random.choice((1, 1, 1, 2, 3)),
    )


def _empty(pool: Sequence[Pool], who: Person, kind: Kind, random: Random, is_notebook: bool) -> Handed:
    what, text, verdicts = spoilt.empty(tuple(each.exercise.entrypoint for each in pool), random)
    work = Work(what=f"empty: {what}", verdicts=verdicts)
    return bare(text, random, is_notebook=is_notebook), {each.exercise.id: work for each in pool}


def _solved(pool: Sequence[Pool], who: Person, kind: Kind, random: Random, is_notebook: bool) -> Handed:
    if kind is Kind.CRASHING and not is_notebook and random.random() < BROKEN:
        return _broken(pool, who, random)
    chosen = _answers(pool, kind, random, is_notebook)
    works = {name: Work(what=each.what, verdicts=each.verdicts, mistake=each.mistake) for name, each in chosen.items()}
    if kind is Kind.HOSTILE:
        works = {name: _doubtful(work) for name, work in works.items()}
    return (notebook if is_notebook else script)(who, tuple(chosen.values()), random), works


def _broken(pool: Sequence[Pool], who: Person, random: Random) -> Handed:
    """A script with right answers, of which Python reads none."""
    what, line = random.choice(list(spoilt.BROKEN.items()))
    chosen = _answers(pool, Kind.RIGHT, random, False)
    content = script(who, tuple(chosen.values()), random) + line.encode()
    work = Work(what=f"broken: {what}", verdicts=(Verdict.INVALID_SUBMISSION,))
    return content, dict.fromkeys(chosen, work)


def _doubtful(work: Work) -> Work:
    """What runs beside an attack may suffer from it."""
    return work if work.what.startswith("attack") else replace(work, verdicts=ANY, mistake="")


def _answers(pool: Sequence[Pool], kind: Kind, random: Random, is_notebook: bool) -> dict[str, Answer]:
    """One for each exercise, in the order of the sheet. What makes the kind is chosen first: the others give way."""
    spoiled = set() if kind is Kind.RIGHT else {random.randrange(len(pool))}
    if kind is Kind.WRONG:
        spoiled |= {place for place in range(len(pool)) if random.random() < ALSO_WRONG}
    sheet, chosen = Sheet(frozenset(each.exercise.entrypoint for each in pool)), dict[int, Answer]()
    for place in sorted(range(len(pool)), key=lambda place: place not in spoiled):
        options = pool[place].options(kind if place in spoiled else Kind.RIGHT, random)
        fitting = (each for each in options if (each.is_definitions or not is_notebook) and sheet.takes(each))
        found = next(fitting, pool[place].plain)
        styled = written(found, random.randrange(VARIANTS))
        chosen[place] = sheet.add(styled if sheet.takes(styled) else found)
    return {pool[place].exercise.id: chosen[place] for place in range(len(pool))}


def _copy(original: Member, plan: Plan, position: int) -> Member:
    """A friend with the same file; every other time they are a group."""
    random = _random(plan, position, "friend")
    return replace(
        original,
        position=position,
        person=person(position, random, is_hostile=original.kind is Kind.HOSTILE),
        submitted=moment(random),
        friend=original.position,
        is_group=random.random() < 0.5,
    )
