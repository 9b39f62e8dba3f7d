"""A folder for students: the tasks, the cases they may see and files to fill in; nothing that gives answers away.

README.md
exercises/<id>.yaml      what stands in KEPT, the visible cases with their `expected`, the checks that they decide
<entrypoint>.py          a starter for each exercise
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from torchgrade.authoring.scaffold import starter
from torchgrade.checks.value import ValueCheck
from torchgrade.formula.evaluate import scope_of, target
from torchgrade.formula.parse import parse
from torchgrade.inputs.draw import cases, entries
from torchgrade.model.case import Origin
from torchgrade.model.check import Check
from torchgrade.model.exercise import CaseGroup, Exercise, Literal, Spec, Type
from torchgrade.model.value import Tensor
from torchgrade.numeric.arrays import kind_of
from torchgrade.spec.document import Plain
from torchgrade.spec.yaml import read

KEPT = (
    *("schema", "title", "task", "entrypoint", "parameters", "returns", "dims", "call", "hints", "starter", "limits"),
    "random",
)
CASE = ("name", "inputs", "raises", "visible", "dims")
NUMBERS = (None, Type.TENSOR, Type.FLOAT)
CHANCE = ("range", "family", "rank", "condition")
README = """\
# Exercises

{rows}

Write each function into its file; then

    torchgrade check FILE.py --exercises exercises

runs the cases that you may see. Your work will be graded with others as well.
"""


class Dumper(yaml.SafeDumper):
    """Writes text of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _text)


def files(exercises: Iterable[Exercise]) -> Mapping[str, str]:
    """Every file of the bundle: its name and text."""
    bundled = tuple(exercises)
    made = {"README.md": README.format(rows="\n".join(map(_row, bundled)))}
    for exercise in bundled:
        made[f"{exercise.entrypoint}.py"] = starter(exercise)
        if _checks(exercise):
            made[f"exercises/{exercise.id}.yaml"] = statement(exercise)
    return made


def statement(exercise: Exercise) -> str:
    """The exercise's file as students may have it."""
    data = read(Path(exercise.path).read_text(encoding="utf-8"), exercise.path).data
    whole: dict[str, Plain] = data if isinstance(data, dict) else {}
    kept = {name: whole[name] for name in KEPT if name in whole}
    if "parameters" in kept:
        kept["parameters"] = _without_chance(kept["parameters"])
    kept["cases"] = list(_cases(exercise, whole.get("cases")))
    checks = _items(whole.get("checks", ["value"]))
    kept["checks"] = [check for check, known in zip(checks, exercise.checks, strict=True) if known in _checks(exercise)]
    return yaml.dump(kept, Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)


def _cases(exercise: Exercise, written: Plain) -> Iterator[Plain]:
    """The visible entries; without a formula beside them, whole numbers must say themselves that they are floating."""
    floating = _floating(exercise)
    for index, entry in enumerate(_items(written)):
        if index in _visible(exercise) and isinstance(entry, dict):
            kept: dict[str, Plain] = {key: entry[key] for key in CASE if key in entry}
            expected = exercise.cases[index].expected
            if expected:
                kept["expected"] = {name: _written(said, name in floating) for name, said in expected.items()}
            yield kept


def _floating(exercise: Exercise) -> frozenset[str]:
    """The outcomes whose numbers are floating: gradients, and what the formulas say."""
    given = (case for case in cases(exercise, exercise.digest) if case.origin is Origin.GIVEN and case.raises is None)
    first = next(given, None)
    found = {name for group in exercise.cases for name in group.expected if name.endswith(".grad")}
    if first is not None:
        for name, text in exercise.reference.formula.items():
            spec = exercise.returns.get(name, Spec())
            value = target(parse(text), scope_of(exercise, first)).value if spec.type in NUMBERS else None
            if isinstance(value, Tensor) and kind_of(value.dtype) == "float":
                found.add(name)
    return frozenset(found)


def _written(literal: Literal, floating: bool) -> Plain:
    """A literal as YAML; where it is floating, whole numbers are written with a point."""
    if isinstance(literal, tuple):
        return [_written(item, floating) for item in literal]
    if isinstance(literal, Mapping):
        return {name: _written(item, floating) for name, item in literal.items()}
    if not floating or isinstance(literal, bool):
        return literal
    return f"float({literal})" if isinstance(literal, str) else float(literal) if literal is not None else None


def _row(exercise: Exercise) -> str:
    unseen = "" if _checks(exercise) else ", which no visible case checks"
    return f"- `{exercise.entrypoint}.py`: {exercise.title} (`{exercise.id}`){unseen}"


def _visible(exercise: Exercise) -> tuple[int, ...]:
    """The entries of `cases` in which nothing is hidden or left to chance."""
    seen = [entry.content for entry in entries(exercise) if entry.origin is Origin.GIVEN]
    return tuple(
        index
        for index, group in enumerate(exercise.cases)
        if group.visible is not False and (group.expected or group.raises) and any(group is one for one in seen)
    )


def _checks(exercise: Exercise) -> tuple[Check, ...]:
    """The checks that the visible cases decide on their own: values with an `expected`, and rules."""
    groups = [exercise.cases[index] for index in _visible(exercise)]
    values = [check for check in exercise.checks if isinstance(check, ValueCheck) and not check.cases]
    decided = [check for check in values if groups and all(_decides(exercise, check, group) for group in groups)]
    rules = [check for check in exercise.checks if not check.looks_at_cases()]
    return tuple(check for check in exercise.checks if check in decided or (decided and check in rules))


def _decides(exercise: Exercise, check: ValueCheck, group: CaseGroup) -> bool:
    wanted = [check.of] if check.of else list(exercise.returns)
    return group.raises is not None or all(outcome in group.expected for outcome in wanted)


def _without_chance(parameters: Plain) -> Plain:
    """What a parameter is, without how it is drawn."""
    specs = parameters.items() if isinstance(parameters, dict) else ()
    return {
        name: {key: value for key, value in spec.items() if key not in CHANCE} if isinstance(spec, dict) else spec
        for name, spec in specs
    }


def _items(data: Plain) -> Iterator[Plain]:
    yield from data if isinstance(data, list) else ()
