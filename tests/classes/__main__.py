"""Make a class: `python -m tests.classes --submitters 200 --exercises linalg/solve autograd/quadratic --into DIR`.

DIR/submissions is what a platform gives out (submissions.zip with --zip); DIR/manifest.jsonl says of each submitter
what they handed in and what to expect on each exercise, where that is certain.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.classes.handin import Kind, Member, Work
from tests.classes.layouts import LAYOUTS, submitters, write
from tests.classes.members import MIX, NOTEBOOKS, Plan, members

from torchgrade.model.verdict import Verdict
from torchgrade.spec.load import load_bank

ROOT = Path(__file__).parents[2]


def manifest(layout: str, everybody: Sequence[Member]) -> Iterator[str]:
    """A line of JSON for each submitter."""
    names = submitters(layout, everybody)
    for name, each in zip(names, everybody, strict=True):
        line = {
            "submitter": name,
            "account": each.person.number,
            "kind": each.kind,
            "late": each.is_late,
            "number": each.number,
            "copied_from": names[each.friend] if each.friend >= 0 else "",
            "exercises": {
                id: {"what": work.what, "expected": expected(work), "mistake": work.mistake}
                for id, work in each.works.items()
            },
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def expected(work: Work) -> str:
    """The verdict if it is certain; `not accepted`, or `any` but a judge error."""
    certain = work.verdicts[0] if len(work.verdicts) == 1 else ""
    return certain or ("any" if Verdict.ACCEPTED in work.verdicts else "not accepted")


def mix(text: str) -> Mapping[Kind, float]:
    """`right=60,wrong=25`: weights, of which those left out are none."""
    parts = [part.partition("=") for part in text.split(",")]
    found = {Kind(name.strip()): float(weight) for name, _, weight in parts}
    if min(found.values()) < 0 or not sum(found.values()):
        raise ValueError(text)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Make and write one."""
    parser = argparse.ArgumentParser(prog="python -m tests.classes", description=__doc__)
    parser.add_argument("--submitters", type=int, default=200)
    parser.add_argument("--mix", type=mix, default=MIX, help="right=60,wrong=25,crashing=5,hanging=2,empty=3,hostile=5")
    parser.add_argument("--exercises", nargs="+", default=["linalg/solve"], metavar="ID")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", choices=LAYOUTS, default="directory")
    parser.add_argument("--notebooks", type=float, default=NOTEBOOKS, help="the share of them, 0 to 1")
    parser.add_argument("--zip", action="store_true", help="one archive in place of a folder")
    parser.add_argument("--into", type=Path, required=True)
    given = parser.parse_args(arguments)
    bank = {each.id: each for each in load_bank(ROOT / "exercises")[0]}
    if unknown := [id for id in given.exercises if id not in bank]:
        parser.error(f"there is no exercise {', '.join(unknown)}")
    plan = Plan(
        exercises=tuple(bank[id] for id in given.exercises),
        count=given.submitters,
        mix=given.mix,
        seed=given.seed,
        notebooks=1.0 if given.layout == "nbgrader" else given.notebooks,
    )
    everybody = tuple(members(plan))
    given.into.mkdir(parents=True, exist_ok=True)
    write(given.layout, everybody, given.into / ("submissions.zip" if given.zip else "submissions"))
    (given.into / "manifest.jsonl").write_text("".join(manifest(given.layout, everybody)), encoding="utf-8")
    print(f"{len(everybody)} submitters in {given.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
