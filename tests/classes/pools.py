"""The right and wrong answers there are to an exercise: its own, those of the acceptance tests, and mutated ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.classes.answers import ANY, PRELUDE, WRONG, Answer, picked
from tests.classes.mutations import mutations

from torchgrade.errors import FormulaError
from torchgrade.formula.source import solution
from torchgrade.grading.solutions import mistake_text
from torchgrade.model.exercise import Exercise

ACCEPTED = Path(__file__).parents[1] / "acceptance" / "bank" / "right"
MOST_MUTATIONS = 40
UNSAID = {
    "autograd/grad-is-none-first": "tracked",
    "autograd/jacobian-functional": "rule",
    "tensor/clone-and-add": "independent",
}
"""The check that code made of the formulas does not pass: they say numbers, not the graph, the way, or the memory."""


def right(exercise: Exercise) -> tuple[Answer, ...]:
    """The reference and other right functions of its file, torch code of its formulas, and what the tests accept."""
    return tuple(found for what, text in _right(exercise) if (found := picked(text, exercise.entrypoint, what)))


def plainest(answers: Sequence[Answer]) -> Answer:
    """The one of right answers that goes with all others: it brings no names of its own but those of PRELUDE."""
    own = {name for _, name in (line.split() for line in PRELUDE.splitlines())}
    return min(answers, key=lambda answer: (len(answer.helpers), len(dict(answer.imports).keys() - own)))


def _right(exercise: Exercise) -> Iterator[tuple[str, str]]:
    if exercise.reference.function is not None:
        yield "reference", PRELUDE + exercise.reference.function
    for each in exercise.accepted:
        yield f"accepted: {each.name}", PRELUDE + each.function
    if exercise.reference.formula and exercise.call is None and exercise.id not in UNSAID:
        with suppress(FormulaError):
            yield "formula", solution(exercise, exercise.reference.formula)
    for stem, text in _bank():
        yield f"bank: {stem}", text


@cache
def _bank() -> tuple[tuple[str, str], ...]:
    return tuple((path.stem, path.read_text(encoding="utf-8")) for path in sorted(ACCEPTED.glob("*.py")))


def declared(exercise: Exercise) -> tuple[Answer, ...]:
    """The mistakes that the exercise knows, each of which must be recognised."""
    return tuple(found for each in _declared(exercise) if (found := each))


def _declared(exercise: Exercise) -> Iterator[Answer | None]:
    for mistake in exercise.mistakes:
        if mistake.function is None and exercise.call is not None:
            continue  # a formula is a function of the parameters, whatever `call` says
        with suppress(FormulaError):
            yield picked(
                PRELUDE + mistake_text(exercise, mistake),
                exercise.entrypoint,
                f"mistake: {mistake.id}",
                verdicts=WRONG,
                mistake=mistake.id,
            )


def mutated(original: Answer) -> tuple[Answer, ...]:
    """A right answer with one thing changed; whether it is still right nobody knows."""
    texts: dict[str, str] = {}
    for how, text in mutations(original.body):
        texts.setdefault(text, how)
    return tuple(
        Answer(
            entrypoint=original.entrypoint,
            what=f"mutated: {how}",
            imports=original.imports,
            body=text,
            verdicts=ANY,
        )
        for text, how in list(texts.items())[:MOST_MUTATIONS]
    )
