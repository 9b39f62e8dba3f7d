"""Strict YAML: what is read, where it stands, and what is refused."""

from __future__ import annotations

import math

import pytest

from torchgrade.spec import scalars
from torchgrade.spec.document import Plain, Route
from torchgrade.spec.yaml import read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, None) for word in ("", "~", "null", "NULL")],
        *[(word, True) for word in ("true", "True", "TRUE")],
        *[
            (word, word)
            for word in ("yes", "no", "on", "off", "y", "n", "nan", "inf", "None", "1_000", "12:30", "0b1", "=")
        ],
        *[("7", 7), ("-7", -7), ("+7", 7), ("010", 10), ("0o17", 15), ("0x1f", 31), ("-0o7", "-0o7")],
        *[("1e-3", 1e-3), ("1E5", 1e5), (".5", 0.5), ("5.", 5.0), ("-.5e+3", -500.0), ("0.0", 0.0), ("0e9", 0.0)],
        *[("-.inf", -math.inf), ("2026-08-01", "2026-08-01"), ("1.2.3", "1.2.3"), ("e", "e"), (".", ".")],
    ],
)
def test_plain_scalars(text: str, value: object) -> None:
    found = scalars.read(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "words"), [("1e400", "greater"), ("-1e400", "greater"), ("1e-400", "closer"), ("9" * 41, "41")]
)
def test_numbers_that_cannot_be_kept(text: str, words: str) -> None:
    with pytest.raises(OverflowError, match=words):
        scalars.read(text)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: [1, x, 'y', \"z\", 1.5, true]", {"a": [1, "x", "y", "z", 1.5, True]}),
        ("a: &b {c: [1, 2]}\nd: *b\n", {"a": {"c": [1, 2]}, "d": {"c": [1, 2]}}),
        ("a: |\n  x\n   y\nb: >-\n  x\n  y\n", {"a": "x\n y\n", "b": "x y"}),
        ("'1': a\n\"true\": b\n", {"1": "a", "true": "b"}),
        ("a: {}\nb: []\nc: ''\n", {"a": {}, "b": [], "c": ""}),
        ("# only\na: b # and\n", {"a": "b"}),
        ("a: text, with commas [and] (brackets) - dashes\n", {"a": "text, with commas [and] (brackets) - dashes"}),
    ],
)
def test_data(text: str, data: Plain) -> None:
    document = read(text, "f.yaml")
    assert document.faults == ()
    assert document.data == data


@pytest.mark.parametrize(
    ("route", "key", "place"),
    [
        (("a",), True, (1, 1, 1)),
        (("a",), False, (1, 4, 20)),
        (("a", "题"), True, (1, 5, 1)),
        (("a", "题", 1), False, (1, 12, 2)),
        (("a", "e"), False, (1, 20, 3)),
        (("b", 0, "c"), False, (3, 8, 1)),
        (("b", 0, "absent", 5), False, (3, 5, 4)),
    ],
)
def test_places(route: Route, key: bool, place: tuple[int, int, int]) -> None:
    fault = read("a: {题: [1, 😀b], e: 'f'}\nb:\n  - c: 1\n", "f.yaml").fault("code", "message", route, key=key)
    assert (fault.line, fault.column, fault.width) == place


def test_anchored_values_are_pointed_at_where_they_are_written() -> None:
    document = read("a: &x [1, 2]\nb: *x\n", "f.yaml")
    assert (
        document.fault("code", "message", ("b", 1)).column == document.fault("code", "message", ("a", 1)).column == 11
    )
    assert document.fault("code", "message", ("b",)).line == 2


def test_every_fault_is_told_at_once() -> None:
    document = read("a: ~\na: 1\n2: b\nc: 1e999\nd: [!x y]\n", "f.yaml")
    assert [(fault.line, fault.code) for fault in document.faults] == [
        (1, "null-value"),
        (2, "duplicate-key"),
        (3, "key-not-text"),
        (4, "number-out-of-range"),
        (5, "begins-with-mark"),
    ]


def test_a_line_is_not_blamed_twice() -> None:
    assert [fault.code for fault in read("a:\n  - *bold text\n", "f.yaml").faults] == ["begins-with-mark"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{!x\n  {: b}", "`!x {` is not text"),
        ('"a\\nb\\e[2Jc": 1\n"a\\nb\\e[2Jc": 2', "`a b·[2Jc` stands here twice"),
        ('a: {"b\\u2028c": 1, "b\\u2028c": 2}', "`b c` stands here twice"),
    ],
)
def test_a_message_is_one_line_whatever_it_quotes(text: str, words: str) -> None:
    faults = read(text + "\n", "f.yaml").faults
    assert any(words in fault.message for fault in faults)
    assert all(len(told.splitlines()) < 2 for fault in faults for told in (fault.message, fault.hint))


@pytest.mark.parametrize("code", [0, 7, 0x85, 0x200B, 0x2028, 0x202E, 0x2066, 0xFEFF, 0xFFFF])
def test_invisible_characters_are_refused(code: int) -> None:
    (fault,) = read(f"a: b\nc: d{chr(code)}e\n", "f.yaml").faults
    assert (fault.line, fault.column, fault.code) == (2, 5, "forbidden-character")
    assert f"U+{code:04X}" in fault.message


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("a: {b: f(x, y), c: 1}", "comma-in-value", "quote it: 'f(x, y)'"),
        ("a: {b: one, two, three, c: 1}", "comma-in-value", "quote it: 'one, two, three'"),
        ("a: [f(x, y), g(1, 2)]", "comma-in-value", "quote it: 'f(x, y)'"),
        ("a: {b: x['k'], c: 1}", "bracket-in-value", "quote it: 'x[''k'']'"),
        ("a: {b: `x`, c: 1}", "begins-with-mark", "quote it: '`x`'"),
        ("a: [b, c] @ d", "begins-with-mark", "quote it: '[b, c] @ d'"),
        ("a: [b[0], c] @ d", "begins-with-mark", "quote it: '[b[0], c] @ d'"),
        ("a: Note: b", "colon-in-text", "quote the text: 'Note: b'"),
        ("a: {b: Note: c, d: 1}", "colon-in-text", "quote the text: 'Note: c'"),
        ('a: "$\\nabla$ is \\"x\\""', "escape-in-math", "use single quotes: '$\\nabla$ is \"x\"'"),
        ("a：b\nc: d", "full-width-colon", "write `a: b`"),
        ("a: {b：c, d: 1}", "full-width-colon", "write `b: c`"),
        ("a: {b:c, d: 1}", "space-after-colon", "write `b: c`"),
        ("a: b\nc:d\ne: f", "space-after-colon", "write `c: d`"),
        ("a: {b: c\nd: e", "unmatched-bracket", "add the missing `}` or comma"),
        ("a: [b: c\nd: [", "unmatched-bracket", "add the missing `]` or comma"),
        ("a: 'it is", "unclosed-quote", ""),
        ('a: "it is\\', "unclosed-quote", ""),
        ('a: "b" c', "text-after-quote", "quote all of it, or none"),
    ],
)
def test_slips_are_met_with_the_way_to_write_it(text: str, code: str, hint: str) -> None:
    fault = read(text + "\n", "f.yaml").faults[0]
    assert (fault.code, fault.hint) == (code, hint)


@pytest.mark.parametrize(
    "text", ['a: "one\\ntwo $x$"', 'a: "$x$\\n$y$"', "a: '$\\nabla$'", 'a: "$\\\\nabla$"', "a: 注意：看"]
)
def test_what_looks_like_a_slip_and_is_none(text: str) -> None:
    assert read(text + "\n", "f.yaml").faults == ()


@pytest.mark.parametrize(
    "text",
    ["a: [f(x]", "a: [b, f(x", "a: {", "a: {b: [", "{", "[", "- ]", "? [", "a: &", "a: *", "a: !<", "%", '"', "'"],
)
def test_text_that_ends_anywhere_is_read_or_refused(text: str) -> None:
    document = read(text, "f.yaml")
    assert document.data is not None or document.faults
