"""The key of an attempt: equal keys mean that grading again would give the same attempt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256

from torchgrade.model.exercise import Limits
from torchgrade.model.report import Header


def key(header: Header, language: str, exercise_digest: str, submission_digest: str) -> str:
    """The key of one attempt, in 80 hexadecimal digits.

    The first 16 are of the submission alone, so that the attempts of one are neighbours in an index: a transaction that
    keeps them writes one page and not one for each. The others are sha256 of canonical JSON of everything.
    """
    return keys(header, language)(exercise_digest, submission_digest)


def keys(header: Header, language: str, limits: Limits | None = None) -> Callable[[str, str], str]:
    """The keys of a run, by the digests of exercise and submission.

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

    def key(exercise: str, submission: str) -> str:
        whole = _digest({"context": context, "exercise": exercise, "submission": submission})
        return _digest(submission)[:16] + whole

    return key


def _digest(data: dict[str, object] | str) -> str:
    """sha256 of the data as canonical JSON."""
    return sha256(_canonical(data).encode("ascii")).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode
