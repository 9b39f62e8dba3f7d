"""Is this value the right one? Structure, type, shape and dtype first; then NaN and infinity; then the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from torchgrade.model.exercise import Spec, Type
from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.said import joined, said
from torchgrade.model.target import Target
from torchgrade.model.value import Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.arrays import Array, array_kind, is_dtype, is_number, kind_of, magnitude, scalar_array, to_numpy
from torchgrade.numeric.gaps import gaps
from torchgrade.numeric.structure import describe, shape_text, sort_of
from torchgrade.numeric.tolerance import EPS, allowed, decides, factor, judged_dtype

_NUMBER_TYPES: Mapping[Type, tuple[ScalarType, ...]] = {
    Type.INT: (ScalarType.INT,),
    Type.FLOAT: (ScalarType.FLOAT, ScalarType.INT),
    Type.BOOL: (ScalarType.BOOL,),
}
_TYPE_WORDS: Mapping[Type, str] = {
    Type.TENSOR: said("a tensor"),
    Type.INT: said("a Python int"),
    Type.FLOAT: said("a Python float"),
    Type.BOOL: said("a Python bool"),
    Type.STR: said("a text"),
    Type.SHAPE: said("a shape"),
    Type.SYMBOL: said("a sympy symbol"),
    Type.EXPRESSION: said("a sympy expression"),
}
_ANY = Spec()
_WIDER: Mapping[str, tuple[str, ...]] = {
    "bool": ("bool",),
    "int": ("int", "float", "complex"),
    "float": ("float", "complex"),
    "complex": ("complex",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What is declared about the value, and how exactly it is judged."""

    spec: Spec
    dtype: str
    tolerance: float | None


def compare(
    observed: Value, target: Target, spec: Spec | None, dtype: str, tolerance: float | None = None
) -> Comparison:
    """The first thing that differs, with its figures; `outcome` is the path inside a tuple or dict (`[1]`), else empty.

    `dtype` is the case's floating dtype. Nothing is broadcast. `observed` and `expected` of the answer hold numbers or
    texts at the stages MASK and NUMBERS only; before that they hold sorts, sizes and dtypes.
    """
    rule = _Rule(spec=spec or _ANY, dtype=dtype, tolerance=tolerance)
    truth = as_declared(target.value, rule.spec.type)
    return _value(observed, target if truth is target.value else replace(target, value=truth), rule)


def against_spec(observed: Value, spec: Spec, sizes: Sequence[int | None] | None) -> Comparison:
    """EQUAL, or what of its Spec a tensor or number does not keep: its type, shape or dtype.

    `sizes` are those of its axes, None for any; None altogether if its shape is free.
    """
    found = _array(observed)
    if spec.type in (Type.TENSOR, *_NUMBER_TYPES) and (found is None or not _fits(observed, found, spec.type)):
        return _type_fault(observed, _TYPE_WORDS[spec.type])
    if found is None:
        return Comparison(stage=Stage.EQUAL)
    if spec.type in _NUMBER_TYPES:
        return Comparison(stage=Stage.EQUAL)
    if sizes is not None and len(sizes) != found.ndim and None in sizes:
        return _type_fault(observed, said("a tensor with {count} axes", count=len(sizes)))
    wanted = found.shape if sizes is None else tuple(_known(sizes, found.shape))
    if wanted != found.shape:
        return _shape_fault(found, wanted)
    if spec.dtype and not _dtype_fits(observed, found, spec.dtype):
        return _dtype_fault(observed, spec.dtype)
    return Comparison(stage=Stage.EQUAL)


def _known(sizes: Sequence[int | None], shape: tuple[int, ...]) -> Iterator[int]:
    """The sizes, in place of an unknown one what stands there."""
    return (shape[axis] if size is None else size for axis, size in enumerate(sizes))


def same(first: Value, second: Value, dtype: str) -> bool:
    """True if two values have equal attributes and are equal but for rounding: sixteen times what the rule allows."""
    array = _array(second)
    scale = 0.0 if array is None else magnitude(array)
    loose = min(16 * factor(dtype) * EPS[dtype], 2.0**-5)
    target = Target(value=second, scale=scale)
    return type(first) is type(second) and compare(first, target, None, dtype, loose).stage is Stage.EQUAL


def _value(observed: Value, target: Target, rule: _Rule) -> Comparison:
    truth = target.value
    if isinstance(truth, Series):
        return _series(observed, truth, target, rule)
    if isinstance(truth, Record):
        return _record(observed, truth, target, rule)
    right = _array(truth)
    return _plain(observed, truth, rule.spec) if right is None else _number(observed, right, target, rule)


def _array(value: Value) -> Array | None:
    """The elements of a tensor or number; None for anything else."""
    if isinstance(value, Tensor):
        return to_numpy(value)
    return scalar_array(value) if isinstance(value, Scalar) and is_number(value) else None


def as_declared(truth: Value, type: Type | None) -> Value:
    """A computed value as the declared type: a number for int, float and bool, a row of ints for a shape."""
    array = None if type in (None, Type.TENSOR) else _array(truth)
    if array is None:
        return truth
    if type is Type.SHAPE and array.ndim == 1:
        return Series(type="Size", items=tuple(Scalar(type=ScalarType.INT, value=int(size)) for size in array))
    if type in _NUMBER_TYPES and array.ndim == 0:
        number = array.item()
        if type is Type.FLOAT and array_kind(array.dtype) == "int":
            number = float(number)
        if type is Type.INT and isinstance(number, float) and number.is_integer():
            number = int(number)
        return Scalar(type=ScalarType(number.__class__.__name__), value=number)
    return truth


def _type_fault(observed: Value, expected: str) -> Comparison:
    return Comparison(stage=Stage.TYPE, observed=sort_of(observed), expected=expected)


def _shape_fault(observed: Array, expected: tuple[int, ...]) -> Comparison:
    return Comparison(stage=Stage.SHAPE, observed=shape_text(observed.shape), expected=shape_text(expected))


def _dtype_fault(observed: Value, expected: tuple[str, ...]) -> Comparison:
    dtype = observed.dtype if isinstance(observed, Tensor) else sort_of(observed)
    return Comparison(stage=Stage.DTYPE, observed=dtype, expected=joined("{first} or {last}", expected))


def _plain(observed: Value, truth: Value, spec: Spec) -> Comparison:
    """Texts, None, symbols, expressions: equal or not."""
    if type(observed) is not type(truth) or (
        isinstance(observed, Scalar) and isinstance(truth, Scalar) and observed.type is not truth.type
    ):
        return _type_fault(observed, _TYPE_WORDS[spec.type] if spec.type else sort_of(truth))
    if observed == truth:
        return Comparison(stage=Stage.EQUAL, total=1)
    return Comparison(stage=Stage.NUMBERS, mismatched=1, total=1, observed=describe(observed), expected=describe(truth))


def _series(observed: Value, truth: Series, target: Target, rule: _Rule) -> Comparison:
    """Tuples and lists alike, item by item; a shape's items are ints."""
    is_shape = rule.spec.type is Type.SHAPE
    if not isinstance(observed, Series):
        return _type_fault(observed, said("a shape") if is_shape else sort_of(truth))
    if is_shape and not all(isinstance(item, Scalar) and item.type is ScalarType.INT for item in observed.items):
        return _type_fault(observed, said("a shape"))
    if len(observed.items) != len(truth.items) or (truth.names and observed.names != truth.names):
        return Comparison(stage=Stage.STRUCTURE, observed=sort_of(observed), expected=describe(truth))
    inner = replace(rule, spec=Spec(type=Type.INT if is_shape else None))
    pairs = zip(observed.items, truth.items, strict=True)
    return _worst(
        {
            f"[{position}]": _value(found, replace(target, value=right), inner)
            for position, (found, right) in enumerate(pairs)
        }
    )


def _record(observed: Value, truth: Record, target: Target, rule: _Rule) -> Comparison:
    if not isinstance(observed, Record):
        return _type_fault(observed, sort_of(truth))
    found, right = dict(observed.items), dict(truth.items)
    if set(found) != set(right):
        return Comparison(stage=Stage.STRUCTURE, observed=sort_of(observed), expected=describe(truth))
    inner = replace(rule, spec=Spec())
    return _worst({f"[{key!r}]": _value(found[key], replace(target, value=right[key]), inner) for key in right})


def _worst(parts: Mapping[str, Comparison]) -> Comparison:
    """The first part that is not equal, its path in front of its outcome; the whole is equal if none is."""
    for path, part in parts.items():
        if part.stage is not Stage.EQUAL:
            return replace(part, outcome=path + part.outcome)
    return Comparison(stage=Stage.EQUAL, total=sum(part.total for part in parts.values()))


def _number(observed: Value, right: Array, target: Target, rule: _Rule) -> Comparison:
    """A tensor or Python number against the truth."""
    found = _array(observed)
    if found is None or not _fits(observed, right, rule.spec.type):
        return _type_fault(observed, _wanted_type(right, rule.spec.type))
    if found.shape != right.shape:
        return _shape_fault(found, right.shape)
    words = rule.spec.dtype or (array_kind(right.dtype),)
    if rule.spec.type not in _NUMBER_TYPES and not _dtype_fits(observed, found, words):
        return _dtype_fault(observed, words)
    if array_kind(right.dtype) in ("bool", "int") and array_kind(found.dtype) in ("bool", "int"):
        return gaps(found, right, 0.0)
    return _floating(observed, found, right, target, rule)


def _floating(observed: Value, found: Array, right: Array, target: Target, rule: _Rule) -> Comparison:
    dtype = judged_dtype(rule.spec, rule.dtype, observed.dtype if isinstance(observed, Tensor) else "")
    allowance = allowed(target, dtype, rule.tolerance)
    comparison = gaps(found, right, allowance)
    if comparison.stage is Stage.MASK or decides(target, allowance):
        return comparison
    return Comparison(stage=Stage.UNDECIDED, total=right.size, allowed=allowance)


def _fits(observed: Value, right: Array, type: Type | None) -> bool:
    """True if a tensor or number is of the declared type; undeclared: a tensor, or a number where there are no axes."""
    if isinstance(observed, Scalar):
        return right.ndim == 0 if type is None else observed.type in _NUMBER_TYPES.get(type, ())
    return type in (None, Type.TENSOR)


def _wanted_type(right: Array, type: Type | None) -> str:
    if type is not None:
        return _TYPE_WORDS[type]
    return said("a tensor") if right.ndim else said("a tensor or a number")


def _dtype_fits(observed: Value, found: Array, words: tuple[str, ...]) -> bool:
    """A tensor's dtype or its kind must be among `words`; a Python number may also be of a narrower kind."""
    kind = array_kind(found.dtype)
    if isinstance(observed, Tensor):
        return observed.dtype in words or kind in words
    return any((kind_of(word) if is_dtype(word) else word) in _WIDER[kind] for word in words)
