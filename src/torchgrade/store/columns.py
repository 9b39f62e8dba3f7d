"""How values stand in the columns of the tables."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from torchgrade.model.observation import Incident
from torchgrade.model.probe import Source
from torchgrade.model.verdict import Verdict
from torchgrade.wire.codec import Codec

Score: TypeAlias = tuple[str, Verdict, Fraction, Fraction]
"""How a check came out: its name, the verdict, points and what was possible."""
_LEVEL = 1
_WORTH_IT = 0.8
"""Compressed, if it is then so much of what it was, or less."""
_SOURCES, _INCIDENTS = Codec(Source), Codec(Incident)


def squeezed(data: bytes) -> bytes:
    """JSON, compressed if that pays."""
    small = zlib.compress(data, _LEVEL)
    return small if len(small) <= _WORTH_IT * len(data) else data


def unsqueezed(content: bytes) -> bytes:
    """The JSON that was squeezed."""
    return content if content[:1] == b"{" else zlib.decompress(content)


def packed_source(source: Source) -> bytes:
    """Code and the files beside it."""
    return squeezed(_SOURCES.encode(source))


def unpacked_source(content: bytes) -> Source:
    """The source in these bytes; WireError or zlib.error if there is none."""
    return _SOURCES.decode(unsqueezed(content))


def packed_problem(problem: Incident | None) -> bytes | None:
    """Why something could not be read, if it could not."""
    return _INCIDENTS.encode(problem) if problem else None


def unpacked_problem(data: bytes | None) -> Incident | None:
    """The problem in these bytes, if there are any."""
    return _INCIDENTS.decode(data) if data else None


def packed_scores(scores: Iterable[Score]) -> str:
    """The scores of all checks, exactly."""
    return json.dumps(
        [[name, verdict.value, str(got), str(of)] for name, verdict, got, of in scores], ensure_ascii=False
    )


def unpacked_scores(text: str) -> tuple[Score, ...]:
    """The scores in this text."""
    return tuple((name, Verdict(word), Fraction(got), Fraction(of)) for name, word, got, of in json.loads(text))


def whose(submitter: str, account: str) -> str:
    """A student, as the tables tell one from another: by the platform's account, if there is one."""
    return f"account {account}" if account else f"name {submitter}"
