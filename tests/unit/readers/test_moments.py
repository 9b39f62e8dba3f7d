"""Times as platforms write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from torchgrade.readers.moments import _HOURS, moment, told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023-09-21 10:00:00.000000000 Z", "2023-09-21T10:00:00+00:00"),
        ("2023-09-21 10:00:00.999999 -0700", "2023-09-21T10:00:00-07:00"),
        ("2017-06-01T14:22:32.365935-07:00", "2017-06-01T14:22:32-07:00"),
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T15:58:23-08:00"),
        ("2015-02-02 15:58:23.948203 UTC", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02 15:58:23.948203 PST", "2015-02-02T15:58:23-08:00"),
        ("2015-07-02 15:58:23.948203 CEST", "2015-07-02T15:58:23+02:00"),
        ("2015-02-02 15:58:23.948203 ACDT", "2015-02-02T15:58:23+10:30"),
        ("2015-02-02 15:58:23.948203 +08", "2015-02-02T15:58:23+08:00"),
        ("2015-02-02 15:58", "2015-02-02T15:58:00+00:00"),
        ("20150202T155823Z", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02-15-58-23", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02", ""),
        ("2015-02-30 10:00:00 Z", ""),
        ("2015-02-02 10:00:00 CST", ""),
        ("2015-02-02 10:00:00 XYZ", ""),
        ("2015-02-02 10:00:00 Nowhere/Land", ""),
        ("2015-02-02 10:00:00 ../../etc/passwd", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_moment_is_told_with_its_offset(text: str, said: str) -> None:
    assert moment(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" 2015-02-02 10:00:00 Z\n", "2015-02-02T10:00:00+00:00"),
        (" yes\x1bterday\n", "yes?terday"),
        ("x" * 200, "x" * 100),
    ],
)
def test_what_is_no_moment_is_kept_as_it_stands(text: str, said: str) -> None:
    assert told(text) == said


def test_an_abbreviation_has_one_meaning_in_the_tz_database() -> None:
    days = [datetime(2019, 1, 15, 12) + timedelta(days=30 * month) for month in range(96)]
    found: dict[str, set[timedelta | None]] = {}
    for zone in map(ZoneInfo, available_timezones()):
        for day in (each.replace(tzinfo=zone) for each in days):
            found.setdefault(day.tzname() or "", set()).add(day.utcoffset())
    meant = {name: {timedelta(hours=hours)} for name, hours in _HOURS.items() if name != "PST"}
    assert {name: found[name] for name in meant} == meant
