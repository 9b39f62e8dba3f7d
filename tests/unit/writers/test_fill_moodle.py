"""The grading worksheet of Moodle, filled."""

from __future__ import annotations

from fractions import Fraction

import pytest

from torchgrade.errors import UsageError
from torchgrade.writers.fill import Filled, Grade, fill
from torchgrade.writers.fill.table import read

ENGLISH = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"
"Participant 4711","Ada Lovelace",00100,ada@x.edu,"Submitted for grading",,10.00,Yes,"Friday, 1 March 2024, 4:14 PM",,-,
"Participant 4712","Wei Zhang",00101,wei@x.edu,"Submitted for grading - Graded",8.50,10.00,Yes,\
"Friday, 1 March 2024, 4:15 PM","1,2","Saturday, 2 March 2024, 9:00 AM","Good, but late"
"Participant 4713","Wei Zhang",00102,wz@x.edu,"No submission",,10.00,No,-,,-,
"""
GERMAN = """\
ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",\
"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in4711,"Ada Lovelace",ada@x.de,"Zur Bewertung abgegeben",,"100,00",Ja,"Dienstag, 2. Dezember 2025, 10:37",-,
Teilnehmer/in4712,"Jörg Müller-Lüdenscheidt",jml@x.de,"Keine Abgabe","12,50","100,00",Ja,-,\
"Dienstag, 2. Dezember 2025, 10:37",
"""
CHINESE = """\
编号,全名,状态,成绩,最高分,成绩可以被更改,最近修改（作业）,最近修改（成绩）
参与者4711,王小明,已提交,,20.00,是,2024年03月1日 星期五 16:14,-
"""
BLIND = """\
Identifier,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade)
Participant 4711,Submitted for grading,,10.00,Yes,-,-
Participant 4712,Submitted for grading,,10.00,Yes,-,-
"""
GROUPS = """\
Identifier,Full name,Status,Group,Marker,Grade,Maximum Grade,Marking workflow state,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 12,Ada Lovelace,Submitted,Team 7,,,10.00,Not marked,Yes,-,-,
Participant 13,Ben Bitdiddle,Submitted,Team 7,,,10.00,Not marked,Yes,-,-,
Participant 14,Eva Lu Ator,Submitted,Die Vögel,,,10.00,Not marked,Yes,-,-,
"""
SCALE = """\
ID,"Vollständiger Name",Status,Bewertung,Skala,"Bewertung kann geändert werden","Zuletzt geändert (Bewertung)"
Teilnehmer/in1,"Max Mustermann",abgegeben,,"nicht bestanden
bestanden",Ja,-
Teilnehmer/in2,"Erika Mustermann",abgegeben,bestanden,"nicht bestanden
bestanden",Ja,-
"""


def grade(submitter: str, account: str = "", points: str = "5", comment: str = "") -> Grade:
    return Grade(
        submitter=submitter, account=account, points=Fraction(points), max_points=Fraction(10), comment=comment
    )


def filled(worksheet: str, *grades: Grade, column: str = "") -> Filled:
    return fill("", worksheet.encode(), grades, column=column)


@pytest.mark.parametrize(
    ("who", "row"),
    [
        (grade("Ada Lovelace", "4711"), 1),
        (grade("Participant 4711", "4711"), 1),
        (grade("Ada King", "4711"), 1),  # she married
        (grade("Ada Lovelace"), 1),
        (grade("Ada Lovelace", "00100"), 1),
        (grade("Somebody", "ada@x.edu"), 1),
        (grade("Wei Zhang (4713)", "4713"), 3),
        (grade("Wei Zhang", "wz@x.edu"), 3),
    ],
)
def test_who_is_matched(who: Grade, row: int) -> None:
    result = filled(ENGLISH, who)
    assert (result.filled, read(result.content).text(row, 5)) == (1, "5.00")


@pytest.mark.parametrize(
    "who",
    [
        grade("Wei Zhang"),
        grade("Ada Lovelace", "4712"),
        grade("Team 7", "4711"),  # a group's number is another's
    ],
)
def test_who_is_not_clear_gets_nothing(who: Grade) -> None:
    result = filled(ENGLISH, who)
    assert (result.content.decode(), result.ambiguous) == (ENGLISH, (who.called,))


def test_only_the_grade_changes() -> None:
    result = filled(ENGLISH, grade("Ada Lovelace", "4711", "7.125"), grade("Nobody", "1"))
    assert result.content.decode() == ENGLISH.replace('grading",,10.00', 'grading",7.12,10.00')
    assert (result.column, result.unmatched, result.ungraded) == ("Grade", ("Nobody (1)",), ("Wei Zhang", "Wei Zhang"))
    assert result.notes == ()


def test_headers_of_another_language_and_decimal_commas() -> None:
    result = filled(GERMAN, grade("Jörg Müller-Lüdenscheidt", "4712"), grade("Teilnehmerin 4711", "4711", "1"))
    assert result.content.decode() == GERMAN.replace('"12,50"', '"50,00"').replace(
        'abgegeben",,"100', 'abgegeben","10,00","100'
    )
    assert result.notes == ("scaled, because the maximum is 10 here and 100 there",)


def test_chinese_headers() -> None:
    result = filled(CHINESE, grade("王小明", "4711", "10"))
    assert result.content.decode() == CHINESE.replace(",,20.00", ",20.00,20.00")


def test_anonymous_submissions() -> None:
    result = filled(BLIND, grade("Participant 4711", "4711"), grade("Ada Lovelace", "4712", "1"))
    table = read(result.content)
    assert [table.text(row, 2) for row in (1, 2)] == ["5.00", ""]
    assert result.ambiguous == ("Ada Lovelace (4712)",)


def test_a_group_gets_one_grade_in_all_its_rows() -> None:
    result = filled(GROUPS, grade("Team 7", "14", "8"), grade("Die Vögel", "12", "9"))
    table = read(result.content)
    assert [table.text(row, 5) for row in (1, 2, 3)] == ["8.00", "8.00", "9.00"]
    assert (result.filled, result.ambiguous, result.ungraded) == (3, (), ())


def test_somebody_in_a_group_can_have_a_grade_of_their_own() -> None:
    result = filled(GROUPS, grade("Team 7", "", "8"), grade("Ada Lovelace", "12", "9"))
    table = read(result.content)
    assert [table.text(row, 5) for row in (1, 2, 3)] == ["9.00", "8.00", ""]


def test_comments_are_written_where_there_are_none_and_are_no_formulas() -> None:
    result = filled(
        ENGLISH,
        grade("Ada Lovelace", "4711", comment='=HYPERLINK("x")'),
        grade("Wei Zhang", "4712", comment="overwrites?"),
    )
    table = read(result.content)
    assert [table.text(row, 11) for row in (1, 2)] == ['\'=HYPERLINK("x")', "Good, but late"]
    assert result.notes == ("1 feedback comments were there already and stay as they are",)


def test_without_a_column_for_comments_they_are_left_out() -> None:
    result = filled(BLIND, grade("Participant 4711", "4711", comment="well done"))
    assert "well done" not in result.content.decode()
    assert result.notes == (
        "the worksheet has no column for feedback comments: turn them on in the assignment's settings",
    )


def test_a_column_can_be_named() -> None:
    assert filled(ENGLISH, grade("Ada Lovelace"), column="grade").column == "Grade"
    with pytest.raises(UsageError, match="--column Status: no such column has the maximum grade beside it"):
        filled(ENGLISH, grade("Ada Lovelace"), column="Status")


def test_a_scale_is_refused() -> None:
    with pytest.raises(UsageError, match="no column with a maximum grade: on a scale, points mean nothing") as raised:
        filled(SCALE, grade("Max Mustermann", "1"))
    assert "grade type to Point" in raised.value.hint


@pytest.mark.parametrize("graded", ["10.00", "0.00"])
def test_a_class_of_one_grade_is_not_taken_for_the_maximum(graded: str) -> None:
    worksheet = GROUPS.replace(",,,10.00", f",,{graded},10.00")
    table = read(filled(worksheet, grade("Ada Lovelace")).content)
    assert [table.text(1, column) for column in (5, 6)] == ["5.00", "10.00"]


def test_every_other_byte_stays() -> None:
    for worksheet in (ENGLISH, GERMAN, CHINESE, BLIND, GROUPS):
        file = b"\xef\xbb\xbf" + worksheet.replace("\n", "\r\n").encode()
        assert fill("moodle", file, []).content == file
