"""`python -m tests.hostile --write` writes the table of docs/security.md; without it, says whether it is fresh."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile.table import PAGE, written


def main() -> int:
    """0 if the page is as it must be."""
    page = PAGE.read_text(encoding="utf-8")
    if "--write" in sys.argv[1:]:
        PAGE.write_text(written(page), encoding="utf-8")
        return 0
    print("fresh" if written(page) == page else "stale: python -m tests.hostile --write")
    return int(written(page) != page)


if __name__ == "__main__":
    raise SystemExit(main())
