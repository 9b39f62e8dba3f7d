"""The student's own lines, for a report: read with `ast`, never run."""

from __future__ import annotations

import ast

from torchgrade.checks.usage import line_of, parsed
from torchgrade.model.finding import Code
from torchgrade.model.submission import Submission

MOST_LINES = 60
AROUND = 8
"""So many lines on each side of a place that stands in no definition."""
LONGEST = 240


def excerpt(submission: Submission, entrypoint: str, line: int) -> Code | None:
    """The definition that `line` stands in, else that of the entry point; of a long one the part around the line.

    None if the file has no such line, as where nothing could be read.
    """
    text = submission.source.text
    lines = text.split("\n")
    place = line if 0 < line <= len(lines) else line_of(text, entrypoint)
    if not place:
        return None
    first, last = _definition(text, place)
    if last - first >= MOST_LINES:
        first = max(first, min(place - MOST_LINES // 2, last - MOST_LINES + 1))
    shown = [each.rstrip("\r")[:LONGEST] for each in lines[first - 1 : min(last, first + MOST_LINES - 1)]]
    return Code(file=submission.source.filename, line=first, text="\n".join(shown))


def _definition(text: str, place: int) -> tuple[int, int]:
    """The first and last line of the function or class at a line, decorators included; else the lines around it."""
    for statement in parsed(text).body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
            last = statement.end_lineno or statement.lineno
            if first <= place <= last:
                return first, last
    return max(1, place - AROUND), place + AROUND
