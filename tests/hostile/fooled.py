"""The naive grader (`naive.py`), asked to grade an attack."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hostile.attack import Attack
from hostile.evidence import Evidence
from hostile.stage import FACTOR, Stage

_QUICK, _SLOW = 0.3, 20.0
"""Seconds after which it counts as hung, where that is what is to be shown; and where it is not."""


class Naive:
    """The naive grader, as a process that is asked one job after another."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        program = Path(__file__).with_name("naive.py")
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(program), str(stage.course / "open.txt"), stage.secret("arguments")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"TORCHGRADE_FACTOR": FACTOR, "TORCHGRADE_CANARY": stage.secret("environment")},
        )
        self._ask(f"# {stage.secret('earlier')}\ndef double(x, stage): return 2 * x", "double", _SLOW)

    def run(self, attack: Attack) -> set[Evidence]:
        """What is found when the naive grader is attacked."""
        seconds = _QUICK if attack.evidence is Evidence.BROKEN else _SLOW
        report = self._ask(attack.text, attack.entrypoint, seconds)
        found = set()
        if attack.entrypoint == "secret" and report["passed"]:
            found.add(Evidence.POINTS)
        if report["broken"]:
            found.add(Evidence.BROKEN)
        text = str(report["text"])
        if self._stage.is_told_in(text):
            found.add(Evidence.SECRET)
        if self._stage.worked in text:
            found.add(Evidence.WORD)
        if "INJECTED" in text:
            found.add(Evidence.TEXT)
        return found

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _ask(self, text: str, entrypoint: str, seconds: float) -> dict[str, object]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = {"text": text, "entrypoint": entrypoint, "facts": self._stage.facts(), "seconds": seconds}
        print(json.dumps(job), file=self._process.stdin, flush=True)
        answer: dict[str, object] = json.loads(self._process.stdout.readline())
        return answer
