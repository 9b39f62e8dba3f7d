"""Times as platforms write them, in ISO 8601 with an offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from torchgrade.readers.names import printable

_MOMENT = re.compile(
    r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)[T _-]*(\d\d)[-:.]?(\d\d)(?:[-:.]?(\d\d))?(?:[.,]\d+)?\s*"
    r"(Z|[+-]\d\d(?::?\d\d)?|[A-Z]{3,4}|[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+\d*)+)?"
)
_LONGEST = 100
# What `%Z` writes, by hours: all that has one meaning in the IANA tz database (2025b) since 2019, and PST, which is
# Manila's as well. CST and CDT (America, China, Cuba) and IST (India, Ireland, Israel) are nobody's to guess.
_ABBREVIATIONS = {
    -10: "HST",
    -9: "AKST",
    -8: "PST AKDT",
    -7: "MST PDT",
    -6: "MDT",
    -5: "EST",
    -4: "AST EDT",
    -3.5: "NST",
    -3: "ADT",
    -2.5: "NDT",
    0: "UTC GMT WET",
    1: "CET BST WEST WAT",
    2: "EET CEST CAT SAST",
    3: "MSK EEST EAT",
    5: "PKT",
    7: "WIB",
    8: "AWST HKT",
    9: "JST KST",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
}
_HOURS = {name: hours for hours, names in _ABBREVIATIONS.items() for name in names.split()}


def told(text: str, otherwise: tzinfo | None = UTC) -> str:
    """The moment, else what stands there: a time that nobody understands is not the same as none."""
    text = printable(text.strip())
    return moment(text, otherwise) or text[:_LONGEST]


def moment(text: str, otherwise: tzinfo | None = UTC) -> str:
    """`2023-09-21 10:00:00.000000000 Z` → `2023-09-21T10:00:00+00:00`; empty if the text is no time.

    Zones are offsets, names (`America/Los_Angeles`) or abbreviations that have one meaning. A time without one is in
    the zone `otherwise`; None stands for this machine's. Fractions of a second are cut off.
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
    if name == "Z":
        return UTC
    if name[0] in "+-":
        full = name if len(name) > len("+08") else f"{name}00"
        return datetime.strptime(full, "%z").tzinfo or timezone.utc  # noqa: UP017 - never None here
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else ZoneInfo(name)
