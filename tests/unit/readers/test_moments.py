"""Times as platforms write them."""

from __future__ import annotations

import pytest

from torchgrade.readers.moments import moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023-09-21 10:00:00.000000000 Z", "2023-09-21T10:00:00+00:00"),
        ("2023-09-21 10:00:00.999999 -0700", "2023-09-21T10:00:00-07:00"),
        ("2017-06-01T14:22:32.365935-07:00", "2017-06-01T14:22:32-07:00"),
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T15:58:23-08:00"),
        ("2015-02-02 15:58:23.948203 UTC", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02 15:58", "2015-02-02T15:58:00+00:00"),
        ("20150202T155823Z", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02-15-58-23", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02", ""),
        ("2015-02-30 10:00:00 Z", ""),
        ("2015-02-02 10:00:00 Nowhere/Land", ""),
        ("2015-02-02 10:00:00 ../../etc/passwd", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_moment_is_told_with_its_offset(text: str, said: str) -> None:
    assert moment(text) == said
