"""What a text becomes on a screen that may be the log of a CI job."""

from __future__ import annotations

import pytest

from torchgrade.writers.escape import line, screen

GAP = "\N{ZERO WIDTH SPACE}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain: text", "plain: text"),
        ("::error::forged", f":{GAP}:error:{GAP}:forged"),
        ("a\n::set-output name=x::1", f"a\n:{GAP}:set-output name=x:{GAP}:1"),
        (":::", f":{GAP}:{GAP}:"),
        ("##[error]forged", f"#{GAP}#[error]forged"),
        ("##vso[task.complete]", f"#{GAP}#vso[task.complete]"),
        ("## a heading", "## a heading"),
        ("\x1b[31m::\x1b[0merror::", f":{GAP}:error:{GAP}:"),
        (":\x1b[0m:error:\x1b[0m:", f":{GAP}:error:{GAP}:"),
    ],
)
def test_a_screen_shows_no_commands(text: str, shown: str) -> None:
    assert screen(text) == shown
    assert line(text) == " ".join(shown.split())
