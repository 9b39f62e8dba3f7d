"""What is fuzzed: each target takes any bytes, and raises nothing unless a promise is broken."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent
FINDS = FOLDER / "finds"
EXERCISES = FOLDER.parents[1] / "exercises"
CORPUS = FOLDER.parent / "corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`check` raises what is a find; `mutate` makes another input out of one, in the target's own grammar.

    `longest` is the bytes of an input, `words` what its texts are made of.
    """

    name: str
    longest: int
    words: tuple[str, ...]
    seeds: Callable[[], tuple[bytes, ...]]
    check: Callable[[bytes], None]
    mutate: Callable[[bytes, Random], bytes]


@contextmanager
def within_seconds(allowed: float) -> Iterator[None]:
    """Fail what takes more seconds of this process's own time."""
    start = time.process_time()
    yield
    taken = time.process_time() - start
    assert taken <= allowed, f"it took {taken:.1f} s"


@contextmanager
def within_bytes(allowed: int) -> Iterator[None]:
    """Fail what has more bytes allocated at any time."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= allowed, f"it took {peak:,} bytes; {allowed:,} are allowed"
