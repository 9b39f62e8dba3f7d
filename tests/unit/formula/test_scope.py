"""What is known of a formula's names without computing it."""

from __future__ import annotations

import pytest

from torchgrade.formula.parse import parse
from torchgrade.formula.scope import cycle, derivative_order, faults, is_structural, names, uses_observed


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("3*a**3 - b**2", "a b"),
        ("sum(x, dim=k)", "x k"),
        ("A[i, j:]", "A i j"),
        ("pi * e", ""),
        ("grad(f, x)", "f x"),
        ("at(x**2 + y, x=3)", "y"),
        ("at(x**2, x=x + 1)", "x"),
        ("x.after == x", "x"),
        ("einsum('ij->ji', A)", "A"),
    ],
)
def test_names(text: str, needed: str) -> None:
    assert names(parse(text)) == frozenset(needed.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alpha + beta", []),
        ("alpha + betta", [("betta", "nothing is called betta here", "did you mean beta?")]),
        ("Alpha", [("Alpha", "nothing is called Alpha here", "did you mean alpha?")]),
        ("zzz", [("zzz", "nothing is called zzz here", "the names here are alpha, beta")]),
        (
            "sum + zzz",
            [("sum", "nothing is called sum here", "sum is a function; write sum(input, dim=None"), ("zzz",)],
        ),
        ("sum(alpha, axis=0)", [("0", "sum has no axis=", "write dim=")]),
        ("max(alpha, beta)", [("max(alpha, beta)", "max of two tensors is maximum", "write maximum")]),
        ("at(alpha, gamma=3)", [("3", "nothing is called gamma here", "")]),
        (
            "(alpha + 1).grad is None",
            [("(alpha + 1).grad", ".grad is observed of a parameter", "write it behind the name")],
        ),
        ("shares_memory(alpha, alpha.T)", [("alpha.T", "shares_memory looks at parameters", "write two names")]),
        ("shares_memory(alpha, beta.grad)", []),
        ("beta.after.grad is None", []),
    ],
)
def test_faults(text: str, found: list[tuple[str, ...]]) -> None:
    errors = faults(parse(text), ("alpha", "beta"))
    assert [text[error.start : error.end] for error in errors] == [row[0] for row in found]
    for error, (_, *words) in zip(errors, found, strict=True):
        assert all(said.startswith(word) for said, word in zip((error.message, error.hint), words, strict=False))


def test_where_there_are_no_names() -> None:
    (fault,) = faults(parse("x + 1"), ())
    assert (fault.code, fault.message) == ("formula-unknown-name", "no names exist here, and so not x")


@pytest.mark.parametrize(
    ("lets", "found"),
    [
        ({"f": "x**2", "g": "f + f"}, ()),
        ({"f": "f + 1"}, ("f", "f")),
        ({"f": "g", "g": "2*h", "h": "x + f"}, ("f", "g", "h", "f")),
        ({"a": "b", "b": "at(a, a=1)"}, ()),
    ],
)
def test_cycle(lets: dict[str, str], found: tuple[str, ...]) -> None:
    assert cycle({name: parse(text) for name, text in lets.items()}) == found


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("x**2", 0),
        ("grad(Q, x)", 1),
        ("grad(sum(grad(sum(x**3), x)), x)", 2),
        ("hessian(Q, x) @ x", 2),
        ("jvp(G, x, v)", 2),
        ("G + grad(Q, x)", 1),
        ("grad(H, x)", 1),
        ("grad(grad(H, x) + G, x)", 2),
    ],
)
def test_derivative_order(text: str, order: int) -> None:
    lets = {name: parse(each) for name, each in {"Q": "sum(x**3)", "G": "grad(Q, x)", "H": "H + x"}.items()}
    assert derivative_order(parse(text), lets) == order


def test_derivative_order_of_many_names_is_quick() -> None:
    lets = {f"l{i}": parse(f"l{i - 1} + l{i - 1}") for i in range(1, 60)}
    assert derivative_order(parse("grad(l59, x)"), lets) == 1


@pytest.mark.parametrize(
    ("text", "observed", "structural"),
    [
        ("not shares_memory(B, A)", "shares_memory", True),
        ("same_object(result, x) and x.is_leaf", "same_object is_leaf", True),
        ("w.requires_grad and w.is_leaf", "requires_grad is_leaf", True),
        ("x.grad is None", "grad", True),
        ("x.grad is not None or result.is_contiguous", "grad is_contiguous", True),
        ("A.after == A", "after", True),
        ("all(A == A.after)", "after", True),
        ("x.requires_grad == True", "requires_grad", True),
        ("True", "", True),
        ("A.after == A + 1", "after", False),
        ("A.after == B", "after", False),
        ("x.grad == 2*x", "grad", False),
        ("result is None", "", False),
        ("A @ result == b", "", False),
        ("shares_memory(B, A) and B == A", "shares_memory", False),
        ("upper_triangular(R)", "", False),
        ("x.requires_grad + 1 == 2", "requires_grad", False),
    ],
)
def test_observed_and_structural(text: str, observed: str, structural: bool) -> None:
    assert uses_observed(parse(text)) == frozenset(observed.split())
    assert is_structural(parse(text)) is structural
