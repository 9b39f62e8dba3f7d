"""Derivatives against torch's autograd: inside formulas, and as the truth of gradient probes of any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import torch

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, declared_gradient, evaluate, gradient_targets
from torchgrade.formula.parse import parse
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.value import Scalar, ScalarType, Tensor

INPUTS = {
    "x": torch.tensor([0.5, -1.25, 2.0], dtype=torch.float64),
    "v": torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64),
    "p": torch.tensor([0.1, 0.7, 2.3, 0.4], dtype=torch.float64),
    "A": torch.tensor([[4.0, 1.0, -0.5], [0.25, 3.0, 1.0], [1.5, -2.0, 5.0]], dtype=torch.float64),
    "B": torch.tensor([[1.0, 2.0], [0.5, -3.0], [0.25, 2.0]], dtype=torch.float64),
    "L": torch.tensor([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], dtype=torch.float64),
    "a": torch.tensor(3.0, dtype=torch.float64),
}
TAPE = (2, -1, 3, 1, -3, -2, 1)
Values = Mapping[str, torch.Tensor]


def tensor(value: torch.Tensor) -> Tensor:
    found = value.detach().contiguous().numpy()
    return Tensor(dtype=str(value.dtype).removeprefix("torch."), shape=tuple(value.shape), data=found.tobytes())


LETS = {"f": "sum(x**3) + prod(x)", "h": "tanh(A @ x)", "u": "x**2"}
SCOPE = Scope(
    values={name: tensor(value) for name, value in INPUTS.items()} | {"n": Scalar(type=ScalarType.INT, value=3)},
    lets={name: parse(text) for name, text in LETS.items()},
)


def numbers(value: object) -> np.ndarray:
    assert isinstance(value, Tensor)
    return np.frombuffer(value.data, dtype="<f8").reshape(value.shape)


def _f(x: torch.Tensor) -> torch.Tensor:
    return (x**3).sum() + x.prod()


def _softmax(x: torch.Tensor) -> torch.Tensor:
    return x.softmax(0)


def _dot(x: torch.Tensor) -> torch.Tensor:
    return (_f(x) * x).sum()


x, v, p, A, B, L, a = INPUTS.values()
func = torch.func


def _hessian(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """Twice in reverse: the forward mode of torch warns of its own deprecations."""
    return func.jacrev(func.jacrev(function))


FORMULAS: list[tuple[str, Callable[[], torch.Tensor]]] = [
    ("grad(f, x)", lambda: func.grad(_f)(x)),
    ("grad(sum(3*x**3), x)", lambda: 9 * x**2),
    ("grad(3*a**3, a)", lambda: torch.tensor(81.0)),
    ("grad(a, x)", lambda: torch.zeros(3)),
    ("jacobian(softmax(x), x)", lambda: func.jacrev(_softmax)(x)),
    ("jacobian(A @ x, A)", lambda: func.jacrev(lambda m: m @ x)(A)),
    ("jacobian([x[0]**2 + x[1]**3, x[0]**3 + x[1]**2], x)", lambda: torch.tensor([[1.0, 4.6875, 0], [0.75, -2.5, 0]])),
    ("hessian(f, x)", lambda: _hessian(_f)(x)),
    ("hessian(f, x) @ v", lambda: _hessian(_f)(x) @ v),
    ("hessian(sum(B**3), B)", lambda: _hessian(lambda m: (m**3).sum())(B)),
    ("jvp(h, x, v)", lambda: func.jacrev(lambda q: torch.tanh(A @ q))(x) @ v),
    ("vjp(h, A, v)", lambda: func.vjp(lambda m: torch.tanh(m @ x), A)[1](v)[0]),
    ("grad(sum(grad(f, x)), x)", lambda: _hessian(_f)(x).sum(0)),
    ("grad(sum(grad(sum(grad(sum(exp(x)), x)), x)), x)", lambda: x.exp()),
    ("grad(grad(f, x) @ v, x)", lambda: _hessian(_f)(x) @ v),
    ("at(grad(f, x), x=v)", lambda: func.grad(_f)(v)),
    ("grad(at(f, x=2*x), x)", lambda: func.grad(lambda q: _f(2 * q))(x)),
    ("grad(sum(detach(u) * x), x)", lambda: x**2),
    ("grad(sum(grad(sum(detach(u) * x * x), x)), x)", lambda: 2 * x**2),
    ("grad(sum(at(detach(x) * x, x=2*x)), x)", lambda: 4 * x),
    ("x - solve(hessian(f, x), grad(f, x))", lambda: x - torch.linalg.solve(_hessian(_f)(x), func.grad(_f)(x))),
    ("grad(sum(where(x > 0, sqrt(x), 0)), x)", lambda: torch.where(x > 0, 0.5 / x.abs().sqrt(), 0)),
    ("grad(log(det(A)), A)", lambda: A.inverse().T),
    ("grad(trace(inv(A)), A)", lambda: func.grad(lambda m: m.inverse().trace())(A)),
    ("grad(sum(eigvalsh(A + A.T)**2), A)", lambda: func.grad(lambda m: (torch.linalg.eigvalsh(m + m.T) ** 2).sum())(A)),
    ("grad(f, u)", lambda: torch.zeros(3)),
    ("grad(sum(u**2), u)", lambda: 2 * x**2),
]


@pytest.mark.parametrize(("text", "expected"), FORMULAS, ids=[text for text, _ in FORMULAS])
def test_derivatives_in_formulas_are_torch_s(text: str, expected: Callable[[], torch.Tensor]) -> None:
    found, wanted = numbers(evaluate(parse(text), SCOPE)), expected().double().numpy()
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=3e-14, atol=3e-14)


def measured(function: Callable[[Values], torch.Tensor], wrt: tuple[str, ...], order: int, full: int):  # type: ignore[no-untyped-def]
    """A gradient probe's products and rows by autograd, straight from the words of model.probe."""
    leaves = {name: value.clone().requires_grad_(name in wrt) for name, value in INPUTS.items()}
    place = 0

    def read(count: int) -> torch.Tensor:
        nonlocal place
        place += count
        return torch.tensor([TAPE[at % len(TAPE)] for at in range(place - count, place)], dtype=torch.float64)

    parameters = [leaves[name] for name in wrt]
    row = function(leaves).reshape(-1)
    for _ in range(order - 1):
        number = (read(row.numel()) * row).sum() + sum(0 * each.sum() for each in parameters)
        found = torch.autograd.grad(number, parameters, create_graph=True, materialize_grads=True)
        row = torch.cat([each.reshape(-1) for each in found])
    weights = read(row.numel())

    def back(vector: torch.Tensor) -> list[torch.Tensor]:
        if not row.requires_grad:
            return [torch.zeros_like(each) for each in parameters]
        return list(torch.autograd.grad(row, parameters, vector, retain_graph=True, materialize_grads=True))

    rows = [back(unit) for unit in torch.eye(row.numel(), dtype=torch.float64)] if row.numel() <= full else []
    return back(weights), [torch.stack(parts) for parts in zip(*rows, strict=True)]


PROBES: list[tuple[str, Callable[[Values], torch.Tensor], tuple[str, ...]]] = [
    ("3*B**3 - B", lambda s: 3 * s["B"] ** 3 - s["B"], ("B",)),
    ("A @ x", lambda s: s["A"] @ s["x"], ("A", "x")),
    ("A @ x", lambda s: s["A"] @ s["x"], ("x", "a")),
    ("inv(A) @ x", lambda s: s["A"].inverse() @ s["x"], ("A", "x")),
    ("solve(A, B)", lambda s: torch.linalg.solve(s["A"], s["B"]), ("A", "B")),
    ("softmax(x)", lambda s: s["x"].softmax(0), ("x",)),
    ("logsumexp(A @ B, dim=0)", lambda s: (s["A"] @ s["B"]).logsumexp(0), ("A",)),
    ("sum(tanh(A @ x)**2) / 5", lambda s: (torch.tanh(s["A"] @ s["x"]) ** 2).sum() / 5, ("x",)),
    ("a * x**2", lambda s: s["a"] * s["x"] ** 2, ("a", "x")),
    ("sigmoid(p) + erf(p) * log(p)", lambda s: s["p"].sigmoid() + s["p"].erf() * s["p"].log(), ("p",)),
    ("detach(u) * x", lambda s: (s["x"] ** 2).detach() * s["x"], ("x",)),
    ("sort(p)[1:] * max(p)", lambda s: s["p"].sort().values[1:] * s["p"].max(), ("p",)),
    ("norm(x) * cumsum(x, 0)", lambda s: s["x"].norm() * s["x"].cumsum(0), ("x",)),
    ("B / norm(B, dim=1, keepdim=True)", lambda s: s["B"] / s["B"].norm(dim=1, keepdim=True), ("B",)),
    ("det(A) * std(x)", lambda s: s["A"].det() * s["x"].std(), ("A", "x")),
    ("p**x[0] + x[2]**p", lambda s: s["p"] ** s["x"][0] + s["x"][2] ** s["p"], ("p", "x")),
    ("x[x > 0] * 2", lambda s: s["x"][s["x"] > 0] * 2, ("x",)),
]


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(("text", "function", "wrt"), PROBES, ids=[f"{row[0]} in {','.join(row[2])}" for row in PROBES])
def test_gradient_probes_are_torch_s(
    text: str, function: Callable[[Values], torch.Tensor], wrt: tuple[str, ...], order: int
) -> None:
    full = 8 if order < 3 else 3
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=wrt, order=order, cotangent=TAPE, full=full)
    found = gradient_targets({"result": parse(text)}, SCOPE, probe)
    products, rows = measured(function, wrt, order, full)
    assert bool(found.full) == bool(rows)
    for name, product in zip(wrt, products, strict=True):
        np.testing.assert_allclose(numbers(found.value[name].value), product.numpy(), rtol=1e-11, atol=1e-11)
    for name, each in zip(wrt, rows, strict=False):
        np.testing.assert_allclose(numbers(found.full[name].value), each.numpy(), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    ("text", "expected", "wrt"),
    [
        ("pinv(L)", lambda s: torch.linalg.pinv(s["L"]), ("L",)),
        ("lgamma(p)", lambda s: s["p"].lgamma(), ("p",)),
        ("svdvals(B)", lambda s: torch.linalg.svdvals(s["B"]), ("B",)),
        ("eigvalsh(A + A.T)", lambda s: torch.linalg.eigvalsh(s["A"] + s["A"].T), ("A",)),
        ("cholesky(A @ A.T)", lambda s: torch.linalg.cholesky(s["A"] @ s["A"].T), ("A",)),
    ],
)
def test_first_derivatives_of_decompositions(
    text: str, expected: Callable[[Values], torch.Tensor], wrt: tuple[str, ...]
) -> None:
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=wrt, cotangent=TAPE, full=9)
    found = gradient_targets({"result": parse(text)}, SCOPE, probe)
    products, _ = measured(expected, wrt, 1, 0)
    np.testing.assert_allclose(numbers(found.value[wrt[0]].value), products[0].numpy(), rtol=1e-12, atol=1e-12)


def test_seeds_weigh_several_outcomes() -> None:
    seeds = (("one", tensor(torch.tensor([1.0, 2.0, 3.0]))), ("two", tensor(torch.tensor(-2.0))))
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="of both", wrt=("x",), seeds=seeds)
    found = gradient_targets({"one": parse("x**2"), "two": parse("sum(x)")}, SCOPE, probe)
    np.testing.assert_allclose(numbers(found.value["x"].value), 2 * x.numpy() * [1, 2, 3] - 2)
    assert not found.full


def test_an_outcome_nobody_speaks_of_has_no_targets() -> None:
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="other", wrt=("x",), cotangent=TAPE)
    assert gradient_targets({"result": parse("x")}, SCOPE, probe).value == {}


def test_a_declared_gradient_is_read_with_the_cotangent_and_with_each_row() -> None:
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=("x", "v"), cotangent=TAPE, full=3)
    found = declared_gradient({"x": parse("clamp(grad_output, -1.5, 1.5) * result")}, parse("x**2"), SCOPE, probe)
    weights = np.clip(np.array(TAPE[:3]), -1.5, 1.5)
    np.testing.assert_allclose(numbers(found.value["x"].value), weights * x.numpy() ** 2)
    np.testing.assert_allclose(numbers(found.full["x"].value), np.diag(x.numpy() ** 2))
    assert "v" not in found.value


def test_a_declared_gradient_must_have_the_parameter_s_shape() -> None:
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=("x",), cotangent=TAPE)
    with pytest.raises(FormulaError, match=r"declared for x has shape \[\], x has \[3\]"):
        declared_gradient({"x": parse("sum(grad_output)")}, parse("x"), SCOPE, probe)


def test_tiny_and_large_inputs_keep_their_digits() -> None:
    tiny = torch.tensor([1e-30, -3e-25, 1e20], dtype=torch.float64)
    scope = Scope(values={"x": tensor(tiny)})
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=("x",), cotangent=(1,), full=3)
    found = gradient_targets({"result": parse("log(abs(x))")}, scope, probe)
    np.testing.assert_allclose(numbers(found.value["x"].value), 1 / tiny.numpy(), rtol=1e-15)


MESSAGES = [
    ("grad(3*x**3 - v, x)", "formula-not-a-number", r"grad needs a number, but 3\*x\*\*3 - v has shape \[3\]", (5, 15)),
    ("hessian(x, x)", "formula-not-a-number", r"hessian needs a number, but x has shape \[3\]", (8, 9)),
    ("grad(f, n)", "formula-kind", "n is int: only floating numbers can be differentiated in", (8, 9)),
    ("grad(f, 2*x)", "formula-arguments", "grad differentiates in a name", (8, 11)),
    ("jvp(f, x, a)", "formula-shape", r"the vector of jvp is shaped like x: \[3\], not \[\]", (10, 11)),
    ("vjp(f, x, v)", "formula-shape", r"the vector of vjp is shaped like f: \[\], not \[3\]", (10, 11)),
    ("jacobian(x > 0, x)", "formula-kind", "a bool formula is not differentiated", (9, 14)),
]


@pytest.mark.parametrize(("text", "code", "message", "place"), MESSAGES)
def test_what_cannot_be_differentiated_is_refused(text: str, code: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(FormulaError, match=message) as caught:
        evaluate(parse(text), SCOPE)
    assert (caught.value.code, (caught.value.start, caught.value.end)) == (code, place)


@pytest.mark.parametrize("text", ["jacobian(x[x > 1], x)", "jacobian(sort(x[x > 1]), x)"])
def test_there_is_no_derivative_where_a_shape_changes(text: str) -> None:
    scope = Scope(values={"x": tensor(torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64))})
    with pytest.raises(FormulaError, match="there is no derivative where a shape changes") as caught:
        evaluate(parse(text), scope)
    assert caught.value.code == "formula-domain"
