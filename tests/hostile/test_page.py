"""docs/security.md shows what the suite has shown."""

from __future__ import annotations

from hostile.attack import ATTACKS
from hostile.table import PAGE, written


def test_the_table_is_fresh() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "python -m tests.hostile --write"


def test_every_attack_stands_in_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [attack.name for attack in ATTACKS if attack.tries not in page] == []
