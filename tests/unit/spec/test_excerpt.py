"""Diagnostics as authors read them."""

from __future__ import annotations

import pytest

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec import yaml
from torchgrade.spec.excerpt import WIDEST, cells, render


def test_the_first_message_of_the_language() -> None:
    text = "\n" * 5 + "parameters: {A: [m, n], k: {type: int, range: 1..minimum(m, n)}}\n"
    (fault,) = yaml.read(text, "low-rank.yaml").faults
    message = "a comma ended this value: inside { } commas separate fields"
    assert render(fault).splitlines() == [
        f"low-rank.yaml:6:59: comma-in-value: {message}",
        "   6 | parameters: {A: [m, n], k: {type: int, range: 1..minimum(m, n)}}",
        "                                                                 ^",
        "  hint: quote it: '1..minimum(m, n)'",
    ]


@pytest.mark.parametrize(
    ("excerpt", "column", "width", "under"),
    [
        ("abc def", 5, 3, "    ^^^"),
        ("题目 def", 4, 3, "     ^^^"),
        ("a 题目", 3, 2, "  ^^^^"),
        ("\ta", 2, 1, " ^"),
        ("e\u0301a", 3, 1, " ^"),
        ("ｆｕｌｌ", 2, 1, "  ^^"),
        ("x", 2, 1, " ^"),
    ],
)
def test_carets_stand_under_what_is_meant(excerpt: str, column: int, width: int, under: str) -> None:
    fault = Diagnostic(path="f", line=3, column=column, code="c", message="m", excerpt=excerpt, width=width)
    assert render(fault).splitlines()[2] == " " * 7 + under


def test_long_lines_are_cut_around_the_place() -> None:
    fault = Diagnostic(
        path="f", line=1, column=5001, code="c", message="m", excerpt="-" * 5000 + "x" * 3 + "-" * 5000, width=3
    )
    _, line, carets = render(fault).splitlines()
    assert len(line) == 7 + WIDEST
    assert line[carets.index("^") :].startswith("xxx---")
    assert carets.endswith("^^^")


def test_control_characters_do_not_reach_the_terminal() -> None:
    fault = Diagnostic(path="f", line=1, column=1, code="c", message="m", excerpt="a\x1b[31m\u202eb\tc")
    assert render(fault).splitlines()[1] == "   1 | a·[31m·b c"


def test_a_whole_file_has_no_line() -> None:
    fault = Diagnostic(path="f", code="c", message="m", hint="do it")
    assert render(fault) == "f: c: m\n  hint: do it"


def test_cells() -> None:
    assert cells("a题é") == 4
