"""There and back: who was read from a platform's export is found in the platform's own file for grades."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path, PurePosixPath

import pytest

from torchgrade.readers import handins
from torchgrade.readers.tree import Entry, Handin, Tree
from torchgrade.writers.fill import Grade, fill

CANVAS = """\
Student,ID,SIS Login ID,Section,HW 1 (1201)
    Points Possible,,,,10.00
"Lovelace, Ada",4711,ada,CS 101,
"O'Neill, Dara",4712,dara,CS 101,
"Zhang, Wei",4713,wei1,CS 101,
"Zhang, Wei",4714,wei2,CS 101,
"van Dyke, Anton",4715,anton,CS 101,
王小明,4716,wang,CS 101,
"""
MOODLE = """\
Identifier,"Full name",Status,Grade,"Maximum Grade","Last modified (grade)"
"Participant 4711","Ada Lovelace",Submitted,,10.00,-
"Participant 4712","Dara O'Neill (Pepa)",Submitted,,10.00,-
"Participant 4713","Wei Zhang",Submitted,,10.00,-
"Participant 4714","Wei Zhang",Submitted,,10.00,-
"Participant 4715","Jörg Müller-Lüdenscheidt",Submitted,,10.00,-
"Participant 4716","王 小明",Submitted,,10.00,-
"""
EXPORTS = {
    "canvas": (
        "lovelaceada_4711_1_hw1.py",
        "oneilldara_LATE_4712_2_hw1.py",
        "zhangwei_4713_3_hw1.py",
        "zhangwei_4714_4_hw1.py",
        "vandykeanton_4715_5_hw1.py",
        "王小明_4716_6_hw1.py",
    ),
    "moodle": (
        "Ada Lovelace_4711_assignsubmission_file/hw1.py",
        "Dara ONeill (Pepa)_4712_assignsubmission_file/hw1.py",
        "Wei Zhang_4713_assignsubmission_file/hw1.py",
        "Wei Zhang_4714_assignsubmission_file/hw1.py",
        "Jörg Müller-Lüdenscheidt_4715_assignsubmission_file/hw1.py",
        "王 小明_4716_assignsubmission_file/hw1.py",
    ),
}


def read(platform: str) -> Iterator[Handin]:
    entries = [Entry(path=PurePosixPath(path), size=1, problem="", read=bytes) for path in sorted(EXPORTS[platform])]
    return handins(Tree(name="class", place=str(Path("class.zip")), entries=tuple(entries)))


@pytest.mark.parametrize(("platform", "file"), [("canvas", CANVAS), ("moodle", MOODLE)])
def test_everybody_is_found_again(platform: str, file: str) -> None:
    grades = [
        Grade(
            submitter=each.submitter,
            account=each.account,
            points=Fraction(int(each.account), 1000),
            max_points=Fraction(10),
        )
        for each in read(platform)
    ]
    filled = fill("", file.encode(), grades)
    assert (filled.platform, filled.filled) == (platform, 6)
    assert (filled.unmatched, filled.ambiguous, filled.ungraded) == ((), (), ())
    for account in range(4711, 4717):
        (line,) = (each for each in filled.content.decode().splitlines() if str(account) in each)
        assert f",{account // 10 / 100:.2f}" in line
