"""Pages for people: whole HTML, no script, nothing from elsewhere, nothing hidden, and nothing a student wrote acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.unit.writers.conftest import attempt, check, finding

from torchgrade.model.finding import Attempt, Audience, CheckResult, Code, Feedback, Finding
from torchgrade.model.report import ClosedForm, Header, Statement
from torchgrade.model.said import LANGUAGES
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.gaps import gaps
from torchgrade.numeric.window import window
from torchgrade.writers.html import Html, student_page
from torchgrade.writers.html.charts import bars, heat, panel
from torchgrade.writers.html.digits import digits
from torchgrade.writers.html.engine import FOLDER, engine
from torchgrade.writers.html.names import page_name
from torchgrade.writers.html.phrases import catalogue

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
VOID = {"meta", "link", "br", "hr", "img", "input", "col"}
SELF_CLOSED = {"rect", "path"}
CANARY = "81549300727"
TAGS = {"script", "img", "iframe", "object", "embed", "form", "input", "audio", "video", "base", "template"}


class Page(HTMLParser):
    """The elements of a page, checked as they are read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, Mapping[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> ends something else"

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[Mapping[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def statement(exercise: str = "linalg/solve") -> Statement:
    return Statement(
        exercise=exercise,
        title=Text((("en", "Solve it"), ("zh", "解方程"))),
        task=Text((("en", "Return $x$ with $A x = b$ in **float**, see `torch`."),)),
        entrypoint="solve",
        points=Fraction(4),
        formulas=(ClosedForm(of="result", latex=f"{CANARY}"), ClosedForm(of="result", wrt="A", latex=r"9 a^{2}")),
        hints=(Text((("en", "Eliminate."), ("zh", "消元。"))),),
    )


def wrong(observed: object, expected: object, outcome: str = "result", allowed: float = 1e-5) -> Finding:
    found, right = np.asarray(observed), np.asarray(expected)
    comparison = gaps(found, right, allowed)
    said = Feedback(audience=Audience.STUDENT, rationale="`result` has the wrong value.", help="Look again.")
    return Finding(
        case="by hand",
        verdict=Verdict.WRONG_ANSWER,
        feedback=(said,),
        comparison=replace(comparison, outcome=outcome),
        grid=window(found, right, comparison),
        reproduction="import torch",
        line=3,
    )


def gradient(*findings: Finding) -> CheckResult:
    return replace(check("gradient", "0", "1", *findings), kind="gradient")


@pytest.fixture
def told(header: Header) -> Header:
    return replace(header, exercises=(statement(), statement("tensor/sum")))


def page(header: Header, *attempts: Attempt) -> Page:
    return Page(student_page(header, attempts).decode("utf-8"))


def some() -> Iterator[Attempt]:
    matrix = np.arange(12.0).reshape(3, 4)
    shifted = matrix + np.diag([0.5, 0.25, 0.125], 1)[:3, :4]
    code = Code(file="alice.py", line=2, text="def solve(A, b):\n    return A < b & b")
    failed = check("value", "0", "2", wrong(shifted, matrix))
    yield attempt("alice", "linalg/solve", failed, check("gradient", "1", "1", finding("one", Verdict.ACCEPTED)))
    yield attempt("alice", "tensor/sum", check("value", "2", "2", finding("by hand", Verdict.ACCEPTED)))
    yield attempt("alice", "x/code", failed, code=code, printed="a is 1\n" * 100, line=3)
    big = np.random.default_rng(0).normal(size=(40, 40))
    yield attempt("alice", "x/big", check("value", "0", "2", wrong(big.T, big)))
    yield attempt("alice", "x/vector", check("value", "0", "2", wrong(np.array([1.0, np.nan, 3]), np.arange(3.0))))
    yield attempt("alice", "x/number", check("value", "0", "2", wrong(2, 3, allowed=0.0)), bonus=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_and_loads_nothing(told: Header, language: str) -> None:
    read = page(replace(told, language=language), *some())
    names = {name for name, _ in read.elements}
    assert not names & TAGS
    (policy,) = [each for each in read.all("meta") if "http-equiv" in each]
    assert policy == {"http-equiv": "Content-Security-Policy", "content": CSP}
    assert [each["href"] for each in read.all("link")] == ["data:,"]
    attributes = [name for _, each in read.elements for name in each]
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    assert read.all("html")[0]["lang"] == language
    assert all(each["href"].startswith("#") for each in read.all("a"))


def test_ids_are_there_once_and_everything_refers_to_them(told: Header) -> None:
    read = page(told, *some())
    ids = [each["id"] for _, each in read.elements if "id" in each]
    assert len(set(ids)) == len(ids)
    referred = [word for _, each in read.elements for word in each.get("aria-labelledby", "").split()]
    referred += [each["href"][1:] for each in read.all("a")]
    assert set(referred) <= set(ids)


def test_headings_are_in_order_and_tables_have_heads(told: Header) -> None:
    read = page(told, *some())
    levels = [int(name[1]) for name, _ in read.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(each.get("scope") in ("row", "col") for each in read.all("th"))
    assert len(read.all("caption")) == len(read.all("table")) - 1, "the overview stands under its heading"
    for each in read.all("div"):
        if each.get("class") == "scrolls":
            assert each["tabindex"] == "0"
            assert each["aria-label"]


def test_a_page_says_what_each_point_was_lost_for(told: Header) -> None:
    text = " ".join(page(told, *some()).text.split())
    assert "3 of 11 points" in text, "a bonus is not asked of anyone"
    assert "−2 value: result has the wrong value." in text
    assert "wrong answer value loses 2 of 2 points" in text
    assert "Worst is element [0, 1] of result: expected 1, yours 1.5." in text
    assert "That is 50,000 times what rounding explains." in text
    assert "✓ gradient 1 / 1" in text
    assert "1 of 6 exercises solved" in text


def test_the_failing_line_is_marked_in_words_too(told: Header) -> None:
    html = student_page(told, tuple(some())).decode()
    assert '<span class="l failed"><span class="n">3</span>    return A &lt; b &amp; b<span class="flag">' in html
    assert "◀ the line that failed" in html
    assert html.count("a is 1") == 24
    assert "Only the beginning is shown." in html


def test_an_earned_condition_says_why_it_earned_nothing(told: Header) -> None:
    held = replace(check("no inverse", "0", "1", finding("", Verdict.ACCEPTED)), condition=True)
    lost = check("value", "0", "2", wrong([1.0], [2.0]))
    text = page(told, attempt("a", "linalg/solve", lost, held)).text
    assert "It holds, but it earns only as much as the answers beside it are right." in text
    again = page(told, attempt("a", "linalg/solve", lost, replace(held, condition=False))).text
    assert "A check that is required fails" in again


@pytest.mark.parametrize(
    ("language", "title", "shown"),
    [
        ("en", "Solve it", "The same in 中文"),
        ("zh", "解方程", "此内容没有中文版本。"),
        ("fr", "Solve it", "Hint 1 of 1"),
    ],
)
def test_texts_fall_back_with_a_note(told: Header, language: str, title: str, shown: str) -> None:
    lost = attempt("a", "linalg/solve", check("value", "0", "2", wrong([1.0], [2.0])))
    read = page(replace(told, language=language), lost)
    assert title in read.text
    assert shown in read.text
    assert any(each.get("lang") == "en" for each in read.all("div")) == (language == "zh")
    assert read.all("math")


def test_what_is_said_in_english_is_marked_on_a_chinese_page(told: Header) -> None:
    lost = attempt("a", "linalg/solve", check("value", "0", "2", wrong([1.0], [2.0])))
    html = student_page(replace(told, language="zh"), (lost,)).decode()
    assert '<p lang="en"><code>result</code> has the wrong value.</p>' in html


def test_a_formula_is_shown_once_the_values_are_right(told: Header) -> None:
    slope = gradient(wrong([[1.0]], [[2.0]], outcome="gradient of result in A"))
    right = check("value", "2", "2", finding("by hand", Verdict.ACCEPTED))
    bad = check("value", "0", "2", wrong([1.0], [2.0]))
    shown = student_page(told, (attempt("a", "linalg/solve", right, slope),)).decode()
    hidden = student_page(told, (attempt("a", "linalg/solve", bad, slope),)).decode()
    assert "The derivative should be, element by element:" in shown
    assert CANARY in shown
    assert r"\frac{\partial\, \mathrm{result}}{\partial\, A} = 9 a^{2}" in shown
    assert CANARY not in hidden
    assert "9 a^{2}" not in hidden


def test_the_wrong_entry_of_a_jacobian_is_named(told: Header) -> None:
    right = check("value", "2", "2", finding("by hand", Verdict.ACCEPTED))
    observed = np.zeros((2, 2, 3))
    expected = observed.copy()
    expected[1, 0, 2] = 5
    slope = gradient(wrong(observed, expected, outcome="Jacobian of result in A"))
    text = " ".join(page(told, attempt("a", "linalg/solve", right, slope)).text.split())
    assert "the derivative of element 1 of result in A[0, 2], counted from 0" in text
    assert "Shown is [1, 0:2, 0:3] of a tensor of shape [2, 2, 3]." in text


def test_nothing_of_a_hidden_case_is_shown(told: Header) -> None:
    shown = wrong([float(CANARY)], [1.0])
    hidden = replace(
        shown,
        visible=False,
        case="drawn 3",
        reproduction=f"x = {CANARY}",
        feedback=(
            Feedback(audience=Audience.STUDENT, rationale="It is wrong. Seen in a drawn case with n = 1."),
            Feedback(audience=Audience.STAFF, rationale=f"Observed {CANARY}"),
        ),
    )
    one = attempt("a", "linalg/solve", check("value", "0", "2", hidden))
    html = student_page(told, (one,)).decode()
    assert CANARY not in html
    assert "drawn 3" not in html
    assert "in a hidden case" in html
    assert "Seen in a drawn case with n = 1." in html
    (staff,) = replace(Html(), audience=Audience.STAFF).render(told, (one,))
    assert f"for staff: Observed {CANARY}" in staff.decode()


HOSTILE_TEXTS = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</style></code></pre><base href=//evil>",
    "{{ 7 * 7 }}{% raw %}",
    "`$\\href{javascript:alert(1)}{x}$` $\\href{javascript:alert(1)}{x}$",
    "[x](javascript:alert(1)) ![](http://evil/x.png) <b>",
    "\x1b[31mred\x1b[0m \x00\x08 \u202egnirts \u061c \ud800 \ufffe \x85",
    r"$\text{&#x202e;gnirts &#x1b;[31m &#x0; &#x85;}$",
    "x" * 10_000_000,
    "$" * 100_000,
    "`" * 100_000,
    "$" + "{" * 1900 + "$",
    "-" * 20_000 + "\n" * 20_000,
]


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_hostile_texts_are_only_read(told: Header, text: str) -> None:
    bad = finding(text, Verdict.RUNTIME_ERROR, text, reproduction=text, line=2, mistake="m")
    code = Code(file=text, line=1, text=text)
    one = attempt(text, "linalg/solve", check(text, "0", "1", bad), code=code, printed=text, file=text)
    clean = replace(
        told, exercises=(replace(statement(), title=Text((("en", text),)), task=Text((("en", text),)), hints=()),)
    )
    html = student_page(clean, (one,)).decode("utf-8")
    read = Page(html)
    names = {name for name, _ in read.elements}
    assert not names & TAGS - {"script"} and "script" not in names
    assert "49" not in read.text.split() or "7 * 7" in text
    attributes = {name for _, each in read.elements for name in each}
    assert not {name for name in attributes if name.startswith("on")}
    assert all(each.get("href", "#").startswith(("#", "data:,")) for _, each in read.elements)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert len(html.encode()) < 300_000


def test_a_page_stays_small_whatever_is_on_it(told: Header) -> None:
    expected = np.random.default_rng(1).normal(size=(40, 40))
    lost = check("value", "0", "2", wrong(expected.T, expected))
    code = Code(file="a.py", line=1, text="\n".join(["    return " + "x" * 200] * 60))
    most = tuple(attempt("a", f"x/{number}", lost, code=code) for number in range(300))
    html = student_page(told, most)
    assert len(html) < 300_000
    assert html.decode().count("<section id=") == 0
    bank = student_page(told, most[:43])
    assert len(bank) < 300_000
    assert "Details are left out here" in bank.decode()
    assert len(page(told, *most[:43]).all("section")) == 44, "every exercise is told of"


def test_one_submitter_has_the_report_and_many_have_pages(told: Header) -> None:
    alone = tuple(some())
    assert list(Html().pages(told, alone)) == []
    (report,) = Html().render(told, alone)
    assert report == student_page(told, alone)
    names = ["Ada/../x", "alice", "bob"]
    many = [replace(each, submitter=name) for name in names for each in alone[:2]]
    pages = dict(Html().pages(told, many))
    assert list(pages) == [page_name(name) for name in names]
    (overview,) = Html().render(told, many)
    links = [each["href"] for each in Page(overview.decode()).all("a")]
    assert links[-3:] == [f"students/{name}" for name in pages]


@pytest.mark.parametrize(
    ("submitter", "name"),
    [
        ("alice", "alice.html"),
        ("a.b-c_1", "a.b-c_1.html"),
        ("Alice", r"alice~[0-9a-f]{12}\.html"),
        ("Ada Lovelace", r"ada-lovelace~[0-9a-f]{12}\.html"),
        ("../../etc/passwd", r"etc-passwd~[0-9a-f]{12}\.html"),
        ("con", r"con~[0-9a-f]{12}\.html"),
        ("nul.txt", r"nul-txt~[0-9a-f]{12}\.html"),
        (".", r"~[0-9a-f]{12}\.html"),
        ("", r"~[0-9a-f]{12}\.html"),
        ("a\x00b", r"a-b~[0-9a-f]{12}\.html"),
        ("王小明", r"~[0-9a-f]{12}\.html"),
        ("é" * 10_000, r"e{40}~[0-9a-f]{12}\.html"),
        ("\ud800", r"~[0-9a-f]{12}\.html"),
    ],
)
def test_names_of_pages_are_safe(submitter: str, name: str) -> None:
    assert re.fullmatch(name, page_name(submitter))


def test_names_of_pages_do_not_meet() -> None:
    names = ["ada", "Ada", "ADA", "a/da", "a.da", "a da", "ada.", "a-da", "aDa", page_name("Ada")[: -len(".html")]]
    assert len({page_name(name).casefold() for name in names}) == len(names)


@pytest.mark.parametrize(
    ("number", "beside", "same", "other"),
    [
        ("0.3333", "0.3334", "0.333", "3"),
        ("12.5", "2.5", "", "12.5"),
        ("-2", "2", "", "-2"),
        ("162", "108", "1", "62"),
        ("1.5", "1.5", "1.5", ""),
        ("nan", "1", "", "nan"),
        ("1e-05", "2e-05", "", "1e-05"),
        ("2", "2.0001", "", "2"),
        ("2.0001", "2", "2", ".0001"),
        ("True", "False", "", "True"),
    ],
)
def test_only_the_digits_that_differ_stand_out(number: str, beside: str, same: str, other: str) -> None:
    assert digits(number, beside) == (same, other)


def test_the_heat_map_has_a_sign_for_every_colour() -> None:
    expected = np.zeros((2, 3))
    observed = np.array([[0, 1, -1], [np.nan, 0, 0.001]])
    shown = heat(wrong(observed, expected).grid)  # type: ignore[arg-type]
    assert {name: path.count("M") for name, path in shown.cells.items()} == {
        "more3": 1,
        "less3": 1,
        "none3": 1,
        "more1": 1,
    }
    assert {name: path.count("M") for name, path in shown.signs.items()} == {"more": 4, "less": 1, "none": 2}
    assert shown.worst == (1, 0)
    assert (shown.wrong, shown.is_pooled) == (4, False)


def test_a_large_matrix_is_a_window_and_blocks() -> None:
    expected = np.zeros((100, 50))
    observed = expected.copy()
    observed[70, 49] = 1
    shown = panel(wrong(observed, expected).grid)  # type: ignore[arg-type]
    assert (shown.heat.width, shown.heat.height, shown.heat.block) == (13, 15, (7, 4))
    assert shown.heat.worst == (10, 12)
    assert shown.place == "[64:76, 38:50]"
    assert (shown.worst.observed.other, shown.worst.expected.other, shown.worst.difference) == ("1", "0", "+1")


def test_bars_are_shares_of_the_highest() -> None:
    assert [bar.share for bar in bars([("a", 1), ("b", 4), ("c", 0)])] == [0.25, 1.0, 0.0]
    assert [bar.share for bar in bars([("a", 0)])] == [0.0]
    made = engine().from_string(
        '{% import "macros.html.j2" as our with context %}{{ our.histogram(b, "h", "T", "L", "N") }}'
    )
    assert Page(made.render(_=str, b=bars([("<a>", 1)]))).text.count("<a>") == 2, "below its bar, and in the table"


def phrases() -> set[str]:
    """Every phrase that a template or the code asks for."""
    files = (*FOLDER.glob("*.j2"), *FOLDER.parent.glob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    quoted = [found for text in texts for found in re.findall(r'_\("([^"]+)"', text)]
    chosen = [found for text in texts for found in re.findall(r'_\("[^"]+" if [^"]+ else "([^"]+)"', text)]
    said = [found for text in texts for found in re.findall(r'(?:return|why =|AS_ABOVE =) "([A-Z][^"]+\.)"', text)]
    return {*quoted, *chosen, *said, "Nothing more is told of it."}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_phrase_is_missing_and_none_is_left_over(language: str) -> None:
    known = catalogue(language)
    assert phrases() == set(known)
    for english, other in known.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", other)), english


def test_templates_mark_nothing_as_safe() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(FOLDER).glob("*.j2")]
    assert not [text for text in texts if "|safe" in text or "autoescape" in text]
