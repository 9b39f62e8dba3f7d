"""The gradebook of Canvas, filled."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.errors import UsageError
from torchgrade.writers.fill import Filled, Grade, fill
from torchgrade.writers.fill.table import read

GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,"HW 1, part A (1201)",HW 2 (1202),Homework Current Score,Final Grade
,,,,,,Manual Posting,,,
    Points Possible,,,,,,10.00,5.00,(read only),(read only)
"Lovelace, Ada",4711,u100,ada,CS 101,likes engines,,5.00,83.10,A
"Zhang, Wei",4712,u101,wei1,CS 101,,8.50,,,
"Zhang, Wei",4713,u102,wei2,"CS 101 and CS 102",,,,,
"O'Neill, Dara",4714,u103,,CS 101,=HYPERLINK("x"),EX,,,
"Curie, Marie",4715,0100,curie,CS 101,,N/A,,,
"Student, Test",4716,,8b1f,CS 101,,,,,
"""
SEMICOLON = """\
Student;ID;SIS Login ID;Section;Blatt 1 (1201);Blatt 2 (1202);Current Score
    Points Possible;;;;10,00;5,00;(read only)
Lovelace, Ada;4711;ada;CS 101;;5,00;83,10
Zhang, Wei;4712;wei;CS 101;"7,25";;
"""
TWO_NAMES = """\
LastName,FirstName,ID,SIS Login ID,Section,HW 1 (1201)
Points Possible,,,,,10
Lovelace,Ada,4711,ada,CS 101,
"""


def grade(submitter: str, account: str = "", points: str = "5", most: str = "10") -> Grade:
    return Grade(submitter=submitter, account=account, points=Fraction(points), max_points=Fraction(most))


def filled(*grades: Grade, column: str = "1201", gradebook: str = GRADEBOOK) -> Filled:
    return fill("", gradebook.encode(), grades, column=column)


def cells(result: Filled, column: int) -> dict[str, str]:
    table = read(result.content)
    return {table.text(row, 1): table.text(row, column) for row in range(1, len(table.rows)) if table.text(row, 1)}


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (grade("lovelaceada", "4711"), "4711"),
        (grade("Ada Lovelace", "u100"), "4711"),
        (grade("Ada Lovelace", "ADA"), "4711"),
        (grade("Ada Lovelace"), "4711"),
        (grade("Lovelace, Ada"), "4711"),
        (grade("lovelaceada"), "4711"),
        (grade("ada"), "4711"),
        (grade("zhangwei (4713)", "4713"), "4713"),
        (grade("Wei Zhang (u102)", "u102"), "4713"),
        (grade("Augusta King", "4711"), "4711"),  # the id counts where the name says nothing
        (grade("Ada Lovelace", "99999"), "4711"),  # and the name where the id says nothing
    ],
)
def test_who_is_matched(who: Grade, found: str) -> None:
    result = filled(who, column="1202")
    assert result.filled == 1
    assert cells(result, 7)[found] == "2.50"


@pytest.mark.parametrize(
    "grades",
    [
        (grade("Wei Zhang"),),  # two of one name
        (grade("Wei Zhang", "u999"),),
        (grade("Wei Zhang", "4711"),),  # the id is another's
        (grade("Ada Lovelace", "0100"),),  # a student number that is an id of somebody else
        (grade("Ada Lovelace"), grade("Ada King", "4711")),  # two of ours for one row
    ],
)
def test_who_is_not_clear_gets_nothing(grades: tuple[Grade, ...]) -> None:
    result = filled(*grades, column="1202")
    assert result.content == GRADEBOOK.encode()
    assert (result.filled, result.ambiguous) == (0, tuple(each.called for each in grades))


def test_who_is_left_over_is_told_on_either_side() -> None:
    result = filled(grade("Ada Lovelace"), grade("Emmy Noether", "77"), grade("x", "4714"), grade("y", "4715"))
    assert result.unmatched == ("Emmy Noether (77)",)
    assert result.ungraded == ("Zhang, Wei", "Zhang, Wei")
    assert result.kept == ("O'Neill, Dara: EX", "Curie, Marie: N/A")
    assert list(result.lines()) == [
        "filled 1 grade into HW 1, part A (1201)",
        "graded, but not in the file: Emmy Noether (77)",
        "in the file, but without a grade: Zhang, Wei, Zhang, Wei",
        "left as they are, because the platform says so: O'Neill, Dara: EX, Curie, Marie: N/A",
    ]


@pytest.mark.parametrize("column", ["1201", "hw 1, part a", "HW 1, part A (1201)"])
def test_a_column_is_chosen_by_id_or_title(column: str) -> None:
    assert filled(grade("ada"), column=column).column == "HW 1, part A (1201)"


@pytest.mark.parametrize("column", ["", "HW 3", "Notes", "Final Grade", "Homework Current Score", "Section"])
def test_a_column_that_is_not_clear_is_refused(column: str) -> None:
    with pytest.raises(UsageError) as raised:
        filled(grade("ada"), column=column)
    assert "HW 1, part A (1201), HW 2 (1202)" in raised.value.message + raised.value.hint


def test_titles_that_are_equal_are_told_apart_by_their_ids() -> None:
    gradebook = TWO_NAMES.replace("HW 1 (1201)", "HW 1 (1201),HW 1 (1202)")
    with pytest.raises(UsageError, match="several assignments are called so"):
        filled(grade("ada"), column="HW 1", gradebook=gradebook)
    assert filled(grade("ada"), column="1202", gradebook=gradebook).filled == 1


def test_the_only_assignment_needs_no_name() -> None:
    result = filled(grade("Ada Lovelace"), column="", gradebook=TWO_NAMES)
    assert result.content.decode() == TWO_NAMES.removesuffix("\n") + "5.00\n"
    assert result.ungraded == ()


@pytest.mark.parametrize(
    ("points", "most", "cell", "noted"),
    [
        ("5", "10", "5.00", ()),
        ("6", "12", "5.00", ("scaled, because the maximum is 12 here and 10 there",)),
        ("2", "3", "6.66", ("scaled, because the maximum is 3 here and 10 there",)),
        ("11", "10", "11.00", ("1 grade is above the maximum, which not every platform takes",)),
        (
            "2",
            "0",
            "2.00",
            (
                "the assignment asks for nothing but bonuses, so nothing was scaled",
                "1 grade is above the maximum, which not every platform takes",
            ),
        ),
    ],
)
def test_points_are_scaled_to_the_platforms(points: str, most: str, cell: str, noted: tuple[str, ...]) -> None:
    result = filled(grade("ada", points=points, most=most))
    assert (cells(result, 6)["4711"], result.notes) == (cell, noted)


def test_without_a_maximum_nothing_is_scaled() -> None:
    gradebook = TWO_NAMES.replace("Points Possible,,,,,10\n", "")
    result = filled(grade("ada"), gradebook=gradebook)
    assert cells(read_result := result, 2) == {"Ada": "4711"} and read_result.content.endswith(b"5.00\n")
    assert result.notes == ("the file does not say out of how many points the assignment is, so nothing was scaled",)


def test_semicolons_and_decimal_commas_stay() -> None:
    result = fill("canvas", SEMICOLON.encode(), [grade("ada", points="3.75"), grade("wei", "4712")], column="Blatt 1")
    assert result.content.decode() == SEMICOLON.replace("CS 101;;5,00", "CS 101;3,75;5,00").replace("7,25", "5,00")


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_and_line_ends_stay(start: bytes, end: str) -> None:
    file = start + GRADEBOOK.replace("\n", end).encode()
    result = fill("", file, [grade("ada")], column="HW 2")
    assert result.content == file.replace(b"likes engines,,5.00", b"likes engines,,2.50")


@given(
    st.lists(st.text(st.characters(exclude_characters="\x00\r\n", codec="utf-8"), max_size=12), min_size=8, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_other_byte_stays(texts: list[str], end: str) -> None:
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    rows = [
        f"Student,ID,SIS Login ID,Section,{quoted[0]},HW 1 (1201),{quoted[1]}",
        f"    Points Possible,,,,,10,{quoted[2]}",
        f"{quoted[3]},4711,a{'{}'},{quoted[4]},{quoted[5]},",
        f"{quoted[6]},4712,b,,,1,{quoted[7]}",
    ]
    before, after = end.join(rows[:2]) + end, f",{quoted[1]}{end}{rows[3]}{end}"
    row = f'"=x",4711,a,{quoted[4]},{quoted[5]},'
    file = (before + row + after).encode()
    try:
        result = fill("canvas", file, [grade("nobody's name", "4711")], column="1201")
    except UsageError:
        return  # The header has an assignment of that id twice.
    assert result.content == (before + row + "5.00" + after).encode()


@pytest.mark.parametrize(
    ("platform", "file", "said"),
    [
        ("", b"name,grade\nAda,1\n", "none that Canvas or Moodle exports"),
        ("canvas", b"name,grade\nAda,1\n", "none that Canvas exports"),
        ("", b"", "none that Canvas or Moodle exports"),
        ("moodle", GRADEBOOK.encode(), "none that Moodle exports"),
    ],
)
def test_other_files_are_refused(platform: str, file: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        fill(platform, file, [grade("ada")])


def test_what_is_told_is_harmless_on_a_screen() -> None:
    told = list(filled(grade("Eve\x1b[31m\n::error::x")).lines())
    assert not any("\x1b" in each or "\n" in each or "::" in each for each in told)
