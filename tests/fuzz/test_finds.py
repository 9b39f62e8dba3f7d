"""What was found once stays mended, and a few mutated inputs of every target: the same ones each time.

`make fuzz` goes on from here, guided by coverage, until it reaches nothing new.
"""

from __future__ import annotations

import json
import os
import time
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from tests.fuzz.__main__ import Run, processor_seconds
from tests.fuzz.names import MODULES
from tests.fuzz.targets import FINDS, Target, within_bytes, within_seconds

from torchgrade.errors import WireError
from torchgrade.wire import frames, replies

KEPT = sorted(path for path in FINDS.glob("*/*") if path.is_file())
INPUTS = {"reply": 2_000, "yaml": 1_000, "formula": 4_000}


def target_of(name: str) -> Target:
    return import_module(MODULES[name]).TARGET


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_is_mended(path: Path) -> None:
    target_of(path.parent.name).check(path.read_bytes())


@pytest.mark.parametrize("name", MODULES)
def test_mutated_inputs_break_no_promise(name: str) -> None:
    target, random = target_of(name), Random(3)  # noqa: S311
    for _ in range(INPUTS[name]):
        data = random.choice(target.seeds())
        for _ in range(random.choice((1, 1, 2, 4))):
            data = target.mutate(data, random)[: target.longest]
        try:
            target.check(data)
        except Exception as error:
            error.add_note(f"the input is {data!r}")
            raise


def long(*parts: str) -> bytes:
    """A header as long as is allowed: the first part, the second as often as it fits, and the third."""
    begin, middle, end = parts
    return (begin + middle * ((frames.MAX_HEADER - len(begin) - len(end)) // len(middle)) + end).encode("ascii")


def framed(text: bytes, body: int = 0) -> bytes:
    return frames.PREFIX.pack(len(text), body) + text


ANSWERS = '{"number":1,"answers":['
BOMBS = {
    "brackets": framed(b"[" * frames.MAX_HEADER),
    "lists": framed(long("[", "[],", "0]")),
    "mappings": framed(long(ANSWERS, '{"is":0},', "0]}")),
    "digits": framed(long('{"number":', "9", ',"answers":[]}')),
    "names": framed(long(ANSWERS + '{"is":"incident","kind":"exception","bases":[', '"",', '""]}]}')),
    "numbers": framed(long(ANSWERS + '{"is":"derivatives","shape":[', "1e9,", "1]}]}")),
    "shape": framed(
        json.dumps(
            {"number": 1, "answers": [{"is": "snapshot", "after": [], "returned": ["float64", [2**23]]}]}
        ).encode("ascii")
    ),
    "body": framed(b'{"number":1,"answers":[]}', 2**26),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_nothing_is_allocated_on_a_claim(bomb: bytes) -> None:
    with within_seconds(5), within_bytes(200_000 + 40 * len(bomb)), pytest.raises(WireError):
        replies.decode(bomb, 1)


def test_only_a_process_that_had_its_time_is_quiet() -> None:
    run = Run("reply", used=500.0, newest=0.0, start=time.monotonic() - 3600)
    assert not run.is_over(600, 7200)
    run.used = 601.0
    assert run.is_over(600, 7200)
    run.read("#9\tNEW    cov: 3 ft: 4 corp: 2/9b lim: 4 exec/s: 9 rss: 9Mb")
    assert not run.is_over(600, 7200)
    assert run.is_over(600, 3000)


def test_processor_time_is_that_of_the_process() -> None:
    assert 0 < processor_seconds(os.getpid()) <= time.process_time() + 0.1
