"""What the runner of Classroom 50 tells an autograder about the submission it is to grade, by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from torchgrade.errors import UsageError
from torchgrade.writers.classroom50 import Identity

NEEDED = ("CLASSROOM", "ASSIGNMENT", "OWNER", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
TYPES = ("individual", "group", "team")
TAG = "submit/"


def identity(environ: Mapping[str, str], now: datetime) -> Identity:
    """Which submission this is. Raises UsageError if the environment does not say it."""
    known = {name: value.strip() for name, value in environ.items() if value.strip()}
    known.setdefault("OWNER", known.get("USERNAME", ""))
    missing = [name for name in NEEDED if not known.get(name)]
    if missing:
        raise UsageError(
            f"the format classroom50 needs to know which submission this is: {', '.join(missing)} not set",
            hint="the runner of Classroom 50 sets them for autograder.py; elsewhere use another format",
        )
    number = known.get("GITHUB_ACTOR_ID", "")
    return Identity(
        classroom=known["CLASSROOM"],
        assignment=known["ASSIGNMENT"],
        assignment_type=_type(known.get("ASSIGNMENT_TYPE", TYPES[0])),
        owner=known["OWNER"],
        submission=_tag(known["SUBMISSION_TAG"]),
        commit=known["COMMIT_URL"],
        release=known["RELEASE_URL"],
        review=known.get("REVIEW_URL", known["COMMIT_URL"]),
        datetime=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        username=known.get("GITHUB_ACTOR", ""),
        user_id=int(number) if number.isascii() and number.isdecimal() else None,
    )


def _type(given: str) -> str:
    if given not in TYPES:
        raise UsageError(f"ASSIGNMENT_TYPE is {given!r}", hint=f"it is one of {', '.join(TYPES)}")
    return given


def _tag(given: str) -> str:
    if not given.startswith(TAG):
        raise UsageError(f"SUBMISSION_TAG is {given!r}", hint=f"it begins with {TAG}")
    return given
