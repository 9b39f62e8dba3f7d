"""An attack: a submission, and what its first lines say of it.

# tries: what it is up to, in words that go on after "it"
# needs: what the machine must have for it to work at all (`needs.py`); may be absent
# stopped by: the layers, each of which suffices; `parent` or `exec`; absent for a positive control
# evidence: how it is seen to have worked (`evidence.py`); absent for a positive control, which works by being accepted
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: killed, runtime_error

`landlock 6` means Landlock from its ABI 6 on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hostile.evidence import Evidence
from torchgrade.model.isolation import LEVELS, Confinement, Layer
from torchgrade.model.verdict import Verdict

FOLDER = Path(__file__).with_name("attacks")
PARENT, EXEC = "parent", "exec"
CONTROLS = "controls"
ENTRYPOINTS = ("double", "secret", "patience")
_LINE = re.compile(r"# ([a-z ]+): (.+)")


class Outcome(StrEnum):
    """What becomes of an attack."""

    WORKS = "works"
    BLOCKED = "blocked"
    KILLED = "killed"


@dataclass(frozen=True)
class Expected:
    """What becomes of an attack at a level, and the verdict on the submission."""

    outcome: Outcome
    verdict: Verdict


@dataclass(frozen=True)
class Attack:
    """One file. `since` is the ABI from which on Landlock stops it."""

    name: str
    text: str
    tries: str
    needs: str
    stops: frozenset[str]
    since: int
    evidence: Evidence
    expected: dict[str, Expected]

    @property
    def family(self) -> str:
        """The folder it is in."""
        return self.name.partition("/")[0]

    @property
    def is_control(self) -> bool:
        """Whether it does what every honest submission may."""
        return self.family == CONTROLS

    @property
    def entrypoint(self) -> str:
        """The function it defines, which says against which exercise it is graded."""
        return next(name for name in ENTRYPOINTS if f"\ndef {name}(" in self.text)

    @property
    def is_met_by_a_layer(self) -> bool:
        """Whether it is something else than the parent and the exec that stops it."""
        return bool(self.stops & set(Layer))

    def works_in(self, confinement: Confinement, abi: int) -> bool:
        """Whether nothing in this confinement stops it, with Landlock of this ABI."""
        layers = {str(layer) for layer in confinement.layers} | {PARENT, EXEC}
        if abi < self.since:
            layers.discard(Layer.LANDLOCK)
        return not self.stops & layers


def read(path: Path) -> Attack:
    """The attack in a file."""
    text = path.read_text(encoding="utf-8")
    lines = iter(text.splitlines())
    said = dict(found.groups() for line in lines if (found := _LINE.fullmatch(line)))
    stops = [each.split() for each in said.get("stopped by", "").split(", ") if each]
    name = path.relative_to(FOLDER).with_suffix("").as_posix()
    return Attack(
        name=name,
        text=text,
        tries=said["tries"],
        needs=said.get("needs", ""),
        stops=frozenset(each[0] for each in stops),
        since=next((int(each[1]) for each in stops if len(each) > 1), 0),
        evidence=Evidence(said.get("evidence", Evidence.POINTS)),
        expected={level: _expected(said[level]) for level in LEVELS},
    )


def _expected(words: str) -> Expected:
    outcome, verdict = words.split(", ")
    return Expected(outcome=Outcome(outcome), verdict=Verdict(verdict))


ATTACKS = tuple(read(path) for path in sorted(FOLDER.rglob("*.py")))
"""All of them, by name."""
