"""The gradebook as a table and as CSV, and one student's history: nothing in a name is a formula or a command."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest

from torchgrade.grading.gradebook import row
from torchgrade.model.assignment import Assignment, Item, Late
from torchgrade.model.history import HandedIn, Override, Result, Student
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import spreadsheet
from torchgrade.writers.gradebook import comment, history, lines_of_csv, terminal

WORTHS = {"linalg/solve": Fraction(3), "tensor/sum": Fraction(1)}
ASSIGNMENT = Assignment(
    id="w",
    title=Text((("en", "W"),)),
    exercises=tuple(Item(exercise=name) for name in WORTHS),
    due="2027-01-15T00:00:00Z",
    late=(Late(days=1, keeps=0.5),),
)


def result(exercise: str, points: int) -> Result:
    return Result(
        exercise=exercise,
        key="k",
        verdict=Verdict.WRONG_ANSWER,
        points=Fraction(points),
        max_points=Fraction(3),
        when="2027-01-16T09:00:00Z",
    )


def student(name: str, submitted: str = "", *, overrides: tuple[Override, ...] = (), late: bool = False) -> Student:
    results = (result("linalg/solve", 2), result("tensor/sum", 1))
    handed_in = HandedIn(row=1, place=1, submitted=submitted, late=late, digest="d", path=f"{name}.py", results=results)
    return Student(submitter=name, account="7", handed_in=(handed_in,), overrides=overrides)


DECIDED = Override(exercise="linalg/solve", points=Fraction(3), reason="=1+1, it rained", who="tim", when="2027-01-17")
CLASS = [
    student("ada"),
    student("ben", "2027-01-15T06:00:00Z"),
    student("cy", overrides=(DECIDED,)),
    student("dan", late=True),
    Student(submitter="eve"),
]


def records(*students: Student) -> list[dict[str, str]]:
    text = "".join(lines_of_csv((row(ASSIGNMENT, WORTHS, each) for each in students), WORTHS))
    return list(csv.DictReader(io.StringIO(text)))


def test_the_columns_are_always_the_same() -> None:
    heading = (
        "submitter,account,status,submissions,counted,submitted,days_late,keeps,linalg/solve,tensor/sum,"
        "earned,points,max_points,overrides\n"
    )
    assert list(lines_of_csv([], WORTHS)) == [heading]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            CLASS[0],
            {"status": "on time", "linalg/solve": "2", "tensor/sum": "0.33", "points": "2.33", "max_points": "4"},
        ),
        (CLASS[1], {"status": "late", "days_late": "0.25", "keeps": "0.5", "linalg/solve": "1", "points": "1.16"}),
        (CLASS[2], {"linalg/solve": "3", "earned": "2.33", "points": "3.33"}),
        (CLASS[4], {"status": "nothing handed in", "linalg/solve": "", "points": "0", "counted": ""}),
    ],
)
def test_a_line_of_csv_is_a_student(given: Student, expected: dict[str, str]) -> None:
    (record,) = records(given)
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A0", "＝1", " =1"])
def test_a_name_is_no_formula(name: str) -> None:
    (record,) = records(student(name))
    assert record["submitter"][0] in "'\N{REPLACEMENT CHARACTER}"
    assert spreadsheet(name) == record["submitter"]


@pytest.mark.parametrize("name", ["a;=1+1;b", "a;=cmd|'/c calc'!A1", 'a,"=1"', "a b"])
def test_nor_is_a_part_of_a_name_where_a_semicolon_parts_cells(name: str) -> None:
    """As Excel reads it where the comma is decimal."""
    _, text = lines_of_csv([row(ASSIGNMENT, WORTHS, student(name))], WORTHS)
    cells = next(csv.reader([text], delimiter=";"))
    assert not [cell for cell in cells if cell.startswith("=")]
    assert records(student(name))[0]["submitter"] == name


def test_a_reason_is_no_formula_and_no_line() -> None:
    (record,) = records(student("a", overrides=(Override(points=Fraction(1), reason="a\nb", who="t"),)))
    assert record["overrides"] == "in all: 1 points, a b (t)"


def test_people_see_points_and_what_is_to_be_known_beside_them() -> None:
    text = terminal((row(ASSIGNMENT, WORTHS, each) for each in CLASS), WORTHS)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines == [
        "student status counts solve sum total",
        "ada on time 1 of 1 2 0.33 2.33 / 4",
        "ben late 1 of 1 1 0.16 1.16 / 4",
        "cy on time 1 of 1 *3 0.33 3.33 / 4",
        "dan late 1 of 1 2 0.33 2.33 / 4",
        "eve nothing handed in 0 – – 0 / 4",
        "",
        "ben: 6 hours late, keeps 50%",
        "cy: * linalg/solve: 3 points, =1+1, it rained (tim); earned 2",
        "dan: marked late by the platform, without a time: nothing is taken off",
    ]


@pytest.mark.parametrize(
    ("exercises", "headings"),
    [
        (("t/double", "t/negate"), "double negate"),
        (("t/double", "u/double", "u/negate"), "t/double u/double negate"),
        (("double", "t/double", "s/t/double"), "double t/double s/t/double"),
    ],
)
def test_headings_are_as_short_as_they_may_be(exercises: tuple[str, ...], headings: str) -> None:
    assert " ".join(terminal([], exercises).split()) == f"student status counts {headings} total"


def test_what_many_share_is_told_once() -> None:
    crowd = [student(f"s{number}", late=True) for number in range(6)]
    notes = terminal((row(ASSIGNMENT, WORTHS, each) for each in crowd), WORTHS).split("\n\n")[1].splitlines()
    assert notes == ["6 students: marked late by the platform, without a time: nothing is taken off"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (CLASS[0], "linalg/solve: 2 of 3; tensor/sum: 0.33 of 1"),
        (CLASS[1], "linalg/solve: 1 of 3; tensor/sum: 0.16 of 1; 6 hours late, keeps 50%"),
        (CLASS[2], "linalg/solve: *3 of 3; tensor/sum: 0.33 of 1; * linalg/solve: 3 points, =1+1, it rained"),
    ],
)
def test_a_student_reads_how_the_points_came_about(given: Student, expected: str) -> None:
    assert comment(row(ASSIGNMENT, WORTHS, given)) == expected


def test_a_history_shows_everything_there_was() -> None:
    text = history(CLASS[2], row(ASSIGNMENT, WORTHS, CLASS[2]))
    assert text.splitlines() == [
        "cy (account 7)",
        "submission 1, counts: cy.py",
        "  2027-01-16T09:00:00Z  linalg/solve: wrong answer, 2 of 3",
        "  2027-01-16T09:00:00Z  tensor/sum: wrong answer, 1 of 3",
        "decided 2027-01-17: linalg/solve: 3 points, =1+1, it rained (tim)",
    ]


def test_hostile_names_move_no_cursor() -> None:
    name = "a\x1b[2J\n::error::b\u202e"
    text = terminal([row(ASSIGNMENT, WORTHS, student(name))], WORTHS) + history(
        student(name), row(ASSIGNMENT, WORTHS, student(name))
    )
    assert not {"\x1b", "\u202e"} & set(text)
    assert "\n::" not in text
