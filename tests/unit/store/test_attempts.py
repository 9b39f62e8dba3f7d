"""Attempts by key: exact, nobody's, and never one that may come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.store.pieces import HEADER, attempt, submission

from torchgrade.model.verdict import Verdict
from torchgrade.store.columns import squeezed, unsqueezed
from torchgrade.store.database import Store
from torchgrade.store.key import key

ADA = submission("ada")
KEY, OTHER = (key(HEADER, "en", "e1", each) for each in ("s1", "s2"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state") as store:
        yield store


def test_an_attempt_is_kept_without_whose_it_is(store: Store) -> None:
    kept = attempt(ADA, "tensor/a", Verdict.WRONG_ANSWER)
    assert store.attempts.get(KEY) is None
    assert store.attempts.keep(KEY, kept)
    assert store.attempts.get(KEY) == replace(kept, submitter="", file="", submission_digest="")
    assert store.attempts.known([OTHER, KEY]) == {KEY}
    assert b"ada.py" not in store.connection.execute("SELECT content FROM attempts").fetchone()[0]


def test_the_last_one_is_there(store: Store) -> None:
    for verdict in (Verdict.WRONG_ANSWER, Verdict.ACCEPTED):
        store.attempts.keep(KEY, attempt(ADA, "tensor/a", verdict))
    found = store.attempts.get(KEY)
    assert found is not None
    assert found.verdict is Verdict.ACCEPTED
    assert store.connection.execute("SELECT verdict FROM attempts").fetchall() == [("accepted",)]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_time_outs_and_our_faults_are_not_kept(store: Store, verdict: Verdict) -> None:
    lasts = verdict not in (Verdict.TIME_LIMIT_EXCEEDED, Verdict.JUDGE_ERROR)
    assert store.attempts.keep(KEY, attempt(ADA, "tensor/a", verdict)) is lasts
    assert store.attempts.keep(OTHER, attempt(ADA, "tensor/a", Verdict.INVALID_SUBMISSION, within=verdict)) is lasts
    assert store.attempts.known([KEY, OTHER]) == ({KEY, OTHER} if lasts else frozenset())


@pytest.mark.parametrize("text", ["", "short", "x" * 10_000, "".join(chr(0x4E00 + number) for number in range(5000))])
def test_json_is_compressed_if_that_pays(text: str) -> None:
    data = b'{"printed":"' + text.encode() + b'"}'
    assert unsqueezed(squeezed(data)) == data
    assert len(squeezed(data)) <= len(data)
