"""What authors write: Markdown and mathematics, the same text for pages and for terminals."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from torchgrade.writers.mathematics import linear, mathml
from torchgrade.writers.statement import page, page_sentence, terminal, terminal_sentence

BLOCKS = """\
# Task

Return **twice** `x`, see [torch](https://pytorch.org) and ![a picture](http://elsewhere/x.png).
Raw <b>HTML</b> is text.

- one
- $2x$

1. first

> quoted

    code $x$
"""


def test_a_text_on_a_page() -> None:
    html = page(BLOCKS)
    assert "<p><strong>Task</strong></p>" in html
    assert "<strong>twice</strong> <code>x</code>" in html
    assert '<a href="https://pytorch.org">torch</a> and a picture.' in html
    assert "&lt;b&gt;HTML&lt;/b&gt;" in html
    assert "<li><math" in html
    assert "<pre><code>code $x$\n</code></pre>" in html
    assert "<img" not in html


def test_a_text_in_a_terminal() -> None:
    assert terminal(BLOCKS) == (
        "Task\n\nReturn twice `x`, see torch (https://pytorch.org) and a picture.\nRaw <b>HTML</b> is text.\n\n"
        "- one\n- 2x\n\n1. first\n\n> quoted\n\n    code $x$"
    )


@pytest.mark.parametrize(
    "markdown", ["[x](javascript:alert(1))", "[x](data:text/html,1)", "<a href=javascript:1>x</a>", "<javascript:1>"]
)
def test_no_link_runs_anything(markdown: str) -> None:
    assert "<a" not in page(markdown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`@` is $A^T x$.", "`@` is Aᵀ x."),
        ("It costs $5 and $6.", "It costs $5 and $6."),
        ("a $ b $ c", "a $ b $ c"),
        ("`$x$` stays", "`$x$` stays"),
        ("$a$b$", "ab$"),
        (r"$\$5$", r"$5"),
        ("**no** [Markdown](x) *here* $x$", "**no** [Markdown](x) *here* x"),
        ("two\nlines $x$", "two\nlines x"),
        ("$$\\frac{1}{2}$$ and $y$", "1/2 and y"),
    ],
)
def test_in_a_sentence_only_code_and_mathematics_mean_anything(text: str, shown: str) -> None:
    assert terminal_sentence(text) == shown


def test_a_sentence_on_a_page() -> None:
    html = page_sentence("`a<b` <i> **x** $A^T$")
    assert html.startswith("<code>a&lt;b</code> &lt;i&gt; **x** <math")
    assert page_sentence("$\\frac{$") == "<code>\\frac{</code>"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("3a^3 - b^2", "3a³ − b²"),
        (r"\partial Q / \partial a", "∂Q/∂a"),
        (r"\partial^2 Q", "∂²Q"),
        (r"\|A\|_F = \sqrt{\sum_{i,j} a_{ij}^2}", "‖A‖_F = √(∑_(i, j) aᵢⱼ²)"),
        (r"|b| < 1000", "|b| < 1000"),
        (r"\sum_i |u_i|", "∑ᵢ|uᵢ|"),
        ("A^{-1} b", "A⁻¹ b"),
        (r"\frac{x \cdot v}{v \cdot v} v", "(x · v)/(v · v) v"),
        (r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}", "(1, 2; 3, 4)"),
        (r"\operatorname{log2}\left(x\right)", "log2(x)"),
        (r"\mathrm{grad\_output}_{2}", "grad_output₂"),
        (r"\hat{x} + \bar{y}", "x\u0302 + y\u0304"),
        ("0, 1, \\dots, n - 1", "0, 1, …, n − 1"),
        ("-x", "−x"),
        ("a = -b", "a = −b"),
        ("x^y", "x^y"),
        (r"\frac{", r"$\frac{$"),
    ],
)
def test_a_formula_on_one_line(latex: str, text: str) -> None:
    assert linear(latex) == text


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\color{red}{x} \style{x}{y} \class{a}{b}",
        "<script>alert(1)</script>",
        r"\text{</annotation><script>}",
        "{" * 500 + "x" + "}" * 500,
        r"\frac" * 400,
        "x" * 5000,
        "\x00\u202e x",
        r"\text{&#x202e;x &#x1b;[31m &#x0; &#xD800; &#x61c;}",
        "x_" * 900,
        r"\begin{matrix}" * 50,
    ],
)
def test_no_formula_is_more_than_a_formula(latex: str) -> None:
    html = mathml(latex)
    tree = ElementTree.fromstring(html)  # noqa: S314 - our own text
    names = {element.tag for element in tree.iter()}
    assert names == {"code"} or all(name[0] == "m" or name in ("semantics", "annotation") for name in names)
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not attributes & {"href", "style", "class", "id", "onclick", "mathcolor"}
    assert not any(sign in html for sign in ("<script", "\x00", "\x1b", "\ud800", "\u061c", "\u202e"))


def test_mathematics_keeps_its_source() -> None:
    tree = ElementTree.fromstring(mathml("a^2", is_block=True))  # noqa: S314 - our own text
    assert tree.get("display") == "block"
    assert tree.findtext(".//annotation") == "a^2"


def test_a_sign_is_no_subtraction() -> None:
    assert mathml("y = -2b").count('form="prefix"') == 1
    assert 'form="prefix"' not in mathml("a - b") + mathml("f(a) - b")
