"""A Comparison in words for a student: what is wrong, what to try, and (apart) the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torchgrade.model.finding import Comparison, Stage


class Words(NamedTuple):
    """`rationale` and `help` hold nothing of the answer but sizes, dtypes and places; `values` holds the numbers."""

    rationale: str = ""
    help: str = ""
    values: str = ""


_KINDS: Mapping[str, str] = {
    "bool": "bool",
    "int": "an integer dtype",
    "float": "a floating dtype",
    "complex": "a complex dtype",
}
_TYPE_HELP: tuple[tuple[str, str, str], ...] = (
    ("a", "None", "Does every path through the function reach a `return`? A method that works in place returns None."),
    ("None", "", "Leave the `return` out, or return nothing."),
    ("a tensor", "a Python", "Keep the result a tensor: leave out `.item()`, or make one with `torch.tensor(…)`."),
    ("a tensor", "a list", "Make one tensor of the list: `torch.tensor(…)` for numbers, `torch.stack(…)` for tensors."),
    ("a tensor", "a tuple", "A comma at the end makes a tuple, and some functions return one: pick what is asked for."),
    ("a tensor", "a named tuple", "Functions like `max(dim=…)` return values and positions: pick one by its name."),
    ("a Python int", "a Python float", "Whole numbers divide with `//`; `int(…)` makes an int of a number."),
    ("a Python int", "a Python bool", "`int(…)` makes 0 or 1 of a bool."),
    ("a Python float", "a Python bool", "`float(…)` makes a number of it."),
    ("a Python", "tensor", "`.item()` gives the Python number in a tensor with one element."),
    ("a shape", "tensor", "`tuple(…)` or `.shape` gives sizes as Python ints."),
    ("a shape", "a Python", "A shape has one size for each axis, in a tuple, even if there is only one axis."),
    ("a tensor", "numpy", "Stay in torch: its functions bear the same names, and numpy's cannot be differentiated."),
    ("", "a generator", "`yield` makes a generator: write `return`."),
    ("", "a coroutine", "`async def` makes a coroutine: write `def`."),
    ("", "a function", "Call it: write the parentheses and arguments after its name."),
    ("", "a method that was not called", "Call it: write the parentheses after its name, as in `x.sum()`."),
    ("a sympy", "", "Leave it an expression: no `.subs`, `float(…)` or `lambdify`."),
)
_DTYPE_HELP: Mapping[tuple[str, str], str] = {
    ("float", "int"): "Start from floating numbers (`dtype=x.dtype`, or `1.0` for `1`), and divide with `/`, not `//`.",
    ("float", "bool"): "A comparison gives True and False; `.to(x.dtype)` makes numbers of them.",
    ("float", "complex"): "Only the real part is wanted: `.real`.",
    ("int", "float"): "Whole numbers stay whole with `//` and `dtype=torch.int64`; `/` and `mean` make floats of them.",
    ("int", "bool"): "A comparison gives True and False; count them with `.sum()`, or convert with `.to(torch.int64)`.",
    ("bool", "int"): "0 and 1 are not False and True: a comparison such as `x > 0` gives a bool tensor.",
    ("bool", "float"): "0.0 and 1.0 are not False and True: a comparison such as `x > 0` gives a bool tensor.",
}


def sentence(comparison: Comparison, outcome: str = "result") -> Words:
    """What a student is told of a Comparison; `outcome` is what the value is called."""
    name = f"`{outcome}{comparison.outcome}`"
    match comparison.stage:
        case Stage.EQUAL:
            return Words()
        case Stage.STRUCTURE:
            return _structure(comparison, name)
        case Stage.TYPE:
            return _type(comparison, name)
        case Stage.SHAPE:
            return _shape(comparison, name)
        case Stage.DTYPE:
            return _dtype(comparison, name)
        case Stage.MASK:
            return _mask(comparison, name)
        case Stage.NUMBERS:
            return _numbers(comparison, name)
        case Stage.UNDECIDED:
            return Words(
                f"{name} cannot be judged here: rounding alone may change this result by more than a tenth.",
                "Nothing is lost: the other cases decide.",
            )


def _structure(comparison: Comparison, name: str) -> Words:
    return Words(
        f"{name} is {comparison.observed}; it should be {comparison.expected}.",
        "Return exactly the items that are asked for, in that order and under those names.",
    )


def _type(comparison: Comparison, name: str) -> Words:
    wanted, found = comparison.expected, comparison.observed
    advice = next((text for start, part, text in _TYPE_HELP if wanted.startswith(start) and part in found), "")
    return Words(f"{name} is {found}; it should be {wanted}.", advice or f"Return {wanted}.")


def _dtype(comparison: Comparison, name: str) -> Words:
    wanted, found = comparison.expected, comparison.observed
    expected = " or ".join(_KINDS.get(word, word) for word in wanted.split(" or "))
    advice = _DTYPE_HELP.get((_kind(wanted), _kind(found)))
    convert = f"`.to(torch.{wanted})` converts; " if " " not in wanted and wanted not in _KINDS else ""
    return Words(
        f"{name} has dtype {found}; it should have {expected}.",
        advice or f"{convert}`dtype=x.dtype` makes a new tensor match the input x.",
    )


def _kind(dtype: str) -> str:
    """bool, int, float or complex, from the first dtype named in a message."""
    word = dtype.split(" or ")[0].removeprefix("a Python ").removesuffix(" number").removeprefix("u")
    word = "float" if word.startswith("bfloat") else word
    return next((kind for kind in _KINDS if word.startswith(kind)), "")


def _shape(comparison: Comparison, name: str) -> Words:
    found, wanted = _sizes(comparison.observed), _sizes(comparison.expected)
    return Words(
        f"{name} has shape {comparison.observed}; it should have shape {comparison.expected}.", _advice(found, wanted)
    )


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.strip("[]").split(", ") if size]


def _advice(found: list[int], wanted: list[int]) -> str:
    """What usually leads from the wrong shape to the right one."""
    if [size for size in found if size != 1] == [size for size in wanted if size != 1]:
        if len(found) > len(wanted):
            return (
                "There is an axis of size 1 too many: leave out `keepdim=True`, index with a number, or `squeeze(dim)`."
            )
        if len(found) < len(wanted):
            return "An axis of size 1 is missing: `keepdim=True` keeps it, `unsqueeze(dim)` or `reshape` adds it."
    if sorted(found) == sorted(wanted):
        return "The sizes are right but in another order: look for a missing or extra transpose."
    if not found:
        return "Everything became one number: name the axis in each reduction (`dim=…`), or leave one out."
    if not wanted:
        return "A single number is wanted: reduce over every axis, as `sum()` without `dim` does."
    if len(found) < len(wanted):
        return "An axis is gone: look at the `dim` of each reduction, and at indexing with a number."
    if len(found) > len(wanted):
        return "There are too many axes: a reduction over an axis is missing, or two shapes were broadcast."
    return "Look at which axis each step works along, and at shapes that were broadcast: print the shapes on the way."


def _share(comparison: Comparison) -> str:
    if comparison.total == 1:
        return ""
    percent = 100 * comparison.mismatched / comparison.total
    return f"{comparison.mismatched} of {comparison.total} elements ({percent:.1f}%)"


def _where(comparison: Comparison) -> str:
    """The index in Python's notation, with a space before it; nothing where there is only one element."""
    return f" at index {comparison.index}" if comparison.total > 1 else ""


_MASK_HELP: Mapping[str, str] = {
    "NaN": "0/0, inf - inf, and log or sqrt of a negative number give NaN; `torch.where` does not undo one.",
    "infinite": "A division by zero, log(0) or an overflow (exp beyond 88 in float32) gives infinity.",
    "finite": "An infinity or NaN of the input must show in this place of the result.",
}


def _mask(comparison: Comparison, name: str) -> Words:
    texts = comparison.observed, comparison.expected
    found = "NaN" if "nan" in texts[0] else "infinite" if "inf" in texts[0] else "finite"
    wrong = " with the wrong sign" if found == "infinite" and "inf" in texts[1] else ""
    share = _share(comparison)
    return Words(
        f"{name} is {found}{wrong}{_where(comparison)} and should not be{f'; mismatched {share}' if share else ''}.",
        _MASK_HELP[found],
        f"Observed {texts[0]}, expected {texts[1]}{_where(comparison)}.",
    )


def _numbers(comparison: Comparison, name: str) -> Words:
    share = _share(comparison)
    most = f", most of all{_where(comparison)}" if comparison.mismatched > 1 else _where(comparison)
    figures = f" (difference {comparison.difference:.4g}, allowed {comparison.allowed:.2g})"
    return Words(
        f"{name} has the wrong value: mismatched {share}{most}." if share else f"{name} has the wrong value.",
        _numbers_help(comparison),
        f"Observed {comparison.observed}, expected {comparison.expected}{_where(comparison)}"
        f"{figures if comparison.difference > 0 else ''}.",
    )


def _numbers_help(comparison: Comparison) -> str:
    if 0 < comparison.relative < 1e-3 and comparison.allowed > 0:
        return "Close, but further off than rounding: a constant cut short, or a step in a lower precision?"
    if comparison.total > 1 and comparison.mismatched < comparison.total:
        which = "place that is" if comparison.mismatched == 1 else "places that are"
        return f"Some elements are right: look at what is special about the {which} not."
    return "Work one small case out by hand, and compare it with what your function returns step by step."
