"""A Comparison in words for a student: what is wrong, what to try, and (apart) the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.said import LANGUAGES, Said, joined, said, translated


class Words(NamedTuple):
    """`rationale` and `help` hold nothing of the answer but sizes, dtypes and places; `values` holds the numbers."""

    rationale: str = ""
    help: str = ""
    values: str = ""


_KINDS: Mapping[str, str] = {
    "bool": "bool",
    "int": said("an integer dtype"),
    "float": said("a floating dtype"),
    "complex": said("a complex dtype"),
}
_TYPE_HELP: tuple[tuple[str, str, str], ...] = (
    (
        "a",
        "None",
        said("Does every path through the function reach a `return`? A method that works in place returns None."),
    ),
    ("None", "", said("Leave the `return` out, or return nothing.")),
    (
        "a tensor",
        "a Python",
        said("Keep the result a tensor: leave out `.item()`, or make one with `torch.tensor(…)`."),
    ),
    (
        "a tensor",
        "a list",
        said("Make one tensor of the list: `torch.tensor(…)` for numbers, `torch.stack(…)` for tensors."),
    ),
    (
        "a tensor",
        "a tuple",
        said("A comma at the end makes a tuple, and some functions return one: pick what is asked for."),
    ),
    (
        "a tensor",
        "a named tuple",
        said("Functions like `max(dim=…)` return values and positions: pick one by its name."),
    ),
    ("a Python int", "a Python float", said("Whole numbers divide with `//`; `int(…)` makes an int of a number.")),
    ("a Python int", "a Python bool", said("`int(…)` makes 0 or 1 of a bool.")),
    ("a Python float", "a Python bool", said("`float(…)` makes a number of it.")),
    ("a Python", "tensor", said("`.item()` gives the Python number in a tensor with one element.")),
    ("a shape", "tensor", said("`tuple(…)` or `.shape` gives sizes as Python ints.")),
    ("a shape", "a Python", said("A shape has one size for each axis, in a tuple, even if there is only one axis.")),
    (
        "a tensor",
        "numpy",
        said("Stay in torch: its functions bear the same names, and numpy's cannot be differentiated."),
    ),
    ("", "a generator", said("`yield` makes a generator: write `return`.")),
    ("", "a coroutine", said("`async def` makes a coroutine: write `def`.")),
    ("", "a function", said("Call it: write the parentheses and arguments after its name.")),
    ("", "a method that was not called", said("Call it: write the parentheses after its name, as in `x.sum()`.")),
    ("a sympy", "", said("Leave it an expression: no `.subs`, `float(…)` or `lambdify`.")),
)
_DTYPE_HELP: Mapping[tuple[str, str], str] = {
    ("float", "int"): said(
        "Start from floating numbers (`dtype=x.dtype`, or `1.0` for `1`), and divide with `/`, not `//`."
    ),
    ("float", "bool"): said("A comparison gives True and False; `.to(x.dtype)` makes numbers of them."),
    ("float", "complex"): said("Only the real part is wanted: `.real`."),
    ("int", "float"): said(
        "Whole numbers stay whole with `//` and `dtype=torch.int64`; `/` and `mean` make floats of them."
    ),
    ("int", "bool"): said(
        "A comparison gives True and False; count them with `.sum()`, or convert with `.to(torch.int64)`."
    ),
    ("bool", "int"): said("0 and 1 are not False and True: a comparison such as `x > 0` gives a bool tensor."),
    ("bool", "float"): said("0.0 and 1.0 are not False and True: a comparison such as `x > 0` gives a bool tensor."),
}


def sentence(comparison: Comparison, outcome: str = "result") -> Words:
    """What a student is told of a Comparison; `outcome` is what the value is called."""
    name = quoted(outcome) if isinstance(outcome, Said) else f"`{outcome}{comparison.outcome}`"
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
                said(
                    "{name} cannot be judged here: rounding alone may change this result by more than a tenth.",
                    name=name,
                ),
                said("Nothing is lost: the other cases decide."),
            )


def quoted(outcome: str) -> str:
    """What an outcome is called in a sentence; derivatives have a name in each language."""
    return said("`{kind} of {of} in {wrt}`", **outcome.values) if isinstance(outcome, Said) else f"`{outcome}`"


def _structure(comparison: Comparison, name: str) -> Words:
    return Words(
        is_not(name, comparison),
        said("Return exactly the items that are asked for, in that order and under those names."),
    )


def is_not(name: str, comparison: Comparison) -> str:
    """What a value is, and what it should be."""
    return said(
        "{name} is {found}; it should be {wanted}.", name=name, found=comparison.observed, wanted=comparison.expected
    )


def _type(comparison: Comparison, name: str) -> Words:
    wanted, found = comparison.expected, comparison.observed
    advice = next((text for start, part, text in _TYPE_HELP if wanted.startswith(start) and part in found), "")
    return Words(is_not(name, comparison), advice or said("Return {wanted}.", wanted=wanted))


def _dtype(comparison: Comparison, name: str) -> Words:
    wanted, found = comparison.expected, comparison.observed
    expected = joined("{first} or {last}", (_KINDS.get(word, word) for word in wanted.split(" or ")))
    advice = _DTYPE_HELP.get((_kind(wanted), _kind(found)))
    return Words(
        said("{name} has dtype {found}; it should have {expected}.", name=name, found=found, expected=expected),
        advice or _convert(wanted),
    )


def _convert(wanted: str) -> str:
    if " " in wanted or wanted in _KINDS:
        return said("`dtype=x.dtype` makes a new tensor match the input x.")
    return said("`.to(torch.{dtype})` converts; `dtype=x.dtype` makes a new tensor match the input x.", dtype=wanted)


def _kind(dtype: str) -> str:
    """bool, int, float or complex, from the first dtype named in a message."""
    word = dtype.split(" or ")[0].removeprefix("a Python ").removesuffix(" number").removeprefix("u")
    word = "float" if word.startswith("bfloat") else word
    return next((kind for kind in _KINDS if word.startswith(kind)), "")


def _shape(comparison: Comparison, name: str) -> Words:
    found, wanted = _sizes(comparison.observed), _sizes(comparison.expected)
    shapes = {"found": comparison.observed, "wanted": comparison.expected}
    return Words(
        said("{name} has shape {found}; it should have shape {wanted}.", name=name, **shapes), _advice(found, wanted)
    )


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.strip("[]").split(", ") if size]


def _advice(found: list[int], wanted: list[int]) -> str:
    """What usually leads from the wrong shape to the right one."""
    if [size for size in found if size != 1] == [size for size in wanted if size != 1]:
        if len(found) > len(wanted):
            return said(
                "There is an axis of size 1 too many: leave out `keepdim=True`, index with a number, or `squeeze(dim)`."
            )
        if len(found) < len(wanted):
            return said("An axis of size 1 is missing: `keepdim=True` keeps it, `unsqueeze(dim)` or `reshape` adds it.")
    if sorted(found) == sorted(wanted):
        return said("The sizes are right but in another order: look for a missing or extra transpose.")
    if not found:
        return said("Everything became one number: name the axis in each reduction (`dim=…`), or leave one out.")
    if not wanted:
        return said("A single number is wanted: reduce over every axis, as `sum()` without `dim` does.")
    if len(found) < len(wanted):
        return said("An axis is gone: look at the `dim` of each reduction, and at indexing with a number.")
    if len(found) > len(wanted):
        return said("There are too many axes: a reduction over an axis is missing, or two shapes were broadcast.")
    return said(
        "Look at which axis each step works along, and at shapes that were broadcast: print the shapes on the way."
    )


def _share(comparison: Comparison) -> str:
    if comparison.total == 1:
        return ""
    percent = 100 * comparison.mismatched / comparison.total
    counted = {"mismatched": comparison.mismatched, "total": comparison.total}
    return said("{mismatched} of {total} elements ({percent:.1f}%)", percent=percent, **counted)


def _where(comparison: Comparison) -> str:
    """The index in Python's notation, with a space before it; nothing where there is only one element."""
    return said(" at index {index}", index=str(comparison.index)) if comparison.total > 1 else ""


_MASK_HELP: Mapping[str, str] = {
    "NaN": said("0/0, inf - inf, and log or sqrt of a negative number give NaN; `torch.where` does not undo one."),
    "infinite": said("A division by zero, log(0) or an overflow (exp beyond 88 in float32) gives infinity."),
    "finite": said("An infinity or NaN of the input must show in this place of the result."),
}


_MASKS: Mapping[str, str] = {"NaN": said("NaN"), "infinite": said("infinite"), "finite": said("finite")}
_OTHER_SIGN = said("infinite with the wrong sign")


def _mask(comparison: Comparison, name: str) -> Words:
    texts = comparison.observed, comparison.expected
    found = "NaN" if "nan" in texts[0] else "infinite" if "inf" in texts[0] else "finite"
    sort = _OTHER_SIGN if found == "infinite" and "inf" in texts[1] else _MASKS[found]
    share = _share(comparison)
    more = said("; mismatched {share}", share=share) if share else ""
    return Words(
        said(
            "{name} is {sort}{where} and should not be{more}.",
            name=name,
            sort=sort,
            where=_where(comparison),
            more=more,
        ),
        _MASK_HELP[found],
        seen(comparison),
    )


def seen(comparison: Comparison) -> str:
    """The numbers: nothing of this may be told of a hidden case."""
    figures = {"difference": comparison.difference, "allowed": comparison.allowed}
    return said(
        "{numbers}{where}{figures}.",
        numbers=_sides(comparison),
        where=_where(comparison),
        figures=said(" (difference {difference:.4g}, allowed {allowed:.2g})", **figures)
        if figures["difference"] > 0
        else "",
    )


def tells(sentence: str, comparison: Comparison) -> bool:
    """Whether a sentence, in whatever language, is the one with the numbers of a comparison."""
    return any(sentence.startswith(translated(_sides(comparison), language)) for language in LANGUAGES)


def _sides(comparison: Comparison) -> str:
    return said("Observed {observed}, expected {expected}", observed=comparison.observed, expected=comparison.expected)


def _numbers(comparison: Comparison, name: str) -> Words:
    share = _share(comparison)
    most = _where(comparison)
    if comparison.mismatched > 1:
        most = said(", most of all{where}", where=most)
    return Words(
        said("{name} has the wrong value: mismatched {share}{most}.", name=name, share=share, most=most)
        if share
        else said("{name} has the wrong value.", name=name),
        _numbers_help(comparison),
        seen(comparison),
    )


def _numbers_help(comparison: Comparison) -> str:
    if 0 < comparison.relative < 1e-3 and comparison.allowed > 0:
        return said("Close, but further off than rounding: a constant cut short, or a step in a lower precision?")
    if comparison.total > 1 and comparison.mismatched < comparison.total:
        if comparison.mismatched == 1:
            return said("Some elements are right: look at what is special about the place that is not.")
        return said("Some elements are right: look at what is special about the places that are not.")
    return said("Work one small case out by hand, and compare it with what your function returns step by step.")
