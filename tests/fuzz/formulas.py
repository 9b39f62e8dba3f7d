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
    """
x[..., 0, ...] | ... | x + ... | x[::-1] | x[::0] | x[::n] | x[::1.5] | x[1:2:1, None] | 2 ^ a | x ^ 2 | x ^ y
A @ x if n > 1 else B @ y | (x if m[0] else y) @ A | at(x @ y, x=u) | at(at(x, x=y), y=u) | at(x, q=1) | at(x)
transpose(A, 0, 1) @ x | transpose(w, 0, -1) + B | transpose(a, 0, 0) | transpose(w, 0, 3) | transpose(A) + x
transpose(A, i, 0) | transpose(A, 0, i) | transpose(reshape(x, -1), 0, 0) | transpose(reshape(x, -1)) | transpose(w)
B / sum(B, 1) | B / mean(B, dim=0) | A / sum(A, 1, keepdim=False) | A - norm(A, dim=1) | A / pi | A - sum(x)
linspace(0, 1, n) + x | linspace(0, 1, 3) @ A | zeros() + x | zeros(n, i) @ x | zeros_like(A) @ B | ones_like(x) @ A
torch.pi | math.inf | torch.sum | torch.foo(x) | x.foo(1) | x.sum(dim=0) | x.sum | A.transpose(0, 1) | sum(**x)
einsum(x, y) | einsum('ij,j->i', A, x) + B | sum('ij->i', A) | 'ij->i' | x + 'ij->i' | stack(x=1) | cat(tensors=x)
sum(x, axis=0) | sum(x, keepdims=True) | norm(x, ord=2) | norm(x, axis=0) | sum(x, dims=0) | sum(x, nothing=1)
lambda x: x | (x := 1) | x; y | # x | [x for x in y] | x = 1 | x == | f'x' | x ? y : z | x && y | x or | !x | if x
(x | x) | (x] | [x, (y] | x y | 2x | 2 x | 2 if | 1if x else 2 | 0if x | 00 | 01 | 0x1 | 1e | 1e99999 | 1e-99999 | 1.e5x
x² | √x | x × y | “x” | x — y | αx | x\u200b | é | 1_000 | 1__0 | x if y | + | x + | not | is | x is y | x is not None
all(x, 1) | any() | not shares_memory(x, y) | x.grad is None | x.after == x and shares_memory(u, x)
all(x.grad is None)
grad(x, x) | grad(sum(x)) | hessian(x) | hessian(sum(x), x) @ A | jacobian(x, A) @ B | vjp(x, x, y) @ B
jvp(x, x, y) @ B
stack([x, y], dim=i) + B | stack([x, y], 5) | stack([x, A]) | stack(x) | stack([]) | cat([x, y]) @ A | cat(x) | cat([])
sum(A, i, keepdim=True) @ x | sum(reshape(x, -1), 0, keepdim=True) @ A | mean(a, dim=0, keepdim=True) | sum(A, 5) @ x
solve(A, x) @ B | solve(A, A) @ B | solve(A, reshape(x, -1)) | solve(A, w) | inv(w) @ A | det(w) @ A | trace(w)
diag(reshape(x, -1)) | diag(w) | diag(x) @ B | outer(x, y) @ B | kron(A, B) @ x | svdvals(A) @ B | eigvalsh(A) @ B
sort(x) @ B | argmax(A, 1) @ B | softmax(reshape(x, -1)) | cumsum(A, 0) @ B | A is None | (A == B) @ x | -(A @ B)
~m @ B
where(m, x, B) @ A | where(m, a, i) @ A | maximum(x, B) | clamp(a - 1) * x | clamp(x, 0, B) | A.T @ B | A.shape @ x
transpose(A, i, 0) @ x | transpose(A, 0, i) @ x | transpose(reshape(x, -1), 0, 0) @ x | transpose(a, 0, 0) + x
transpose(w, 0, 3) + x | transpose(w, 0, -4) @ x | transpose(w, -1, 0) @ A | transpose(reshape(x, -1)) @ x | a.T @ x
stack([x, y], 5) + B | stack([x, A]) + B | stack([x, y], i) + B | stack([reshape(x, -1), y]) @ A | stack(x) + B
sum(reshape(x, -1), 0, keepdim=True) + A | diag(reshape(x, -1)) + A | diag(w) + A | solve(A, reshape(x, -1)) + x
cat(x) + A | cat([]) + A | (A is None) + x | 'a->b' + x | None + x | solve(reshape(A, -1), x) @ B
inv(reshape(x, -1)) @ A
w @ stack([A, A, A]) | linspace(0, 1, 3) @ reshape(x, 2, -1) | x + reshape(y, 2, -1) | reshape(x, 3, -1) @ w | w @ w
1 < x < 2 | x == None | x < None | None is x | x << 2 | x >> 1 | return x | while x | import x | x in y | x not in y
yield x | await x | @ | x @ | * x | 1.2.3 | 1..2 | 1$ | all() | grad(x) | grad(x, x, x) | grad(f=x, x=x) | hessian(a, a)
B / sum(B, 1, keepdim=False) | B / sum(B, dim=1, keepdim=True) + x | stack(*x) | einsum('i->i', operands=x)
sum(x, None)
sum(x, 1.5) | sum(x, True) | sum(x, dim=[0, 1]) | max(x, y, dim=0) | zeros(n, None) | cat([x, y], None)
x[None, ...] @ A
""".strip()
    .replace("\n", " | ")
    .split(" | ")
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


_LONG = ("x" * 2001, "-" * 1999 + "x", f"[{','.join('x' * 900)}]")


@cache
def seeds() -> tuple[bytes, ...]:
    """The formulas of the bank and of the valid corpus, every function and every corner."""
    files = [(root, path) for root in (EXERCISES, CORPUS / "valid") for path in sorted(root.rglob("*.yaml"))]
    exercises, _ = load_files(files)
    found: dict[str, None] = dict.fromkeys((*CORNERS, "+".join("x" * 999), "-" * 99 + "x", "(" * 49 + "x", *_LONG))
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
