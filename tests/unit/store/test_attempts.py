"""Attempts as they are kept: exact, nobody's, and never one that may come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.store.pieces import attempt, submission

from torchgrade.model.verdict import Verdict
from torchgrade.store.attempts import KEEP, is_fleeting, packed, unpacked
from torchgrade.store.columns import squeezed, unsqueezed
from torchgrade.store.database import Store

ADA = submission("ada")
KEY = bytes(32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state") as store:
        yield store


def test_an_attempt_is_kept_without_whose_it_is() -> None:
    kept = attempt(ADA, "tensor/a", Verdict.WRONG_ANSWER)
    assert unpacked(packed(kept)) == replace(kept, submitter="", file="", submission_digest="")
    assert b"ada.py" not in unsqueezed(packed(kept))


def test_the_last_one_is_there(store: Store) -> None:
    for verdict in (Verdict.WRONG_ANSWER, Verdict.ACCEPTED):
        content = packed(attempt(ADA, "tensor/a", verdict))
        store.connection.execute(KEEP, (KEY, verdict.value, content)).fetchone()
    ((verdict, content),) = store.connection.execute("SELECT verdict, content FROM attempts").fetchall()
    assert verdict == unpacked(content).verdict.value == "accepted"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_time_outs_and_our_faults_are_not_kept(verdict: Verdict) -> None:
    passes = verdict in (Verdict.TIME_LIMIT_EXCEEDED, Verdict.JUDGE_ERROR)
    assert is_fleeting(attempt(ADA, "tensor/a", verdict)) is passes
    assert is_fleeting(attempt(ADA, "tensor/a", Verdict.INVALID_SUBMISSION, within=verdict)) is passes


@pytest.mark.parametrize("text", ["", "short", "x" * 10_000, "".join(chr(0x4E00 + number) for number in range(5000))])
def test_json_is_compressed_if_that_pays(text: str) -> None:
    data = b'{"printed":"' + text.encode() + b'"}'
    assert unsqueezed(squeezed(data)) == data
    assert len(squeezed(data)) <= len(data)
