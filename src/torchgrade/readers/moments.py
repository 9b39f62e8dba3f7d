"""Times as platforms write them, in ISO 8601 with an offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MOMENT = re.compile(
    r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)[T _-]*(\d\d)[-:.]?(\d\d)(?:[-:.]?(\d\d))?(?:[.,]\d+)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+\d*)+)?"
)


def moment(text: str, otherwise: tzinfo | None = UTC) -> str:
    """`2023-09-21 10:00:00.000000000 Z` → `2023-09-21T10:00:00+00:00`; empty if the text is no time.

    Zones are offsets or names (`America/Los_Angeles`). A time without one is in the zone `otherwise`; None stands for
    this machine's. Fractions of a second are cut off.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return ""
    *numbers, zone = found.groups()
    try:
        told = datetime(*(int(each or 0) for each in numbers), tzinfo=_zone(zone) if zone else otherwise)  # type: ignore[arg-type, misc]
        return (told if told.tzinfo else told.astimezone()).isoformat(timespec="seconds")
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
        return ""


def _zone(name: str) -> tzinfo:
    if name in ("Z", "UTC", "GMT"):
        return UTC
    if name[0] in "+-":
        return datetime.strptime(name, "%z").tzinfo or timezone.utc  # noqa: UP017 - never None here
    return ZoneInfo(name)
