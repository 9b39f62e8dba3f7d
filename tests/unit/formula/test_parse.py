"""What the language reads, and what it refuses: where, why, and what to write instead."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from torchgrade.errors import FormulaError
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
    Number,
    Slice,
    Stack,
    Unary,
)

A, B, C = Name("a"), Name("b"), Name("c")
ONE, TWO = Number(Fraction(1)), Number(Fraction(2))

READ = {
    "a": A,
    "  a\n+ b ": Binary("+", A, B),
    "0.1": Number(Fraction(1, 10), False),
    "2.0": Number(Fraction(2), False),
    ".5": Number(Fraction(1, 2), False),
    "1e-30": Number(Fraction(1, 10**30), False),
    "e-500": Binary("-", Constant("e"), Number(Fraction(500))),
    "1_000": Number(Fraction(1000)),
    "2j": Number(Fraction(2), True, True),
    "0.5j": Number(Fraction(1, 2), False, True),
    "12345678901234567890123456789": Number(Fraction(12345678901234567890123456789)),
    "pi": Constant("pi"),
    "None": Constant("None"),
    "True": Constant("True"),
    "-a**2": Unary("-", Binary("**", A, TWO)),
    "a - b - c": Binary("-", Binary("-", A, B), C),
    "a @ b": Binary("@", A, B),
    "a // b % c": Binary("%", Binary("//", A, B), C),
    "a & ~b": Binary("&", A, Unary("~", B)),
    "a ^ b": Binary("^", A, B),
    "a and b and c": Binary("and", Binary("and", A, B), C),
    "not a or b": Binary("or", Unary("not", A), B),
    "a if b else c": Conditional(B, A, C),
    "a <= b": Compare("<=", A, B),
    "a.grad is not None": Compare("is not", Attribute(A, "grad"), Constant("None")),
    "[a, [b]]": Stack((A, Stack((B,)))),
    "[]": Stack(()),
    "a.T.shape": Attribute(Attribute(A, "T"), "shape"),
    "a[1]": Index(A, (ONE,)),
    "a[1:, ::2, ..., None, b]": Index(A, (Slice(ONE, None, None), Slice(None, None, TWO), Dots(), Constant("None"), B)),
    "a[[1, 2]]": Index(A, (Stack((ONE, TWO)),)),
    "sum(a, dim=1)": Call("sum", (A,), (("dim", ONE),)),
    "einsum('ij, jk -> ik', a, b)": Call("einsum", (Constant("ij,jk->ik"), A, B)),
    "(" * 40 + "a" + ")" * 40: A,
}


@pytest.mark.parametrize("text", READ)
def test_reads(text: str) -> None:
    assert parse(text) == READ[text]


@pytest.mark.parametrize(
    ("text", "piece"), [("a + sum(b)", "sum(b)"), ("  a +  b[0]", "b[0]"), ("a\n+ (b * c)", "b * c")]
)
def test_nodes_know_their_place(text: str, piece: str) -> None:
    node = parse(text)
    assert isinstance(node, Binary)
    assert text[node.right.start : node.right.end] == piece


# text, code, the text underlined, words of the message, the whole hint
REFUSED = [
    ("A.sum(0)", "formula-forbidden", "A.sum(0)", "no methods", "write sum(A, 0)"),
    ("2 + x.mean(dim=0)", "formula-forbidden", "x.mean(dim=0)", "no methods", "write mean(x, dim=0)"),
    ("x.t()", "formula-forbidden", "x.t()", "no methods", "write x.T"),
    ("(x + 1).pow(2)", "formula-forbidden", "(x + 1).pow(2)", "no methods", "write (x + 1)**2"),
    ("torch.matmul(A, B + C)", "formula-forbidden", "torch.matmul(A, B + C)", "no modules", "write A @ (B + C)"),
    ("torch.linalg.inv(A)", "formula-forbidden", "torch.linalg.inv(A)", "no modules", "write inv(A)"),
    ("2 * math.pi", "formula-forbidden", "math.pi", "no modules", "write pi"),
    ("x^2", "formula-forbidden", "x^2", "not a power", "write x**2"),
    ("(x+1)^2", "formula-forbidden", "(x+1)^2", "not a power", "write (x+1)**2"),
    ("a < b <= c", "formula-forbidden", "a < b <= c", "two sides", "write a < b and b <= c"),
    ("a in b", "formula-forbidden", "a in b", "no `in`", "write any(x == a)"),
    ("a is b", "formula-forbidden", "a is b", "None only", "write == or same_object(a, b)"),
    ("x.grad == None", "formula-forbidden", "x.grad == None", "None", "write x.grad is None"),
    ("a \N{MINUS SIGN} b", "formula-character", "\N{MINUS SIGN}", "U+2212 MINUS SIGN", "write -"),
    ("a\N{FULLWIDTH PLUS SIGN}b", "formula-character", "\N{FULLWIDTH PLUS SIGN}", "U+FF0B", "write +"),
    (
        "\N{FULLWIDTH LATIN SMALL LETTER X}",
        "formula-character",
        "\N{FULLWIDTH LATIN SMALL LETTER X}",
        "U+FF58",
        "write x",
    ),
    ("x\N{SUPERSCRIPT TWO}", "formula-character", "\N{SUPERSCRIPT TWO}", "SUPERSCRIPT TWO", "write **2"),
    ("f\N{CJK UNIFIED IDEOGRAPH-4E2D}", "formula-character", "\N{CJK UNIFIED IDEOGRAPH-4E2D}", "ASCII", ""),
    ("lambda x: x", "formula-forbidden", "lambda x: x", "no lambda", "write the expression itself"),
    ("[x for x in y]", "formula-forbidden", "[x for x in y]", "no loops", "use the functions"),
    ("sum(x for x in y)", "formula-forbidden", "(x for x in y)", "no loops", "use the functions"),
    ("{x: y for x in y}", "formula-forbidden", "{x: y for x in y}", "no loops", "use the functions"),
    ("f'{x}'", "formula-forbidden", "f'{x}'", "no text", ""),
    ("'abc'", "formula-forbidden", "'abc'", "no text", "write names without quotes"),
    ("b'abc'", "formula-forbidden", "b'abc'", "no text", "write names without quotes"),
    ("(y := 3)", "formula-forbidden", "y := 3", "assigns nothing", "give the expression a name in `let`"),
    ("(a, b)", "formula-forbidden", "(a, b)", "no tuples", "write a list: [a, b]"),
    ("{a, b}", "formula-forbidden", "{a, b}", "no sets", "write a list: [a, b]"),
    ("zeros(*shape(x))", "formula-forbidden", "*shape(x)", "spreads nothing", "functions that take sizes"),
    ("sum(**x)", "formula-arguments", "x", "spreads nothing", ""),
    ("sum(x, dim=0, dim=1)", "formula-arguments", "1", "dim= stands here twice", ""),
    ("x.data", "formula-forbidden", "x.data", ".data is no attribute here", ""),
    ("x.requires_gard", "formula-forbidden", "x.requires_gard", "no attribute", "write .requires_grad"),
    ("x.__class__.__bases__", "formula-forbidden", "x.__class__.__bases__", "no attribute", ""),
    ("__import__", "formula-forbidden", "__import__", "no name", ""),
    ("import os", "formula-forbidden", "import", "statement", ""),
    ("await x", "formula-forbidden", "await x", "", ""),
    ("x << 2", "formula-forbidden", "x << 2", "no <<", "write a power of 2 as 2**n"),
    ("3(a)", "formula-forbidden", "3", "only a function's name", "between factors write *"),
    ("...", "formula-forbidden", "...", "index only", "write x[..., 0]"),
    ("x[::-1]", "formula-forbidden", "::-1", "positive", "write flip(x, 0) to turn an axis round"),
    ("x[::0]", "formula-forbidden", "::0", "positive", "write flip(x, 0) to turn an axis round"),
    ("x[..., ...]", "formula-forbidden", "x[..., ...]", "once at most", ""),
    ("x[()]", "formula-forbidden", "x[()]", "empty", "write x[0], x[1:] or x[...]"),
    ("matmul(A, B)", "formula-unknown-function", "matmul", "no function matmul", "write A @ B"),
    ("len(x)", "formula-unknown-function", "len", "no function len", "write shape(x)[0]"),
    ("sofmax(x, 0)", "formula-unknown-function", "sofmax", "no function sofmax", "write softmax(x, 0)"),
    ("f(x)", "formula-unknown-function", "f", "no function f", ""),
    ("einsum('ij', A)", "formula-arguments", "'ij'", "no equation", "write 'ij,jk->ik', with ->"),
    ("", "formula-syntax", "", "missing", ""),
    (" \n ", "formula-syntax", " \n ", "missing", ""),
    ("a +", "formula-syntax", "+", "ends too early", "something must follow here"),
    ("a b", "formula-syntax", "b", "cannot stand here", "is an operator or a comma missing?"),
    ("x[]", "formula-syntax", "]", "cannot stand here", "is an operator or a comma missing?"),
    ("a = b", "formula-syntax", "=", "assigns", "write ==, or name it in `let`"),
    ("((a)", "formula-syntax", "(", "never closed", "add )"),
    ("a)", "formula-syntax", ")", "closes nothing", "delete it or open it before"),
    ("(a]", "formula-syntax", "(a]", "closed by ]", "write )"),
    ("2x + 1", "formula-syntax", "2x", "operator is missing", "write 2*x"),
    ("0x1F", "formula-syntax", "0x1F", "operator is missing", "numbers are decimal"),
    ("1if a else b", "formula-syntax", "1if", "operator is missing", "write 1 if"),
    ("a && b", "formula-syntax", "&&", "cannot hold &&", "write `and` between numbers, & between tensors"),
    ("a || b", "formula-syntax", "||", "cannot hold ||", "write `or` between numbers, | between tensors"),
    ("!a", "formula-syntax", "!", "cannot hold !", "write `not` before a number, ~ before a tensor"),
    ("a; b", "formula-syntax", ";", "cannot hold ;", "a formula is one expression"),
    ("a # b", "formula-syntax", "#", "cannot hold #", "a formula has no comments"),
    (r"\frac a b", "formula-syntax", "\\", "backslash", "a formula is no LaTeX"),
    ("a\x00", "formula-syntax", "\x00", "control character", "delete it"),
    ("9**9**9**9", "formula-too-large", "9**9", "exponent is beyond 1000", ""),
    ("x**-2000", "formula-too-large", "-2000", "exponent is beyond 1000", ""),
    ("x**(10**300*10**300)", "formula-too-large", "10**300*10**300", "exponent is beyond 1000", ""),
    ("1e401", "formula-too-large", "1e401", "power of ten", ""),
    ("1e-99999999999", "formula-too-large", "1e-99999999999", "power of ten", ""),
    ("e-1e401", "formula-too-large", "1e401", "power of ten", ""),
    ("1.e4_01", "formula-too-large", "1.e4_01", "power of ten", ""),
    ("1" * 41, "formula-too-large", "1" * 41, "more than 40 digits", "write it as a product of powers"),
    ("(" * 41 + "a" + ")" * 41, "formula-too-large", "(", "more than 40 deep", "split the formula with `let`"),
    ("-" * 90 + "a", "formula-too-large", "-" * 10 + "a", "more than 80 deep", "split it with `let`"),
    ("a or " * 90 + "a", "formula-too-large", "a", "more than 80 deep", "split it with `let`"),
    ("[" + "a," * 850 + "a]", "formula-too-large", "a", "more than 800 parts", "split it with `let`"),
    ("a+" * 1000 + "a", "formula-too-large", "a", "2,001 characters", "split it with `let`"),
]


@pytest.mark.parametrize(("text", "code", "piece", "words", "hint"), REFUSED, ids=[row[0][:24] for row in REFUSED])
def test_refuses(text: str, code: str, piece: str, words: str, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert (error.code, text[error.start : error.end]) == (code, piece)
    assert words in error.message
    assert error.hint.startswith(hint)
    assert bool(error.hint) == bool(hint)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "9" * 100_000,
        "-" * 100_000 + "x",
        "a." * 900 + "T",
        "a[" * 30 + "0" + "]" * 30 + ".T" * 800,
        "~" * 1999 + "x",
        "not " * 499 + "x",
        "1 if " * 300 + "x" + " else 1" * 200,
        "**".join("9" * 600),
        "x" * 2001,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_is_harmless(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(FormulaError):
        parse(text)
    assert time.perf_counter() - begun < 1
