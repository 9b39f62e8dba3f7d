"""The formula parser: any text is a tree or a FormulaError; what is read can be shown, asked about and computed."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from zlib import crc32

from tests.fuzz import mutation
from tests.fuzz.targets import CORPUS, EXERCISES, Target, within_seconds

from torchgrade.checks.expressions import as_number
from torchgrade.errors import FormulaError
from torchgrade.formula import scope, shapes, spelling
from torchgrade.formula.display import latex, plain
from torchgrade.formula.exact import encode
from torchgrade.formula.frames import Scope, opened
from torchgrade.formula.functions import ATTRIBUTES, CONSTANTS, FUNCTIONS
from torchgrade.formula.parse import parse
from torchgrade.formula.source import solution
from torchgrade.formula.tree import Node
from torchgrade.inputs.draw import cases
from torchgrade.model.exercise import Exercise, Formula, Spec, Type
from torchgrade.model.value import Expression, Value
from torchgrade.spec.load import load_files, load_text

SECONDS = 5.0
WORK = 100_000
"""Operations on elements: authors have more, and may take as long as they like."""
NAMES = ("x", "y", "A", "B", "n", "a", "i", "z", "m", "w", "u", "v")
OPERATORS = "+ - * / // % ** @ & | ^ ~ < <= == != is not and or if else ( ) [ ] , : . ... = None"
NUMBERS = ("0", "1", "2", "-1", "0.5", "1e400", "1e-400", "1000", "9" * 40, "1_0", "2j", "0x1", "1.")
ODD = ("(1 // 0)", "[1, 2] // [0, 1]", "(10**30)", "[]", "zeros(0, 3)", "(m & False)", "[inf, nan]", "1e300")
WORDS = (
    *(*FUNCTIONS, *(f".{name}" for name in sorted(ATTRIBUTES)), *sorted(CONSTANTS), *NAMES),
    *(*OPERATORS.split(), *NUMBERS, *ODD, "dim=", "'ij->ji'"),
)
ELSEWHERE = ("torch.{0}(x, y)", "A.{0}(x)", "{0}(a)", "x.{0}")
"""How people write what the language calls otherwise."""
CORNERS = (
    "x[..., 0, ...]",
    "A @ x if n > 1 else B @ y",
    "(x if m[0] else y) @ A",
    "at(x @ y, x=u)",
    "at(at(x, x=y), y=u)",
    "transpose(A, 0, 1) @ x",
    "transpose(w, 0, -1) + B",
    "transpose(a, 0, 0)",
    "transpose(w, 0, 3)",
    "transpose(A) + x",
    "B / sum(B, 1)",
    "B / mean(B, dim=0)",
    "linspace(0, 1, n) + x",
    "linspace(0, 1, 3) @ A",
    "zeros() + x",
)
"""What mutations seldom come upon."""
EXERCISE = """schema: 1
title: T
task: T
entrypoint: f
parameters:
  x: [n]
  y: [n]
  A: [n, n]
  B: [2, n]
  a: float
  i: int
  z: {shape: [2], dtype: complex128}
  m: {shape: [n], dtype: bool}
  w: {shape: [2, n, 2]}
let: {u: x * x, v: sum(u) * a}
reference: {formula: sum(x), function: "def f(*args): return args"}
cases: [{name: one, dims: {n: 3}, draw: 1}]
"""


@cache
def exercise() -> Exercise:
    """The parameters that formulas may speak of."""
    return load_text(EXERCISE, "fuzz.yaml", "fuzz")


@cache
def lets() -> dict[str, Node]:
    """The names that stand for formulas."""
    return {name: parse(text) for name, text in exercise().let.items()}


@cache
def values() -> dict[str, Value]:
    """And their values in one case."""
    (case, *_) = cases(exercise(), "fuzz")
    return dict(case.inputs)


def check(data: bytes) -> None:
    """Read, show, ask, compute."""
    text = data.decode("utf-8", "replace")
    with within_seconds(SECONDS):
        try:
            node = parse.__wrapped__(text)
        except FormulaError as fault:
            placed(fault, text)
            return
        shown_again(node)
        asked(node, text)
    with within_seconds(2 * SECONDS):
        computed(node)
        as_number_is_safe(text)


def placed(fault: FormulaError, text: str) -> None:
    """A fault stands in its text, and is a sentence that can be shown."""
    assert 0 <= fault.start <= fault.end <= len(text), f"{fault.start} to {fault.end} of {len(text)}: {fault}"
    assert fault.code, "a fault without a code"
    assert fault.message.encode(), "a fault without words"


def shown_again(node: Node) -> None:
    """The normal form reads back as what it shows, unless it became too long."""
    assert latex(node) is not None
    try:
        assert parse.__wrapped__(plain(node)) == node, f"the normal form {plain(node)!r} is another formula"
    except FormulaError as fault:
        assert fault.code == "formula-too-large", f"the normal form {plain(node)!r} cannot be read: {fault}"


def asked(node: Node, text: str) -> None:
    """What can be said without computing."""
    known = {**shapes.named(exercise()), **dict.fromkeys(lets())}
    found = scope.faults(node, known) or shapes.faults(node, known, lets())
    for fault in found:
        placed(fault, text)
    scope.derivative_order(node, lets())
    if scope.is_structural(node):
        assert scope.uses_observed(node) or not scope.names(node), "a property of values is called structural"
    chosen = uses()[crc32(text.encode()) % len(uses())]
    for use in {id(each): each for each in (uses()[0], chosen)}.values() if not found else ():
        written(use, text)


@dataclass(frozen=True)
class Use:
    """What a formula is written for: an outcome of an exercise, beside what its results are."""

    exercise: Exercise
    outcome: str


@cache
def uses() -> tuple[Use, ...]:
    """Results of every sort, and what is left behind in the arguments."""
    types = (Type.INT, Type.FLOAT, Type.BOOL, Type.SHAPE, Type.TENSOR)
    specs = (
        Spec(),
        *(Spec(type=each) for each in types),
        *(Spec(dtype=(name,)) for name in ("int64", "float", "bool")),
    )
    results = tuple(Use(replace(exercise(), returns={"result": spec}), "result") for spec in specs)
    left = ("x.after", "w.grad", "m.after", "a.grad", "nothing.after")
    nothing = replace(exercise(), returns={})
    return (*results, *(Use(each, outcome) for each in (exercise(), nothing) for outcome in left))


def written(use: Use, text: str) -> None:
    """Torch code that Python can read."""
    beside = {name: Formula("sum(x)") for name in use.exercise.returns}
    with suppress(FormulaError):
        ast.parse(solution(use.exercise, {**beside, use.outcome: Formula(text)}))


def computed(node: Node) -> None:
    """The exact value or a FormulaError."""
    try:
        with opened(Scope(values=values(), lets=lets()), (node,)) as frame:
            frame.reading.work = WORK
            encode(frame.read(node))
    except FormulaError:
        return


def as_number_is_safe(text: str) -> None:
    """What students return as an expression is read by the judge."""
    as_number(Expression(text=text))


@cache
def seeds() -> tuple[bytes, ...]:
    """The formulas of the bank and of the valid corpus, every function and every corner."""
    files = [(root, path) for root in (EXERCISES, CORPUS / "valid") for path in sorted(root.rglob("*.yaml"))]
    exercises, _ = load_files(files)
    found: dict[str, None] = dict.fromkeys(CORNERS)
    for each in exercises:
        found.update(dict.fromkeys(map(str, (*each.let.values(), *each.reference.formula.values()))))
        found.update(dict.fromkeys(map(str, each.reference.gradient.values())))
        found.update(dict.fromkeys(str(check.holds) for check in each.checks if hasattr(check, "holds")))
        found.update(dict.fromkeys(str(text) for mistake in each.mistakes for text in mistake.formula.values()))
    found.update(dict.fromkeys(f"{name}({signature})" for name, signature in FUNCTIONS.items()))
    found.update(dict.fromkeys(f"{name}({given})" for name in FUNCTIONS for given in ("x", "A, x", "A, 0", "w, 1, n")))
    found.update(dict.fromkeys(f"{name}({odd}, v)" for name in FUNCTIONS for odd in ODD))
    found.update(dict.fromkeys(form.format(name) for name in spelling.INSTEAD for form in ELSEWHERE))
    found.update(dict.fromkeys(f"x {character} y" for character in spelling.CHARACTERS))
    return tuple(text.encode() for text in found)


def mutate(data: bytes, random: Random) -> bytes:
    """Mostly token by token."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        if random.random() < 0.1:
            data = mutation.in_bytes(data, random)
        else:
            data = mutation.in_tokens(data, WORDS, seeds(), random)
    return data


TARGET = Target(
    name="formula",
    longest=2200,
    words=WORDS,
    seeds=seeds,
    check=check,
    mutate=mutate,
)
