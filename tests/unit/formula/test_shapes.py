"""Shapes that are known from the text, and the faults that are sure."""

from __future__ import annotations

import pytest

from torchgrade.formula.extents import Extents
from torchgrade.formula.parse import parse
from torchgrade.formula.shapes import faults, named
from torchgrade.model.exercise import Exercise, Formula, Range, Spec, Type
from torchgrade.model.text import Text


def formulas(*texts: str) -> tuple[Formula, ...]:
    return tuple(map(Formula, texts))


EXERCISE = Exercise(
    id="x",
    digest="",
    title=Text((("en", "x"),)),
    task=Text((("en", "x"),)),
    entrypoint="f",
    parameters={
        "a": Spec(shape=formulas("n", "m")),
        "b": Spec(shape=formulas("n", "m")),
        "A": Spec(shape=formulas("n", "n")),
        "x": Spec(shape=formulas("n")),
        "y": Spec(shape=formulas("m")),
        "T": Spec(shape=formulas("k", "n", "m")),
        "s": Spec(shape=()),
        "any_shape": Spec(shape=formulas("...", "n")),
        "rate": Spec(type=Type.FLOAT),
        "p": Spec(shape=formulas("n + 1")),
        "q": Spec(shape=formulas("c")),
    },
    dims={"c": Range(low=Formula("3"), high=Formula("3"))},
)
SHAPES = named(EXERCISE)
LETS = {"Q": parse("3*a**3 - b**2"), "total": parse("sum(x)"), "loop": parse("1")}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("3*a**3 - b**2", ("n", "m")),
        ("a * y", ("n", "m")),
        ("x[:, None] * y", ("n", "m")),
        ("a.T @ x", ("m",)),
        ("x @ A @ x", ()),
        ("T @ y", ("k", "n")),
        ("T.mT", ("k", "m", "n")),
        ("sum(a)", ()),
        ("sum(a, 0)", ("m",)),
        ("sum(a, dim=-1, keepdim=True)", ("n", 1)),
        ("max(T, dim=1)", ("k", "m")),
        ("norm(a, dim=1)", ("n",)),
        ("a[0]", ("m",)),
        ("a[:, 0]", ("n",)),
        ("a[1:]", (None, "m")),
        ("T[..., 0, None]", ("k", "n", 1)),
        ("a[a > 0]", None),
        ("[x, x]", (2, "n")),
        ("stack([x, x], dim=1)", ("n", 2)),
        ("reshape(arange(n*m), n, m)", ("n", "m")),
        ("zeros(2, n + 1)", (2, "n + 1")),
        ("reshape(a, -1)", (None,)),
        ("outer(x, y)", ("n", "m")),
        ("diag(x)", ("n", "n")),
        ("solve(A, x)", ("n",)),
        ("inv(A)", ("n", "n")),
        ("det(A)", ()),
        ("eigvalsh(A)", ("n",)),
        ("transpose(T, 0, -1)", ("m", "n", "k")),
        ("eye(n)", ("n", "n")),
        ("grad(sum(Q), a)", ("n", "m")),
        ("jacobian(A @ x, x)", ("n", "n")),
        ("hessian(total, x)", ("n", "n")),
        ("jvp(a @ y, y, y)", ("n",)),
        ("where(a > 0, a, 0)", ("n", "m")),
        ("softmax(a, 1)", ("n", "m")),
        ("any_shape + 1", None),
        ("rate * n", ()),
        ("q", (3,)),
        ("a.shape", (2,)),
        ("a.ndim", ()),
        ("einsum('ij->ji', a)", None),
        ("a + a.T", None),
    ],
)
def test_shapes(text: str, shape: tuple[int | str | None, ...] | None) -> None:
    assert Extents(SHAPES, LETS).of(parse(text)) == shape


@pytest.mark.parametrize(
    ("text", "piece", "message", "hint"),
    [
        (
            "grad(3*a**3 - b**2, a)",
            "3*a**3 - b**2",
            "grad needs a number, but 3*a**3 - b**2 has shape [n, m]",
            "write grad(sum(3*a**3 - b**2), a), or jacobian(3*a**3 - b**2, a) for every derivative",
        ),
        ("1 + hessian(Q, a)", "Q", "hessian needs a number, but Q has shape [n, m]", "write hessian(sum(Q), a)"),
        ("a @ b", "a @ b", "a @ b: a has shape [n, m] and b has shape [n, m]; the last", "write a.T @ b or a @ b.T"),
        ("a @ x", "a @ x", "a @ x: a has shape [n, m] and x has shape [n]; the last", "write a.T @ x"),
        ("x @ y", "x @ y", "x @ y: x has shape [n] and y has shape [m]; the last", ""),
        ("rate @ x", "rate @ x", "rate @ x: rate has shape [] and x has shape [n]; @ is for", "write * to multiply"),
        ("x + y", "x + y", "x + y: x has shape [n] and y has shape [m]; sizes side by side", ""),
        ("a / sum(a, 1)", "a / sum(a, 1)", "a/sum(a, 1): a has shape [n, m] and sum(a, 1) has shape [n]",
         "write sum(a, 1, keepdim=True)"),
        ("[1, 2] == [1, 2, 3]", "[1, 2] == [1, 2, 3]", "[1, 2] == [1, 2, 3]: [1, 2] has shape [2]", ""),
    ],
)  # fmt: skip
def test_sure_faults(text: str, piece: str, message: str, hint: str) -> None:
    (fault,) = faults(parse(text), SHAPES, LETS)
    assert fault.code == "formula-shape"
    assert text[fault.start : fault.end] == piece
    assert fault.message.startswith(message)
    assert fault.hint.startswith(hint)
    assert bool(fault.hint) == bool(hint)


@pytest.mark.parametrize(
    "text",
    ["grad(s, a)", "grad(total, x)", "grad(any_shape, x)", "grad([total], x)", "x + p", "p @ y", "q + x", "a * s",
     "any_shape @ y", "grad(f, x)", "x is None and a", "a * x[:, None]", "x[mask] + y"],
)  # fmt: skip
def test_what_is_not_sure_is_not_said(text: str) -> None:
    assert faults(parse(text), SHAPES, LETS) == ()
