"""What was returned, in words, and taken apart into the returned names."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.model.said import joined, said
from torchgrade.model.value import Expression, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value

_COUNTS = (
    said("no"),
    said("one"),
    said("two"),
    said("three"),
    said("four"),
    said("five"),
    said("six"),
    said("seven"),
    said("eight"),
    said("nine"),
)
_LONGEST = 60
_SCALARS: Mapping[ScalarType, str] = {
    ScalarType.BOOL: said("a Python bool"),
    ScalarType.INT: said("a Python int"),
    ScalarType.FLOAT: said("a Python float"),
    ScalarType.COMPLEX: said("a Python complex number"),
    ScalarType.STR: said("a text"),
    ScalarType.NONE: said("None"),
    ScalarType.SYMBOL: said("a sympy symbol"),
}
_KNOWN_SERIES: Mapping[str, str] = {
    "Size": said("a torch.Size"),
    "tuple": said("a tuple"),
    "list": said("a list"),
}
_KNOWN_OBJECTS: Mapping[str, str] = {
    "ndarray": said("a numpy array"),
    "float32": said("a numpy number"),
    "int64": said("a numpy number"),
    "bool": said("a numpy bool"),
    "bool_": said("a numpy bool"),
    "Derivative": said("a derivative that sympy has not worked out yet"),
    "Integral": said("an integral that sympy has not worked out yet"),
    "generator": said("a generator"),
    "coroutine": said("a coroutine"),
    "function": said("a function"),
    "builtin_function_or_method": said("a method that was not called"),
    "method": said("a method that was not called"),
    "set": said("a set"),
}
"""Objects that students return by mistake, by the name of their class."""


_NAMED = said("a named tuple")
_LIKE_A_LIST = said("a list-like object")
_OBJECT = said("an object that is no tensor, number, text, tuple, list or dict")


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `[2, 3]`."""
    return f"[{', '.join(map(str, shape))}]"


def cut(text: str) -> str:
    """At most sixty characters of a text that may be of any length."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def describe(value: Value) -> str:
    """A value in few words, its number or text included."""
    match value:
        case Scalar(type=ScalarType.NONE | ScalarType.BOOL):
            return str(value.value)
        case Scalar(type=ScalarType.STR):
            return said("the text {text}", text=cut(repr(value.value)))
        case Scalar(type=ScalarType.SYMBOL):
            return said("the symbol {symbol}", symbol=cut(str(value.value)))
        case Scalar():
            return said("the number {number}", number=number_text(value.value))
        case Series() if value.names:
            return said("a named tuple with the fields {names}", names=cut(", ".join(value.names)))
        case Record() if value.items:
            return said("a dict with the keys {names}", names=cut(", ".join(name for name, _ in value.items)))
        case Expression():
            return said("the expression {text}", text=cut(value.text))
        case Opaque():
            return said("a {type} ({reason})", type=cut(value.type), reason=cut(value.reason))
        case _:
            return sort_of(value)


def sort_of(value: Value) -> str:
    """What sort of value it is, in words that hold nothing a submission could have put there but sizes and dtypes.

    Only these may be told of a hidden case.
    """
    match value:
        case Tensor():
            return _tensor(value)
        case Scalar():
            return _SCALARS[value.type]
        case Series():
            what = _KNOWN_SERIES.get(value.type, _NAMED if value.names else _LIKE_A_LIST)
            return said("{what} of {count}", what=what, count=len(value.items))
        case Record():
            return said("{what} of {count}", what=said("a dict"), count=len(value.items))
        case Expression():
            return said("a sympy expression")
        case Opaque():
            if value.type == "Tensor":
                return said("a tensor that cannot be read (sparse, quantised or of an unusual dtype)")
            return _KNOWN_OBJECTS.get(value.type, _OBJECT)


def number_text(number: object) -> str:
    """A Python number in at most sixty characters; Python itself refuses to print ints of many digits."""
    if isinstance(number, int) and number.bit_length() > 4000:
        return f"{'-' if number < 0 else ''}2**{number.bit_length() - 1} or more"
    return cut(str(number))


def unpack(returned: Value, returns: tuple[str, ...], entrypoint: str = "") -> Mapping[str, Value] | str:
    """What was returned by returned name, or a sentence for the student about why it cannot be taken apart."""
    if len(returns) <= 1:
        return dict.fromkeys(returns, returned)
    if isinstance(returned, Record):
        return _by_key(dict(returned.items), returns, entrypoint)
    if not isinstance(returned, Series):
        found = _one(returned) if isinstance(returned, Tensor) else sort_of(returned)
        return said(
            "{must} (a tuple, list or dict); it returned {found}.", must=_must(returns, entrypoint), found=found
        )
    if len(returned.items) != len(returns):
        found = _number(len(returned.items))
        return said("{must}; it returned {found}.", must=_must(returns, entrypoint), found=found)
    if set(returned.names) == set(returns):
        return _by_key(dict(zip(returned.names, returned.items, strict=True)), returns, entrypoint)
    return dict(zip(returns, returned.items, strict=True))


def _by_key(found: Mapping[str, Value], returns: tuple[str, ...], entrypoint: str) -> Mapping[str, Value] | str:
    missing = [name for name in returns if name not in found]
    if missing:
        names = joined("{first} and no key {last}", (f"`{name}`" for name in missing))
        must = _must(returns, entrypoint)
        return said("{must}; the dict it returned has no key {names}.", must=must, names=names)
    return {name: found[name] for name in returns}


def _must(returns: tuple[str, ...], entrypoint: str) -> str:
    """What a function has to return, as the beginning of a sentence."""
    *names, last = returns
    return said(
        "{function} must return {count} values, {names} and {last}",
        function=f"`{entrypoint}`" if entrypoint else said("The function"),
        count=_number(len(returns)),
        names=joined("{first}, {last}", names),
        last=last,
    )


def _tensor(tensor: Tensor) -> str:
    shape = shape_text(tensor.shape)
    if tensor.dtype.startswith("int"):
        return said("an {dtype} tensor of shape {shape}", dtype=tensor.dtype, shape=shape)
    return said("a {dtype} tensor of shape {shape}", dtype=tensor.dtype, shape=shape)


def _one(tensor: Tensor) -> str:
    return said("one {dtype} tensor of shape {shape}", dtype=tensor.dtype, shape=shape_text(tensor.shape))


def _number(size: int) -> str:
    return _COUNTS[size] if size < len(_COUNTS) else str(size)
