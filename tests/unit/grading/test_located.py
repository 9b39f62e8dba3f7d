"""Lines of attempts, counted in the cell or module where they stand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.grading.located import located
from torchgrade.model.finding import Attempt, CheckResult, Code, Finding
from torchgrade.model.probe import Cell, Source
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.github import Github

VERDICT = Verdict.RUNTIME_ERROR
HEADER = Header(versions={}, isolation="process", seed="")
SCRIPT = Source(text="1\n2\n3", filename="s.py")
BESIDE = replace(SCRIPT, files=(("data.csv", b"1\n2\n"), ("tools/m.py", b"4\n5")))
CELLS = (Cell(name="n.ipynb[cell 2]", first=1), Cell(name="n.ipynb[cell 5]", first=3))
NOTEBOOK = Source(text="1\n2\n3\n4", filename="n.ipynb", cells=CELLS)


def attempt(line: int, code: Code | None = None) -> Attempt:
    finding = Finding(case="", verdict=VERDICT, line=line)
    check = CheckResult(
        name="value", kind="value", verdict=VERDICT, points=Fraction(0), max_points=Fraction(1), findings=(finding,)
    )
    return Attempt(
        submitter="ann",
        exercise="t/e",
        verdict=VERDICT,
        points=Fraction(0),
        max_points=Fraction(1),
        checks=(check,),
        file="hw1/ann/s.py",
        line=line,
        code=code,
    )


@pytest.mark.parametrize(
    ("source", "line", "part", "number", "annotated"),
    [
        (SCRIPT, 3, "", 3, "file=hw1/ann/s.py,line=3"),
        (BESIDE, 3, "", 3, "file=hw1/ann/s.py,line=3"),
        (BESIDE, 5, "tools/m.py", 2, "file=hw1/ann/tools/m.py,line=2"),
        (NOTEBOOK, 2, "n.ipynb[cell 2]", 2, "file=hw1/ann/s.py,title=t/e%2C value%2C cell 2%2C line 2"),
        (NOTEBOOK, 4, "n.ipynb[cell 5]", 2, "file=hw1/ann/s.py,title=t/e%2C value%2C cell 5%2C line 2"),
        (NOTEBOOK, 0, "", 0, "file=hw1/ann/s.py,title"),
    ],
)
def test_lines_are_told_where_they_stand(source: Source, line: int, part: str, number: int, annotated: str) -> None:
    told = located(attempt(line), source)
    assert (told.part, told.line) == (part, number)
    assert [(each.part, each.line) for each in told.checks[0].findings] == [(part, number)]
    assert annotated in b"".join(Github().render(HEADER, [told])).decode()


@pytest.mark.parametrize(
    ("first", "text", "line", "told"),
    [
        (1, "1\n2", 2, Code(file="n.ipynb[cell 2]", line=1, text="1\n2")),
        (2, "2\n3\n4", 4, Code(file="n.ipynb[cell 5]", line=1, text="3\n4")),
        (3, "3\n4", 4, Code(file="n.ipynb[cell 5]", line=1, text="3\n4")),
        (4, "4", 4, Code(file="n.ipynb[cell 5]", line=2, text="4")),
    ],
)
def test_an_excerpt_is_of_one_cell(first: int, text: str, line: int, told: Code) -> None:
    assert located(attempt(line, Code(file="n.ipynb", line=first, text=text)), NOTEBOOK).code == told
