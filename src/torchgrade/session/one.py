"""One solution against one exercise, in Python."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.readers import read_one
from torchgrade.sandbox import strongest
from torchgrade.session.session import Session
from torchgrade.spec.load import load
from torchgrade.store import bank


def grade(source: str | Path, exercise: str | Path | Exercise, *, seed: str = "") -> Attempt:
    """Grade one solution: its text or its file, against an exercise, its file or its id in the bank."""
    if isinstance(source, Path):
        submission = read_one(source)
    else:
        submission = Submission(
            submitter="you",
            path="submission.py",
            source=Source(text=source, filename="submission.py"),
            digest=sha256(source.encode("utf-8", "replace")).hexdigest(),
        )
    with strongest() as sandbox:
        return Session(sandbox, seed).attempt(submission, _exercise(exercise))


def _exercise(exercise: str | Path | Exercise) -> Exercise:
    if isinstance(exercise, Exercise):
        return exercise
    if isinstance(exercise, Path):
        return load(exercise, exercise.parent)
    return bank.one(bank.folder(None), exercise)
