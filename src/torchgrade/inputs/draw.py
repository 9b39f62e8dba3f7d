"""The cases of an exercise: every entry of `cases` with its inputs resolved, the same for the same seed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import distance_to_kink, scope_of
from torchgrade.formula.parse import parse
from torchgrade.inputs import edges
from torchgrade.inputs.chance import Turns, generator
from torchgrade.inputs.dtypes import case_dtype
from torchgrade.inputs.parameters import Recipe, inputs
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import CaseGroup, Edge, Exercise, Spec, Type

FAR_FROM_KINK = 1e-3
_REDRAWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One case before its inputs are known; `ordinal` counts within its entry of the file."""

    name: str
    group: str
    origin: Origin
    ordinal: int
    content: CaseGroup
    edge: Edge | None = None


def cases(exercise: Exercise, seed: str) -> tuple[Case, ...]:
    """Every case, in the order of the file. FormulaError where one cannot be made."""
    return tuple(_case(exercise, entry, seed) for entry in entries(exercise))


def entries(exercise: Exercise) -> Iterator[Entry]:
    """The names of all cases: given ones by their own, drawn ones numbered, edges by their word."""
    used: Counter[str] = Counter()
    for content in exercise.cases:
        if content.edges:
            yield from _edge_entries(content, used)
            continue
        origin = Origin.DRAWN if _draws(exercise, content) else Origin.GIVEN
        group = content.name or origin.value
        count = (content.draw or 1) if origin is Origin.DRAWN else 1
        for ordinal in range(1, count + 1):
            is_alone = bool(content.name) and count == 1
            name = _fresh(group, used, numbered=not is_alone)
            yield Entry(name=name, group=group, origin=origin, ordinal=ordinal, content=content)


def _edge_entries(content: CaseGroup, used: Counter[str]) -> Iterator[Entry]:
    for edge in content.edges:
        name = _fresh(f"{content.name} {edge}".strip(), used, numbered=False)
        group = content.name or "edges"
        yield Entry(name=name, group=group, origin=Origin.EDGE, ordinal=1, content=content, edge=edge)


def _fresh(name: str, used: Counter[str], numbered: bool) -> str:
    """The name, numbered if it should be or if it is taken."""
    used[name] += 1
    return f"{name} {used[name]}" if numbered or used[name] > 1 else name


def _draws(exercise: Exercise, content: CaseGroup) -> bool:
    """True if anything is left to chance."""
    specs = merged_specs(exercise.parameters, content.parameters)
    return any(
        name not in content.inputs and spec.type is not Type.SYMBOL and spec.value is None
        for name, spec in specs.items()
    )


def merged_specs(specs: Mapping[str, Spec], changes: Mapping[str, Spec]) -> dict[str, Spec]:
    """The Specs of the parameters with the changes that one entry of `cases` makes to them."""
    return {name: _merged(spec, changes[name]) if name in changes else spec for name, spec in specs.items()}


def _merged(spec: Spec, change: Spec) -> Spec:
    said = {each.name: getattr(change, each.name) for each in fields(Spec)}
    return replace(spec, **{name: value for name, value in said.items() if value not in (None, ())})


def _case(exercise: Exercise, entry: Entry, seed: str) -> Case:
    """The case; a drawn one is drawn again while it lies on a kink of the reference and derivatives are graded."""
    best, farthest = _attempt(exercise, entry, seed, 0), 0.0
    if entry.origin is not Origin.DRAWN or not _avoids_kinks(exercise, entry):
        return best
    for number in range(_REDRAWS):
        drawn = best if number == 0 else _attempt(exercise, entry, seed, number)
        distance = _distance(exercise, drawn)
        if distance > farthest:
            best, farthest = drawn, distance
        if distance > FAR_FROM_KINK:
            break
    return best


def _avoids_kinks(exercise: Exercise, entry: Entry) -> bool:
    """True if a gradient check looks anywhere but says nothing about kinks."""
    return entry.content.raises is None and any(
        check.kind == "gradient" and getattr(check, "at_kink", "avoid") == "avoid" for check in exercise.checks
    )


def _distance(exercise: Exercise, case: Case) -> float:
    """How far the nearest kink of the reference is; a formula that cannot be computed is somebody else's to report."""
    scope = scope_of(exercise, case)
    distances = [math.inf]
    for text in exercise.reference.formula.values():
        try:
            distances.append(distance_to_kink(parse(text), scope))
        except FormulaError:
            continue
    return min(distances)


def _attempt(exercise: Exercise, entry: Entry, seed: str, number: int) -> Case:
    """The case as its seed makes it, the first time or the `number`-th time after that."""
    content = entry.content
    specs = merged_specs(exercise.parameters, content.parameters)
    if entry.edge is not None:
        specs = dict(edges.changed_specs(entry.edge, specs))
    dtype = case_dtype(specs, entry.ordinal, alternates=entry.origin is Origin.DRAWN)
    chance = generator(seed, exercise.id, entry.name, str(number))
    turns = Turns(words=(seed, exercise.id, entry.group), ordinal=entry.ordinal)
    recipe = Recipe(exercise=exercise, specs=specs, content=content, dtype=dtype, turns=turns, edge=entry.edge)
    made = inputs(recipe, chance)
    return Case(
        name=entry.name,
        group=entry.group,
        origin=entry.origin,
        visible=entry.origin is Origin.GIVEN if content.visible is None else content.visible,
        dtype=dtype,
        dims=made.dims,
        inputs=made.values,
        expected=content.expected,
        raises=content.raises,
    )
