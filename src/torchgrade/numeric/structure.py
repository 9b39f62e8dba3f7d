"""What was returned, in words, and taken apart into the returned names."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.model.value import Expression, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LONGEST = 60
_SCALARS: Mapping[ScalarType, str] = {
    ScalarType.BOOL: "a Python bool",
    ScalarType.INT: "a Python int",
    ScalarType.FLOAT: "a Python float",
    ScalarType.COMPLEX: "a Python complex number",
    ScalarType.STR: "a text",
    ScalarType.NONE: "None",
    ScalarType.SYMBOL: "a sympy symbol",
}
_KNOWN_SERIES: Mapping[str, str] = {"Size": "a torch.Size", "tuple": "a tuple", "list": "a list"}
_KNOWN_OBJECTS: Mapping[str, str] = {
    "ndarray": "a numpy array",
    "float32": "a numpy number",
    "int64": "a numpy number",
    "generator": "a generator",
    "coroutine": "a coroutine",
    "function": "a function",
    "builtin_function_or_method": "a method that was not called",
    "method": "a method that was not called",
    "set": "a set",
}
"""Objects that students return by mistake, by the name of their class."""


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
            return f"the text {cut(repr(value.value))}"
        case Scalar(type=ScalarType.SYMBOL):
            return f"the symbol {cut(str(value.value))}"
        case Scalar():
            return f"the number {number_text(value.value)}"
        case Series() if value.names:
            return f"a named tuple with the fields {cut(', '.join(value.names))}"
        case Record() if value.items:
            return f"a dict with the keys {cut(', '.join(name for name, _ in value.items))}"
        case Expression():
            return f"the expression {cut(value.text)}"
        case Opaque():
            return f"a {cut(value.type)} ({cut(value.reason)})"
        case _:
            return sort_of(value)


def sort_of(value: Value) -> str:
    """What sort of value it is, in words that hold nothing a submission could have put there but sizes and dtypes.

    Only these may be told of a hidden case.
    """
    match value:
        case Tensor():
            article = "an" if value.dtype.startswith("int") else "a"
            return f"{article} {value.dtype} tensor of shape {shape_text(value.shape)}"
        case Scalar():
            return _SCALARS[value.type]
        case Series():
            return f"{_KNOWN_SERIES.get(value.type, 'a named tuple')} of {len(value.items)}"
        case Record():
            return f"a dict of {len(value.items)}"
        case Expression():
            return "a sympy expression"
        case Opaque():
            if value.type == "Tensor":
                return "a tensor that cannot be read (sparse, quantised or of an unusual dtype)"
            return _KNOWN_OBJECTS.get(value.type, "an object that is no tensor, number, text, tuple, list or dict")


def number_text(number: object) -> str:
    """A Python number in at most sixty characters; Python itself refuses to print ints of many digits."""
    if isinstance(number, int) and number.bit_length() > 4000:
        return f"{'-' if number < 0 else ''}2**{number.bit_length() - 1} or more"
    return cut(str(number))


def unpack(returned: Value, returns: tuple[str, ...], entrypoint: str = "") -> Mapping[str, Value] | str:
    """What was returned by returned name, or a sentence for the student about why it cannot be taken apart."""
    if len(returns) <= 1:
        return dict.fromkeys(returns, returned)
    must = f"{f'`{entrypoint}`' if entrypoint else 'The function'} must return {_listed(returns)}"
    if isinstance(returned, Record):
        return _by_key(dict(returned.items), returns, must)
    if not isinstance(returned, Series):
        found = sort_of(returned)
        one = f"one {found.partition(' ')[2]}" if isinstance(returned, Tensor) else found
        return f"{must} (a tuple, list or dict); it returned {one}."
    if len(returned.items) != len(returns):
        return f"{must}; it returned {_number(len(returned.items))}."
    if set(returned.names) == set(returns):
        return _by_key(dict(zip(returned.names, returned.items, strict=True)), returns, must)
    return dict(zip(returns, returned.items, strict=True))


def _by_key(found: Mapping[str, Value], returns: tuple[str, ...], must: str) -> Mapping[str, Value] | str:
    missing = [name for name in returns if name not in found]
    if missing:
        return f"{must}; the dict it returned has no key {' and no key '.join(f'`{name}`' for name in missing)}."
    return {name: found[name] for name in returns}


def _listed(names: tuple[str, ...]) -> str:
    return f"{_number(len(names))} values, {', '.join(names[:-1])} and {names[-1]}"


def _number(size: int) -> str:
    return _COUNTS[size] if size < len(_COUNTS) else str(size)
