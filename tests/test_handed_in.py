"""A class of which every second submission is broken: each says why, in one sentence, and the rest is graded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.corpus.handed_in.archives import GOOD, archive, damaged
from tests.corpus.handed_in.broken import BROKEN, SOUND

from torchgrade.errors import UsageError
from torchgrade.model.exercise import Exercise
from torchgrade.model.observation import IncidentKind
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.readers import read, read_one
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.load import load

EXERCISE = """\
schema: 1
title: Twice
task: Return $2 x$.
entrypoint: double
parameters: {x: [n]}
reference: 2 * x
cases: [{name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}, {draw: 2}]
checks: [value]
"""


def in_folder(root: Path) -> Path:
    for name, content in {**SOUND, **{name: content for name, (content, _) in BROKEN.items()}}.items():
        (root / name).write_bytes(content)
    return root


def in_folders(root: Path) -> Path:
    for name, content in {**SOUND, **{name: content for name, (content, _) in BROKEN.items()}}.items():
        (root / Path(name).stem).mkdir()
        (root / Path(name).stem / name).write_bytes(content)
    return root


def in_archive(root: Path) -> Path:
    files = {**SOUND, **{name: content for name, (content, _) in BROKEN.items()}}
    (root / "class.zip").write_bytes(archive(*files.items()))
    return root / "class.zip"


@pytest.mark.parametrize("handed_in", [in_folder, in_folders, in_archive])
def test_each_says_why_and_the_rest_is_read(tmp_path: Path, handed_in: Callable[[Path], Path]) -> None:
    said = {Path(name).stem: sentence for name, (_, sentence) in BROKEN.items()}
    found = {each.submitter: each for each in read(handed_in(tmp_path))}
    assert set(found) == {*said, *(Path(name).stem for name in SOUND)}
    assert {name: _problem(each) for name, each in found.items() if name not in said and each.problem} == {}
    assert {
        name: _problem(found[name]) for name, sentence in said.items() if sentence not in _problem(found[name])
    } == {}
    for name in said:
        incident = found[name].problem
        assert incident is not None
        assert incident.kind is IncidentKind.UNREADABLE
        assert "\n" not in incident.message


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_of_ones_own_says_the_same(tmp_path: Path, name: str) -> None:
    content, sentence = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    assert sentence in _problem(read_one(tmp_path / name))


def test_the_rest_is_graded(tmp_path: Path) -> None:
    (tmp_path / "twice.yaml").write_text(EXERCISE)
    exercise = load(tmp_path / "twice.yaml", tmp_path)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "eve.py").symlink_to(tmp_path / "twice.yaml")
    os.mkfifo(tmp_path / "class" / "mallory.py")
    with strongest() as sandbox:
        verdicts = _verdicts(Session(sandbox, "1"), in_folder(tmp_path / "class"), exercise)
    sound = {Path(name).stem for name in SOUND}
    assert {name for name, verdict in verdicts.items() if verdict is Verdict.ACCEPTED} == sound
    assert {verdict for name, verdict in verdicts.items() if name not in sound} == {Verdict.INVALID_SUBMISSION}


def _verdicts(session: Session, path: Path, exercise: Exercise) -> dict[str, Verdict]:
    return {each.submitter: session.attempt(each, exercise).verdict for each in read(path)}


def _problem(submission: Submission) -> str:
    return submission.problem.message if submission.problem else ""


def test_damage_in_the_archive_of_a_class_is_one_students(tmp_path: Path) -> None:
    whole = archive(("alice.py", GOOD), ("bob.py", b"def double(x): return x + x"), ("eve.py", GOOD), way=0)
    (tmp_path / "class.zip").write_bytes(damaged(whole, b"def double(x): return x + x"))
    said = {each.submitter: _problem(each) for each in read(tmp_path / "class.zip")}
    assert said == {
        "alice": "",
        "bob": "The file cannot be read: it is damaged in the archive: zip it and hand it in again.",
        "eve": "",
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("archive-empty.zip", "The archive is empty"),
        ("archive-no-zip.zip", "The archive is no zip file"),
        ("archive-cut.zip", "The archive is damaged or was cut off"),
        ("archive-contents-elsewhere.zip", "The archive is damaged or was cut off"),
        ("archive-name-no-utf8.zip", "The archive is damaged or was cut off"),
    ],
)
def test_a_class_whose_archive_is_broken_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_bytes(BROKEN[name][0])
    with pytest.raises(UsageError, match=said) as refused:
        list(read(tmp_path / name))
    assert refused.value.message.startswith(f"{tmp_path / name}: ")
