"""The normal form reads back as what it shows; LaTeX is made for eyes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchgrade.formula.display import latex, plain
from torchgrade.formula.parse import parse
from torchgrade.formula.tree import (
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Constant,
    Dots,
    Index,
    Name,
    Node,
    Number,
    Slice,
    Stack,
    Unary,
)

NAMES = st.sampled_from(["a", "b", "x", "A", "theta", "x_1"]).map(Name)
INTEGERS = st.integers(0, 9).map(lambda value: Number(Fraction(value)))
NUMBERS = st.builds(
    lambda digits, places, imaginary: Number(Fraction(digits, 10**places), False, imaginary),
    st.integers(0, 10**18),
    st.integers(0, 30),
    st.booleans(),
)
LEAVES = st.one_of(NAMES, INTEGERS, NUMBERS, st.sampled_from(["pi", "e", "inf", "nan", "True"]).map(Constant))


def branches(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(node, max_size=3).map(tuple)
    part = st.one_of(st.none(), node)
    cut = st.builds(Slice, part, part, st.one_of(st.none(), NAMES))
    items = st.lists(st.one_of(node, cut, st.just(Constant("None"))), min_size=1, max_size=2)
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "+", "~", "not"]), node),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "//", "%", "@", "&", "|", "and", "or"]), node, node),
        st.builds(lambda base, power: Binary("**", base, power), node, st.one_of(NAMES, INTEGERS)),
        st.builds(lambda power: Binary("**", Name("x"), Unary("-", Binary("**", Name("n"), power))), NAMES),
        st.builds(lambda left, right: Binary("^", left, right), NAMES, NAMES),
        st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), node, node),
        st.builds(lambda left, word: Compare(word, left, Constant("None")), node, st.sampled_from(["is", "is not"])),
        st.builds(Conditional, node, node, node),
        st.builds(Stack, several),
        st.builds(lambda operand, some: Index(operand, (Dots(), *some)), node, items),
        st.builds(lambda operand, some: Index(operand, tuple(some)), node, items),
        st.builds(Attribute, node, st.sampled_from(["T", "mT", "shape", "grad", "requires_grad"])),
        st.builds(lambda some, axis: Call("sum", some, (("dim", axis),)), several, node),
        st.builds(lambda some: Call("einsum", (Constant("ij->ji"), *some)), several),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(LEAVES, branches, max_leaves=12))
def test_the_normal_form_reads_back(node: Node) -> None:
    text = plain(node)
    assert parse(text) == node
    assert plain(parse(text)) == text
    assert latex(node).count("{") == latex(node).count("}")


# text, normal form, LaTeX
SHOWN = [
    ("3 * a**3-(b**2)", "3*a**3 - b**2", r"3\,{a}^{3} - {b}^{2}"),
    ("(A@B).T @x", "(A @ B).T @ x", r"{\left(A\,B\right)}^{T}\,x"),
    ("x**(-y**z)", "x**-y**z", r"{x}^{-{y}^{z}}"),
    ("(-x)**2", "(-x)**2", r"{\left(-x\right)}^{2}"),
    ("((x**y)**z)", "(x**y)**z", r"{\left({x}^{y}\right)}^{z}"),
    ("a-(b-c)", "a - (b - c)", r"a - \left(b - c\right)"),
    ("(a/b)/(2*c)", "a/b/(2*c)", r"\frac{\frac{a}{b}}{2\,c}"),
    ("not(a==b)", "not a == b", r"\lnot a = b"),
    ("(a and b) or not c", "a and b or not c", r"a \land b \lor \lnot c"),
    ("1.50e0", "1.5", "1.5"),
    ("0.0000000000000000000000000000000012", "12e-34", r"12 \cdot 10^{-34}"),
    ("inv(A)@b", "inv(A) @ b", r"{A}^{-1}\,b"),
    ("grad(sum(Q),a)", "grad(sum(Q), a)", r"\nabla_{a}\,\left(\sum Q\right)"),
    ("jacobian(f,x)", "jacobian(f, x)", r"\frac{\partial f}{\partial x}"),
    ("where(x>0,sqrt(x),0)", "where(x > 0, sqrt(x), 0)",
     r"\begin{cases}\sqrt{x} & x > 0 \\ 0 & \text{otherwise}\end{cases}"),
    ("a if b else c", "a if b else c", r"\begin{cases}a & b \\ c & \text{otherwise}\end{cases}"),
    ("A[..., None,1:,::2]", "A[..., None, 1:, ::2]", r"{A}_{\dots, \mathrm{None}, 1:, :}"),
    ("sum(A,dim=1)", "sum(A, dim=1)", r"\operatorname{sum}\left(A, \mathrm{dim}=1\right)"),
    ("shares_memory(a,b)", "shares_memory(a, b)", r"\operatorname{shares\_memory}\left(a, b\right)"),
    ("theta_max*rate//2", "theta_max*rate//2",
     r"\left\lfloor \frac{\theta_{\mathrm{max}} \cdot \mathrm{rate}}{2} \right\rfloor"),
    ("x.grad is None", "x.grad is None", r"{x}.\mathrm{grad} = \mathrm{None}"),
    ("[a,-inf]", "[a, -inf]", r"\left[a, -\infty\right]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "normal", "mathematics"), SHOWN, ids=[row[0] for row in SHOWN])
def test_shows(text: str, normal: str, mathematics: str) -> None:
    assert (plain(parse(text)), latex(parse(text))) == (normal, mathematics)
