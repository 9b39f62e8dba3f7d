"""The inputs of one case: given literals first, then sizes, then what is drawn, then what is derived from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.parse import parse
from torchgrade.inputs import edges, sizes
from torchgrade.inputs.chance import Turns, uniform
from torchgrade.inputs.dtypes import is_tensor, named_dtype
from torchgrade.inputs.families import drawn
from torchgrade.inputs.formulas import integer_of, names_in, number_of
from torchgrade.inputs.literal import as_tensor, literal, names_of
from torchgrade.inputs.sizes import Sizes
from torchgrade.inputs.wanted import Wanted
from torchgrade.model.exercise import CaseGroup, Edge, Exercise, Family, Formula, Range, Spec, Type
from torchgrade.model.value import Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.arrays import kind_of, to_numpy
from torchgrade.numeric.compare import as_declared

FLOAT_RANGE = Range(low=Formula("-2"), high=Formula("2"))
WHOLE_RANGE = Range(low=Formula("-9"), high=Formula("9"))
COUNT_RANGE = Range(low=Formula("0"), high=Formula("9"))
_LONGEST_SHAPE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides the inputs of a case but its chance; `specs` have the case's changes in them."""

    exercise: Exercise
    specs: Mapping[str, Spec]
    content: CaseGroup
    dtype: str
    turns: Turns
    edge: Edge | None = None

    @property
    def ordinal(self) -> int:
        """The place of the case in its group, from 1."""
        return self.turns.ordinal


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Values by parameter, in calling order, and the dims they were made with."""

    values: Mapping[str, Value]
    dims: Mapping[str, int]


def inputs(recipe: Recipe, chance: np.random.Generator) -> Inputs:
    """The inputs of a case. FormulaError where they cannot be made."""
    given = _given(recipe, {})
    known = _sizes(recipe, given, chance)
    given |= _given(recipe, known.names, but=given)
    if recipe.content.raises is None:
        for name, value in given.items():
            sizes.verify(name, value, recipe.specs[name], known)
    made = dict(given)
    for name, spec in recipe.specs.items():
        if name not in made and (spec.value is None or spec.type is Type.INT):
            made[name] = _drawn(recipe, name, known, chance)
    made |= _derived(recipe, made, known)
    dims = {name: size for name, size in known.names.items() if name not in recipe.specs}
    return Inputs(values={name: made[name] for name in recipe.specs}, dims=dims)


def _given(recipe: Recipe, known: Mapping[str, int], but: Mapping[str, Value] | None = None) -> dict[str, Value]:
    """The literals that can be read with the sizes that are known."""
    ready = {
        name: value
        for name, value in recipe.content.inputs.items()
        if name not in (but or {}) and (but is not None or _is_text(recipe.specs[name]) or not names_of(value))
    }
    made: dict[str, Value] = {}
    for name, value in ready.items():
        spec = recipe.specs[name]
        made[name] = literal(value, _with_dtype(spec, recipe.ordinal), recipe.dtype, known)
    return made


def _is_text(spec: Spec) -> bool:
    return spec.type in (Type.STR, Type.SYMBOL, Type.EXPRESSION)


def _with_dtype(spec: Spec, ordinal: int) -> Spec:
    """A parameter's Spec with its type and, if it takes turns, its dtype for this case written out."""
    name = named_dtype(spec, ordinal)
    return replace(spec, type=spec.type or Type.TENSOR, dtype=(name,) if name else ())


def _sizes(recipe: Recipe, given: Mapping[str, Value], chance: np.random.Generator) -> Sizes:
    known = sizes.bind(recipe.specs, given)
    if recipe.edge is Edge.EMPTY:
        empty = edges.empty_sizes(recipe.exercise, recipe.specs)
        known = Sizes(names={**known.names, **empty.names}, axes=empty.axes if known.axes is None else known.axes)
    found = sizes.ranges(recipe.exercise, recipe.specs, recipe.content.dims)
    return sizes.draw(found, known, chance, edges.limits(recipe.edge), recipe.turns)


def _drawn(recipe: Recipe, name: str, known: Sizes, chance: np.random.Generator) -> Value:
    spec = recipe.specs[name]
    match spec.type:
        case None | Type.TENSOR:
            return _drawn_tensor(recipe, name, known, chance)
        case Type.INT:
            return Scalar(type=ScalarType.INT, value=known.names[name])
        case Type.FLOAT:
            low, high = _range(name, spec, "float32", known)
            return Scalar(type=ScalarType.FLOAT, value=float(uniform(chance, low, high, ()).item()))
        case Type.BOOL:
            return Scalar(type=ScalarType.BOOL, value=bool(chance.integers(0, 2)))
        case Type.SHAPE:
            count = int(chance.integers(1, _LONGEST_SHAPE + 1))
            items = [Scalar(type=ScalarType.INT, value=int(size)) for size in chance.integers(1, 6, size=count)]
            return Series(type="tuple", items=tuple(items))
        case Type.SYMBOL:
            return Scalar(type=ScalarType.SYMBOL, value=name)
    raise FormulaError(f"`{name}`: a {spec.type} cannot be drawn", code="draw-type", hint="give it in `inputs`")


def _range(name: str, spec: Spec, dtype: str, known: Sizes) -> tuple[float, float]:
    """The two ends of a parameter's range."""
    usual = FLOAT_RANGE if kind_of(dtype) != "int" else COUNT_RANGE if dtype.startswith("u") else WHOLE_RANGE
    found = spec.range or usual
    low, high = number_of(found.low, known.names), number_of(found.high, known.names)
    if low > high:
        raise FormulaError(f"`{name}`: the range {found.low}..{found.high} is empty here", code="draw-range")
    return low, high


def _drawn_tensor(recipe: Recipe, name: str, known: Sizes, chance: np.random.Generator) -> Tensor:
    spec = recipe.specs[name]
    dtype = named_dtype(spec, recipe.ordinal) or recipe.dtype
    low, high = _range(name, spec, dtype, known)
    wanted = Wanted(
        name=name,
        family=spec.family or (Family.MASK if dtype == "bool" else Family.GENERAL),
        shape=sizes.shape_of(spec, known),
        dtype=dtype,
        low=low,
        high=high,
        rank=None if spec.rank is None else integer_of(spec.rank, known.names),
        condition=spec.condition,
    )
    numbers = drawn(wanted, chance)
    if recipe.edge is not None:
        numbers = edges.changed_numbers(recipe.edge, spec, wanted, numbers, chance)
    return as_tensor(numbers, replace(spec, dtype=(dtype,)), dtype)


def _derived(recipe: Recipe, made: Mapping[str, Value], known: Sizes) -> dict[str, Value]:
    """Inputs that are formulas of the others, each after those it needs (whole numbers are sizes, and known)."""
    values: dict[str, Value] = {name: Scalar(type=ScalarType.INT, value=size) for name, size in known.names.items()}
    values |= made
    lets = {name: parse(text) for name, text in recipe.exercise.let.items()}
    waiting = {name: spec.value for name, spec in recipe.specs.items() if name not in made and spec.value is not None}
    while waiting:
        ready = next((name for name, text in waiting.items() if not names_in(text) & waiting.keys()), None)
        if ready is None:
            raise FormulaError(f"the values of {', '.join(waiting)} need each other", code="circular")
        value = evaluate(parse(waiting.pop(ready)), Scope(values=values, lets=lets, observed={}))
        values[ready] = _as_input(value, recipe, ready)
    return {name: values[name] for name in recipe.specs if name not in made}


def _as_input(value: Value, recipe: Recipe, name: str) -> Value:
    """A derived value in the type, dtype, layout and leaf state of its parameter."""
    spec = _with_dtype(recipe.specs[name], recipe.ordinal)
    if is_tensor(spec) and isinstance(value, Tensor):
        return as_tensor(to_numpy(value), spec, recipe.dtype)
    return as_declared(value, spec.type)
