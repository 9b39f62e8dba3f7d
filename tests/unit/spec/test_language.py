"""What authors say to students, in one language."""

from __future__ import annotations

import pytest

from torchgrade.spec.language import spoken
from torchgrade.spec.load import load_text

EXERCISE = """
schema: 1
title: {en: Double, zh: 翻倍}
task: Return $2x$.
entrypoint: f
parameters: {x: [n]}
reference: 2*x
cases: [{name: c, inputs: {x: [1]}, expected: [2]}]
checks:
  - {kind: value, says: {en: Wrong., zh: 错了。}, help: Look.}
mistakes:
  - {id: squared, formula: x**2, says: {en: Squared., zh: 平方了。}}
"""


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("zh", {"zh": "翻倍"}, ["错了。", "Look.", "平方了。", ""]),
        ("en", {"en": "Double"}, ["Wrong.", "Look.", "Squared.", ""]),
        ("fr", {"en": "Double"}, ["Wrong.", "Look.", "Squared.", ""]),
    ],
)
def test_everything_a_student_reads_is_in_one_language(language: str, title: dict[str, str], words: list[str]) -> None:
    exercise = spoken(load_text(EXERCISE, "f.yaml", "f"), language)
    (check,), (mistake,) = exercise.checks, exercise.mistakes
    assert dict(exercise.title.translations) == title
    assert list(map(str, (check.says, check.help, mistake.says, mistake.help))) == words
