"""Tables of which only the cells that are meant change: every other byte stays."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.errors import UsageError
from torchgrade.writers.fill import decimals
from torchgrade.writers.fill.table import content, harmless, read, value

CELLS = st.one_of(
    st.sampled_from(["", "7,50", "7.50", "Lovelace, Ada", '"', "a;b", "EX", "=1+1", "a\nb", "a\r\nb", " x ", "\ufeff"]),
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=8),
)
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[list[str]]]:
    """A file as a CSV library writes it, and what it says."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5))
    written = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(
        written, delimiter=draw(st.sampled_from([",", ";"])), quoting=draw(QUOTING), lineterminator=end
    ).writerows(rows)
    text = written.getvalue()
    start = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    body = text if draw(st.booleans()) else text.removesuffix(end)
    return start + body.encode(), rows


@given(files())
def test_a_table_without_changes_is_the_file(file: tuple[bytes, list[list[str]]]) -> None:
    table = read(file[0])
    assert content(table, {}) == file[0]


@given(files(), st.data())
def test_only_changed_cells_change(file: tuple[bytes, list[list[str]]], data: st.DataObject) -> None:
    table = read(file[0])
    row = data.draw(st.integers(0, len(table.rows) - 1))
    column = data.draw(st.integers(0, len(table.rows[row].cells) - 1))
    text = data.draw(CELLS)
    again = read(content(table, {(row, column): text}))
    if again.delimiter != table.delimiter or again.start != table.start:
        return  # Which delimiter it is can hang on the cell that changed, in tables as small as these.
    for number, (old, new) in enumerate(zip(table.rows, again.rows, strict=True)):
        assert old.end == new.end
        for place, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
            if (number, place) == (row, column):
                assert value(after) == text
            else:
                assert after == before


@given(st.binary(max_size=80))
def test_any_bytes_are_kept_or_refused(garbage: bytes) -> None:
    try:
        table = read(garbage)
    except UsageError:
        return
    assert content(table, {}) == garbage


@given(st.binary(max_size=60).map(lambda each: each.replace(b"\x00", b"").replace(b'"', b"")))
def test_any_encoding_is_kept(garbage: bytes) -> None:
    file = b"a,b,c\n" + garbage.replace(b"\n", b"").replace(b"\r", b"") + b",1,2\n"
    assert content(read(file), {}) == file


@pytest.mark.parametrize(
    ("file", "values"),
    [
        (b'a,"b, c","d ""e"""\n', ["a", "b, c", 'd "e"']),
        (b"a;b;c\r\n1;2,5;3\r\n", ["a", "b", "c"]),
        (b"\xef\xbb\xbfa,b", ["a", "b"]),
        (b'"a"x,b\n', ["ax", "b"]),
        (b"caf\xe9,b\n", ["café", "b"]),
    ],
)
def test_what_cells_say(file: bytes, values: list[str]) -> None:
    assert list(read(file).texts(0)) == values


def test_a_short_row_is_made_longer_only_where_it_must_be() -> None:
    table = read(b"a,b,c,d\n1\n2\n")
    assert table.text(1, 3) == ""
    assert content(table, {(1, 3): "x"}) == b"a,b,c,d\n1,,,x\n2\n"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b'a,b\n1,"2\n', "a quote is never closed"),
        ("a,b".encode("utf-16"), "no CSV file in UTF-8"),
        (b"PK\x03\x04\x00", "no CSV file in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(file: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read(file)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_ours_is_a_formula(sign: str) -> None:
    assert harmless(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"
    assert harmless(f"a{sign}b") == f"a{sign}b"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", Fraction(10)),
        ("10.50", Fraction(21, 2)),
        ("10,50", Fraction(21, 2)),
        ("1,234.50", Fraction(2469, 2)),
        ("1.234,50", Fraction(2469, 2)),
        ("1 234,50", Fraction(2469, 2)),
        ("10.", Fraction(10)),
        ("", None),
        ("-", None),
        ("(read only)", None),
        ("A", None),
    ],
)
def test_numbers_are_read(text: str, number: Fraction | None) -> None:
    assert decimals.number(text) == number


@pytest.mark.parametrize(
    ("points", "digits", "comma", "text"),
    [
        (Fraction(2, 3), 2, False, "0.66"),
        (Fraction(299, 100), 2, False, "2.99"),
        (Fraction(2999, 1000), 2, True, "2,99"),
        (Fraction(10), 2, False, "10.00"),
        (Fraction(1, 3), 5, True, "0,33333"),
        (Fraction(-1, 3), 2, False, "-0.33"),
    ],
)
def test_points_are_never_rounded_up(points: Fraction, digits: int, comma: bool, text: str) -> None:
    assert decimals.written(points, digits, comma=comma) == text
