"""Two formulas, by their values: a sympy answer is judged by computing it beside the truth at points of both signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from torchgrade.checks.derivatives import Setting
from torchgrade.errors import FormulaError
from torchgrade.formula import scope as names_in
from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.parse import parse
from torchgrade.formula.tree import Binary, Call, Constant, Name, Node, Number, Unary
from torchgrade.formula.walk import rebuilt, walk
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.said import joined, said
from torchgrade.model.value import Expression, Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.arrays import is_number, kind_of, magnitude, scalar_array, to_floats, to_numpy
from torchgrade.numeric.structure import sort_of
from torchgrade.numeric.words import Words, is_not

POINTS = 16
ENOUGH = 8
EQUAL = 1e-25
_PRIMES = (7, 11, 17, 19, 23, 29, 31, 37)
_PLACES = 37
_SCALAR = (Number, Constant, Name, Unary, Binary)
_ELEMENTARY = frozenset(
    {"exp", "log", "sqrt", "sign", "floor", "ceil", "abs", "erf", "lgamma", "real", "imag", "conj"}
    | {"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "maximum", "minimum"}
)
"""What `worker.expressions` writes."""


def claimed(text: str) -> Node:
    """The tree of what a worker says that sympy computed; raises FormulaError for anything that it would not write.

    A forged answer may hold any formula, and those with tensors in them can take hours.
    """
    node = parse(text)
    for part in walk(node):
        if not (isinstance(part, _SCALAR) or (isinstance(part, Call) and part.function in _ELEMENTARY)):
            raise FormulaError("this is no closed expression", code="formula-forbidden", start=part.start, end=part.end)
    return node


def compare_expressions(
    observed: Value, expected: Expression, exercise: Exercise, case: Case, read: Callable[[str], Node] = claimed
) -> Comparison:
    """Whether an observed expression has the reference's value wherever both are defined.

    `read` is for what was observed: what an author wrote may be any formula (`parse`).
    """
    text = _text(observed)
    if text is None:
        return Comparison(stage=Stage.TYPE, observed=sort_of(observed), expected=said("a sympy expression"))
    symbols = _symbols(exercise, case)
    names = tuple(symbols.values())
    try:
        found = read(text)
    except FormulaError:
        return Comparison(stage=Stage.TYPE, observed=said("an expression that cannot be read"), expected=_WANTED)
    if not names_in.names(found) <= set(names):
        known = said("one in {names}", names=joined("{first} and {last}", names)) if names else said("a number")
        return Comparison(stage=Stage.TYPE, observed=said("an expression with other symbols in it"), expected=known)
    right = _renamed(parse(expected.text), symbols)
    return _sampled(found, right, Setting.of(exercise, case), names)


_WANTED = said("a closed expression of numbers, the symbols and elementary functions")
_TYPE_HELP = said("Return what sympy computes from the symbols you are given, with no other symbols in it.")
_NUMBERS_HELP = said("Put a number in for each symbol, by `.subs`, and compare with the value you work out by hand.")


def expression_words(comparison: Comparison, outcome: str) -> Words:
    """What a student is told of a comparison of expressions."""
    name = f"`{outcome}`"
    points = said("{count} of {total} points", count=comparison.mismatched, total=comparison.total)
    match comparison.stage:
        case Stage.TYPE:
            return Words(is_not(name, comparison), _TYPE_HELP)
        case Stage.NUMBERS:
            return Words(
                said("{name} is another function than it should be: it differs at {points}.", name=name, points=points),
                _NUMBERS_HELP,
            )
        case Stage.MASK:
            return Words(
                said("{name} has no value at {points} where it should have one.", name=name, points=points),
                _NUMBERS_HELP,
            )
        case Stage.UNDECIDED:
            return Words(
                said("{name} has a value at too few points to tell whether it is right.", name=name), _TYPE_HELP
            )
    return Words()


def _text(observed: Value) -> str | None:
    """An expression's text; a Python number is an expression as well."""
    match observed:
        case Expression():
            return observed.text
        case Scalar(type=ScalarType.SYMBOL, value=str(name)):
            return name
        case Scalar() if is_number(observed):
            return str(observed.value)
    return None


def as_number(value: Value) -> Value:
    """A sympy number that crosses as an expression (`1/3`, `sqrt(2)`, `pi`) as a Python float; the rest as it is."""
    if not isinstance(value, Expression):
        return value
    try:
        node = claimed(value.text)
        found = None if names_in.names(node) else evaluate(node, Scope(values={}, lets={}, observed={}))
    except (FormulaError, ArithmeticError):
        return value
    if not isinstance(found, Tensor) or found.shape or kind_of(found.dtype) == "complex":
        return value
    return Scalar(type=ScalarType.FLOAT, value=float(to_numpy(found).item()))


def _symbols(exercise: Exercise, case: Case) -> Mapping[str, str]:
    """The symbol's own name by parameter."""
    symbols = {name: case.inputs[name] for name in exercise.parameters if name in case.inputs}
    return {
        name: str(value.value)
        for name, value in symbols.items()
        if isinstance(value, Scalar) and value.type is ScalarType.SYMBOL
    }


def _renamed(node: Node, symbols: Mapping[str, str]) -> Node:
    """The reference's formula, which names parameters, with the names of their symbols."""
    if isinstance(node, Name):
        return Name(symbols.get(node.name, node.name))
    return rebuilt(node, lambda child: _renamed(child, symbols))


@lru_cache(maxsize=256)
def _sampled(found: Node, right: Node, setting: Setting, symbols: tuple[str, ...]) -> Comparison:
    """Differences are taken at fifty digits and rounded afterwards, so that a difference of 1e-25 shows.

    Where the truth has values at enough points and the observed formula has not, it is wrong, and not undecided: a
    submission could make any case count for nothing.

    It is kept: right answers of a class are mostly written alike.
    """
    points = _points(right, setting, symbols)
    difference = Binary("-", found, right)
    pairs = [(point.size, _size_at(difference, point.scope)) for point in points if point.size is not None]
    valid = [(size, gap) for size, gap in pairs if gap is not None]
    if len(valid) < ENOUGH <= len(pairs):
        return Comparison(stage=Stage.MASK, mismatched=len(pairs) - len(valid), total=len(pairs))
    scale = max((size for size, _ in valid), default=0.0) or 1.0
    wrong = sum(gap > EQUAL * scale for _, gap in valid)
    if wrong:
        return Comparison(stage=Stage.NUMBERS, mismatched=wrong, total=len(valid))
    return Comparison(stage=Stage.EQUAL if len(valid) >= ENOUGH else Stage.UNDECIDED, total=len(valid))


@dataclass(frozen=True, slots=True)
class _Point:
    """Numbers for the symbols, and the absolute value of the right expression there."""

    scope: Scope
    size: float | None


@lru_cache(maxsize=1024)
def _points(right: Node, setting: Setting, symbols: tuple[str, ...]) -> tuple[_Point, ...]:
    """Where two expressions are compared: the same for all submissions."""
    scopes = [_at(point, setting.scope(), symbols) for point in range(POINTS)]
    return tuple(_Point(scope, _size_at(right, scope)) for scope in scopes)


def _at(index: int, scope: Scope, symbols: tuple[str, ...]) -> Scope:
    """The case with numbers for its symbols."""
    numbers: dict[str, Node] = {name: Number(_coordinate(index, axis), False) for axis, name in enumerate(symbols)}
    values = {name: value for name, value in scope.values.items() if name not in numbers}
    return replace(scope, values=values, lets={**scope.lets, **numbers})


def _coordinate(index: int, axis: int) -> Fraction:
    """Between -3 and 3, of either sign, never a whole number; different at every point and for every symbol."""
    size = Fraction(1 + index * (axis + 5) % _PLACES, 13) + Fraction(1, 2 * _PRIMES[axis % len(_PRIMES)])
    return size if (index >> (axis % 4)) % 2 else -size


def _size_at(node: Node, scope: Scope) -> float | None:
    """The absolute value there; None where the formula has none."""
    try:
        value = evaluate(node, scope)
    except (FormulaError, ArithmeticError):
        return None
    array = to_numpy(value) if isinstance(value, Tensor) else scalar_array(value) if isinstance(value, Scalar) else None
    if array is None or not np.isfinite(to_floats(array)).all():
        return None
    return magnitude(array)
