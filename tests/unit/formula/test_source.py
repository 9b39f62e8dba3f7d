"""Formulas as torch source: it reads well, runs in both dtypes, keeps them, and can be differentiated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
import torch

from torchgrade.errors import FormulaError
from torchgrade.formula.parse import parse
from torchgrade.formula.source import solution
from torchgrade.formula.torch_calls import CALLS
from torchgrade.formula.torch_writer import Writer
from torchgrade.model.exercise import Exercise, Formula, Python, Range, Spec, Type
from torchgrade.model.text import Text

T = torch.Tensor

WRITTEN = [
    ("3*a**3-b**2", "3 * a**3 - b**2"),
    ("(X@w-y)**2", "(X @ w - y) ** 2"),
    ("sum(x, 0)", "torch.sum(x, dim=0)"),
    ("A/sum(A, dim=1, keepdim=True)", "A / torch.sum(A, dim=1, keepdim=True)"),
    ("norm(A)", "torch.linalg.norm(A)"),
    ("max(x)", "torch.max(x)"),
    ("max(x, dim=0)", "torch.amax(x, dim=0)"),
    ("sqrt(2)*x", "math.sqrt(2) * x"),
    ("maximum(x, 0)", "torch.clamp(x, min=0)"),
    ("minimum(2, x)", "torch.clamp(x, max=2)"),
    ("maximum(3, 4)", "max(3, 4)"),
    ("clamp(x, -1, 1)", "torch.clamp(x, min=-1, max=1)"),
    ("clamp(x) * 2", "x * 2"),
    ("clamp(a + 1) * 2", "(a + 1) * 2"),
    ("where(x>0, x, 0)", "torch.where(x > 0, x, 0)"),
    ("where(1 > 0, 2, 3)", "2 if 1 > 0 else 3"),
    ("[a, b]", "torch.stack([a, b])"),
    ("[[1, 2], [3, 4]]", "torch.tensor([[1, 2], [3, 4]])"),
    ("zeros(shape(x))", "torch.zeros(x.shape)"),
    ("zeros(3, 4 - rank(A))", "torch.zeros((3, int(4 - torch.linalg.matrix_rank(A))))"),
    ("arange(1, 5)", "torch.arange(1, 5)"),
    ("x.shape[0]", "x.shape[0]"),
    ("detach(x**2)*x", "(x**2).detach() * x"),
    ("grad(sum(a**3), a)", "_grad(lambda a: torch.sum(a**3), a)"),
    ("at(x**2 + y, x=3)", "(lambda x: x**2 + y)(torch.tensor(3))"),
    ("(x>0) & ~(y>0)", "(x > 0) & ~(y > 0)"),
    ("1 - (x>0)", "1 - (x > 0).to(torch.int64)"),
    ("x[..., None, 1:, ::2]", "x[..., None, 1:, ::2]"),
    ("sum(x, 0) if x.ndim else x", "torch.sum(x, dim=0) if x.ndim else x"),
    ("argsort(x)", "torch.argsort(x, stable=True)"),
    ("einsum('ij,jk->ik', A, B)", "torch.einsum('ij,jk->ik', A, B)"),
]


@pytest.mark.parametrize(("text", "source"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_reads_as_an_engineer_would_write_it(text: str, source: str) -> None:
    assert Writer(names={}, lets={}, calls=CALLS).write(parse(text)).text == source


SPECS: Mapping[str, Spec] = {
    "A": Spec(shape=(Formula("n"), Formula("n"))),
    "B": Spec(shape=(Formula("n"), Formula("m"))),
    "x": Spec(shape=(Formula("n"),)),
    "y": Spec(shape=(Formula("m"),)),
    "i": Spec(shape=(Formula("n"),), dtype=("int64",)),
    "mask": Spec(shape=(Formula("n"),), dtype=("bool",)),
    "rate": Spec(type=Type.FLOAT),
    "k": Spec(type=Type.INT),
}
EXERCISE = Exercise(
    id="x",
    digest="",
    title=Text((("en", "x"),)),
    task=Text((("en", "x"),)),
    entrypoint="answer",
    parameters=SPECS,
    let={"Q": Formula("3*x**3 - rate*x"), "R": Formula("sum(Q)")},
)


def values(dtype: torch.dtype) -> dict[str, object]:
    generator = torch.Generator().manual_seed(3)
    draw = {name: torch.rand(shape, generator=generator, dtype=torch.float64) + 0.1 for name, shape in SHAPES.items()}
    draw["A"] += 3 * torch.eye(3, dtype=torch.float64)
    floating = {name: tensor.to(dtype) for name, tensor in draw.items()}
    return {**floating, "i": torch.tensor([2, 0, 1]), "mask": torch.tensor([True, False, True]), "rate": 0.5, "k": 2}


SHAPES = {"A": (3, 3), "B": (3, 4), "x": (3,), "y": (4,)}


def run(text: str, name: str, *arguments: object) -> object:
    space: dict[str, object] = {}
    exec(compile(text, "solution", "exec"), space)  # noqa: S102 - text that is ours
    answer = space[name]
    assert callable(answer)
    return answer(*arguments)


# formula; the same in torch, where n is 3 and m is 4
RUN = {
    "3*x**3 - rate*x**2 + n": "3 * x**3 - 0.5 * x**2 + 3",
    "x / n + k": "x / 3 + 2",
    "mean(x > 0.5)": "(x > 0.5).to(x.dtype).mean()",
    "sum(mask) + sum(where(mask, x, 0))": "2 + x[0] + x[2]",
    "where(mask, 0.1, 0.2)": "torch.where(mask, torch.tensor(0.1, dtype=x.dtype), torch.tensor(0.2, dtype=x.dtype))",
    "where(k > 1, x, i)": "x",
    "mask - 1 + x": "mask.to(x.dtype) - 1 + x",
    "mask + mask": "2 * mask.to(torch.int64)",
    "i / 3 * x": "i.to(x.dtype) / 3 * x",
    "sqrt(i) + x": "i.to(x.dtype).sqrt() + x",
    "A @ i": "A @ i.to(x.dtype)",
    "x[i]": "x[[2, 0, 1]]",
    "x[mask]": "x[[0, 2]]",
    "B[1:, ::2][:, None]": "B[1:, ::2][:, None]",
    "B[k]": "B[2]",
    "zeros(n, m) + ones(m)": "torch.ones(3, 4, dtype=x.dtype)",
    "full([n], 0.5) * eye(n)": "0.5 * torch.eye(3, dtype=x.dtype)",
    "full([2], x[0])": "x[0].expand(2)",
    "[1, 2.5, k]": "torch.tensor([1, 2.5, 2], dtype=x.dtype)",
    "[x[0], 1]": "torch.stack([x[0], torch.ones_like(x[0])])",
    "cat([x, [7, 8], y])": "torch.cat([x, torch.tensor([7, 8]), y])",
    "stack([x, x], dim=1)": "torch.stack([x, x], 1)",
    "arange(n) / n": "torch.arange(3, dtype=x.dtype) / 3",
    "arange(0, 1, 0.25)": "torch.arange(0, 1, 0.25, dtype=x.dtype)",
    "linspace(0, 1, m)": "torch.linspace(0, 1, 4, dtype=x.dtype)",
    "one_hot(i, n)": "torch.eye(3, dtype=torch.int64)[i]",
    "shape(B) + 1": "torch.tensor([4, 5])",
    "prod(shape(B))": "torch.tensor(12)",
    "maximum(x, A[0]) + minimum(x, 0.5)": "torch.maximum(x, A[0]) + x.clamp(max=0.5)",
    "maximum(n, 1) + sqrt(2) + log(k) + abs(-k) * x": "3 + math.sqrt(2) + math.log(2) + 2 * x",
    "clamp(x, 0.2, A[0]) + clamp(k, 0, 1)": "x.clamp(torch.full_like(x, 0.2), A[0]) + 1",
    "sigmoid(2) * x": "x / (1 + math.exp(-2))",
    "std(B, 0, correction=0) + var(B)": "B.std(0, correction=0) + B.var()",
    "norm(B, 1, dim=0) + norm(B)": "B.abs().sum(0) + (B**2).sum().sqrt()",
    "logsumexp(B) + logsumexp(x, 0) + softmax(x)": "B.flatten().logsumexp(0) + x.logsumexp(0) + x.softmax(0)",
    "max(B, 0) + min(B, 0, keepdim=True) - max(B)": "(B.amax(0) + B.amin(0, keepdim=True) - B.max())",
    "sum(B, dim=[0, 1]) + sum(B, -1)": "B.sum() + B.sum(1)",
    "sort(x, descending=True)[argsort(x)]": "x.sort(descending=True).values[x.argsort()]",
    "flip(cumsum(flip(B, 0), 0), 0) + roll(B, 1, 0)": "B.flip(0).cumsum(0).flip(0) + B.roll(1, 0)",
    "transpose(B, 0, 1) + permute(B, 1, 0) + B.T": "3 * B.T",
    "expand(x[:, None], n, m) * reshape(B, [n, m])": "x[:, None] * B",
    "gather(A, 1, i[:, None])[:, 0]": "A[[0, 1, 2], i]",
    "windows(y, 2)": "torch.stack([y[:2], y[1:3], y[2:]])",
    "diag(x) + diag(A) + diagonal(A, 1)[0] + tril(A) + triu(A, 1)": "x.diag() + A.diag() + A[0, 1] + A",
    "outer(x, y) + kron(x[:1], B)": "torch.outer(x, y) + x[0] * B",
    "cross(x, A[0]) + cross(A, A.T, dim=0)[1]": "torch.linalg.cross(x, A[0]) + torch.linalg.cross(A, A.T, dim=0)[1]",
    "einsum('ij,j->i', A, x) + trace(A)": "A @ x + A.trace()",
    "inv(A) @ x - solve(A, x) + det(A) + pinv(A)[0]": "torch.linalg.det(A) + torch.linalg.inv(A)[0]",
    "svdvals(A) + eigvalsh(A + A.T) + cond(A)":
        "torch.linalg.svdvals(A) + torch.linalg.eigvalsh(A + A.T) + torch.linalg.cond(A)",
    "cholesky(A @ A.T) + rank(A)": "torch.linalg.cholesky(A @ A.T) + 3",
    "low_rank(B, 3)": "B",
    "float(i) * int(x * 2)": "i.to(x.dtype) * (x * 2).to(torch.int64)",
    "isnan(x) | (floor(x) == 0)": "x < 1",
    "symmetric(A + A.T) and not symmetric(A)": "True",
    "grad(R, x)": "9 * x**2 - 0.5",
    "grad(sum(grad(sum(Q), x)), x)": "18 * x",
    "grad(sum(Q), rate)": "-x.sum()",
    "jacobian(A @ x**2, x)": "A * 2 * x",
    "jacobian(x, A)": "torch.zeros(3, 3, 3, dtype=x.dtype)",
    "hessian(R, x) @ x": "18 * x * x",
    "jvp(A @ x, x, x) + vjp(A @ x, x, x)": "A @ x + x @ A",
    "at(Q, x=2*x, rate=1)": "24 * x**3 - 2 * x",
    "at(grad(R, x), x=x + 1)": "9 * (x + 1) ** 2 - 0.5",
    "grad(x[0] * sum(detach(x)), x)": "torch.tensor([1., 0., 0.], dtype=x.dtype) * x.sum()",
}  # fmt: skip


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("formula", RUN)
def test_computes_what_the_formula_says(formula: str, dtype: torch.dtype) -> None:
    given = values(dtype)
    answer = run(solution(EXERCISE, {"result": Formula(formula)}), "answer", *given.values())
    torch.testing.assert_close(answer, _evaluated(RUN[formula], given))
    assert not (isinstance(answer, T) and answer.requires_grad)


def _evaluated(text: str, given: Mapping[str, object]) -> object:
    names = ", ".join(given)
    return run(f"import math\nimport torch\ndef right({names}):\n    return {text}", "right", *given.values())


@pytest.mark.parametrize(
    ("formula", "derivative"),
    [("3*x**3", "9 * x**2"), ("grad(R, x)", "18 * x"), ("hessian(R, x) @ ones(n)", "torch.full_like(x, 18)"),
     ("jacobian(x**2 * sum(x), x) @ x - 2*x**2*sum(x)", None)],
)  # fmt: skip
def test_results_can_be_differentiated(formula: str, derivative: str | None) -> None:
    given = values(torch.float64)
    x = given["x"]
    assert isinstance(x, T)
    x.requires_grad_()
    answer = run(solution(EXERCISE, {"result": Formula(formula)}), "answer", *given.values())
    assert isinstance(answer, T)
    gradient = torch.autograd.grad(answer.sum(), x)[0]
    if derivative is not None:
        torch.testing.assert_close(gradient, _evaluated(derivative, {"x": x.detach()}))
    assert gradient.isfinite().all()


def exercise(parameters: Mapping[str, Spec], returns: Mapping[str, Spec], **further: object) -> Exercise:
    return replace(EXERCISE, parameters=parameters, returns=returns, let={}, **further)  # type: ignore[arg-type]


VECTOR = Spec(shape=(Formula("n"),))


@pytest.mark.parametrize(
    ("type_", "formula", "right"),
    [
        (Type.INT, "n", 3),
        (Type.INT, "sum(x > 0)", 3),
        (Type.FLOAT, "sum(x)", 6.0),
        (Type.FLOAT, "n", 3.0),
        (Type.BOOL, "all(x > 1)", False),
        (Type.SHAPE, "[n, 2*n]", (3, 6)),
        (Type.SHAPE, "shape(x)", (3,)),
        (Type.SHAPE, "flip([n, 1], 0)", (1, 3)),
        (None, "n", 3),
    ],
)
def test_returned_types(type_: Type | None, formula: str, right: object) -> None:
    made = exercise({"x": VECTOR}, {"result": Spec(type=type_)})
    answer = run(solution(made, {"result": Formula(formula)}), "answer", torch.tensor([1.0, 2.0, 3.0]))
    assert answer == right
    assert type(answer) is type(right)


@pytest.mark.parametrize(
    ("returned", "formula", "dtype"),
    [
        (Spec(type=Type.TENSOR), "n", torch.int64),
        (Spec(dtype=("float",)), "[1, n]", torch.float64),
        (Spec(dtype=("float32",)), "x", torch.float32),
        (Spec(dtype=("int",)), "arange(n)", torch.int64),
    ],
)
def test_returned_dtypes(returned: Spec, formula: str, dtype: torch.dtype) -> None:
    made = exercise({"x": VECTOR}, {"result": returned})
    answer = run(solution(made, {"result": Formula(formula)}), "answer", torch.ones(3, dtype=torch.float64))
    assert isinstance(answer, T)
    assert answer.dtype == dtype


def test_several_results_and_what_is_left_behind() -> None:
    made = exercise({"x": VECTOR}, {"y": Spec(), "x_after": Spec()})
    text = solution(made, {
        "x_after": Formula("x"), "y": Formula("sum(x)"), "x.after": Formula("2*x"), "x.grad": Formula("1"),
    })  # fmt: skip
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    answer = run(text, "answer", x)
    assert isinstance(answer, tuple)
    assert [each.tolist() for each in answer] == [3.0, [1.0, 2.0]]
    assert x.grad is not None
    assert (x.tolist(), x.grad.tolist(), x.is_leaf, x.requires_grad) == ([2.0, 4.0], [1.0, 1.0], True, True)


def test_nothing_returned() -> None:
    made = exercise({"x": VECTOR}, {})
    assert solution(made, {}) == "def answer(x):\n    pass\n"
    text = solution(made, {"x.grad": Formula("2*x")})
    assert text.splitlines()[-3:] == [
        "    x_grad = (2 * x).detach().clone()",
        "    with torch.no_grad():",
        "        x.grad = x_grad",
    ]
    assert "_jacobian" not in text


@pytest.mark.parametrize(
    ("shapes", "formula", "right"),
    [
        ({"a": "n m", "b": "m k"}, "n + 10*m + 100*k", 2 + 30 + 400),
        ({"a": "... m"}, "m", 3),
        ({"a": "n ... m"}, "[n, m]", [2, 3]),
        ({"a": "n 3"}, "n*c", 14),
        ({"max": "n m"}, "maximum(n, m) + sum(max)", 9.0),
    ],
)
def test_dims_come_from_shapes(shapes: dict[str, str], formula: str, right: object) -> None:
    parameters = {name: Spec(shape=tuple(map(Formula, sizes.split()))) for name, sizes in shapes.items()}
    fixed = {"c": Range(low=Formula("7"), high=Formula("7"))}
    text = solution(exercise(parameters, {"result": Spec()}, dims=fixed), {"result": Formula(formula)})
    answer = run(text, "answer", *[torch.ones(2, 3), torch.ones(3, 4)][: len(shapes)])
    assert (answer.tolist() if isinstance(answer, T) else answer) == right


def test_symbols_are_written_for_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    symbol = Spec(type=Type.SYMBOL)
    made = exercise({"x": symbol, "y": symbol}, {"d": Spec(type=Type.EXPRESSION), "s": Spec(type=Type.EXPRESSION)})
    text = solution(made, {"d": Formula("grad(3*x**3 - y**2, x)"), "s": Formula("sin(x) + sqrt(y)")})
    x, y = sympy.symbols("x y")
    assert run(text, "answer", x, y) == (9 * x**2, sympy.sin(x) + sympy.sqrt(y))


@pytest.mark.parametrize(
    ("made", "formulas", "message"),
    [
        (replace(EXERCISE, call=Python("def call(f): return f()")), {"result": "x"}, "an exercise with `call`"),
        (EXERCISE, {}, "no formula says what result is"),
        (EXERCISE, {"result": "x", "z.after": "x"}, "z.after is neither returned nor left behind"),
        (EXERCISE, {"result": "shares_memory(x, y)"}, "shares_memory has no torch source"),
        (EXERCISE, {"result": "x.after"}, ".after has no torch source"),
        (EXERCISE, {"result": "prod(B, [0, 1])"}, "prod over several axes has no torch source"),
        (exercise({"x": Spec(shape=(Formula("2*n"),))}, {"result": Spec()}, dims={"n": Range(
            low=Formula("1"), high=Formula("5"))}), {"result": "n"}, "no shape says how long n is"),
    ],
)  # fmt: skip
def test_what_has_no_source(made: Exercise, formulas: dict[str, str], message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        solution(made, {name: Formula(text) for name, text in formulas.items()})
    assert caught.value.code == "formula-no-source"
    assert caught.value.message.startswith(message)
    assert caught.value.hint


def test_let_names_that_double_each_time_are_refused_in_time() -> None:
    lets = {"l0": Formula("x")} | {f"l{i}": Formula(f"l{i - 1} + l{i - 1}") for i in range(1, 60)}
    with pytest.raises(FormulaError, match="too large") as caught:
        solution(replace(EXERCISE, let=lets), {"result": Formula("l59")})
    assert caught.value.code == "formula-too-large"
