"""The key of an attempt: equal keys mean that grading again would give the same attempt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256

from torchgrade.model.exercise import Limits
from torchgrade.model.report import Header


def key(header: Header, language: str, exercise: tuple[str, str], submission: str) -> str:
    """The key of one attempt, in 80 hexadecimal digits, by the exercise's id and digest and the submission's digest.

    The first 16 are of the submission alone, so that the attempts of one are neighbours in an index: a transaction that
    keeps them writes one page and not one for each. The others are sha256 of canonical JSON of everything.
    """
    return keys(header, language)(*exercise, submission)


def keys(header: Header, language: str, limits: Limits | None = None) -> Callable[[str, str, str], str]:
    """The keys of a run, by id and digest of the exercise, and digest of the submission.

    The digest of an exercise says nothing of its id, which attempts tell, and which draws its inputs with the seed.
    `limits` are those that stand in place of the exercises' own; the digest of an exercise covers its own ones, and
    that of a submission everything that runs. The seed is secret: only its digest goes in.
    """
    context = _digest(
        {
            "isolation": header.isolation,
            "language": language,
            "limits": asdict(limits) if limits else None,
            "seed": sha256(header.seed.encode("utf-8", "surrogatepass")).hexdigest(),
            "versions": dict(header.versions),
        }
    )

    def key(name: str, exercise: str, submission: str) -> str:
        whole = _digest({"context": context, "exercise": exercise, "id": name, "submission": submission})
        return _digest(submission)[:16] + whole

    return key


def _digest(data: dict[str, object] | str) -> str:
    """sha256 of the data as canonical JSON."""
    return sha256(_canonical(data).encode("ascii")).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode
