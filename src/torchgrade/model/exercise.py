"""An exercise as it stands in its YAML file, with every bare form written out.

The JSON Schema of exercises is derived from these classes: docstrings and `described(...)` become its
descriptions, keywords in `described` its limits. An absent optional is None or empty, never null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, TypeAlias, Union

from torchgrade.model.check import Check
from torchgrade.model.text import FALLBACK, Text
from torchgrade.model.value import Layout

Formula = NewType("Formula", str)
"""Text in the formula language; `formula.parse` reads it."""
Python = NewType("Python", str)
"""Python source text; it only ever runs in the sandbox."""
Literal: TypeAlias = Union[bool, int, float, str, "tuple[Literal, ...]", Mapping[str, "Literal"], None]
"""A number, bool, list (a tuple here), mapping, or text that holds a formula."""


def described(description: str, **keywords: object) -> dict[str, object]:
    """Field metadata for the schema: a description and JSON Schema keywords."""
    return {"description": description, **keywords}


class Type(StrEnum):
    """What a parameter or a returned value is."""

    TENSOR = "tensor"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    STR = "str"
    SHAPE = "shape"
    SYMBOL = "symbol"
    EXPRESSION = "expression"


class Family(StrEnum):
    """What drawn tensors look like."""

    GENERAL = "general"
    DISTINCT = "distinct"
    TIES = "ties"
    SORTED = "sorted"
    ONE_HOT = "one_hot"
    PROBABILITIES = "probabilities"
    PERMUTATION = "permutation"
    MASK = "mask"
    SYMMETRIC = "symmetric"
    POSITIVE_DEFINITE = "positive_definite"
    ORTHOGONAL = "orthogonal"
    DIAGONAL = "diagonal"
    LOWER_TRIANGULAR = "lower_triangular"
    UPPER_TRIANGULAR = "upper_triangular"
    INVERTIBLE = "invertible"
    LOW_RANK = "low_rank"


class Edge(StrEnum):
    """A boundary case that costs one word."""

    EMPTY = "empty"
    ONE = "one"
    SQUARE = "square"
    ZEROS = "zeros"
    TIES = "ties"
    NEGATIVE = "negative"
    INTEGER = "integer"
    STRIDED = "strided"
    LARGE = "large"
    TINY = "tiny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """`low..high`, both included; each end is a formula of dims and of ints that are parameters."""

    low: Formula
    high: Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a parameter or a returned value looks like. A bare list is its shape, a bare word its type."""

    shape: tuple[Formula, ...] | None = field(
        default=None, metadata=described("Sizes: integers, dims, formulas of dims, or '...' for any axes.")
    )
    type: Type | None = field(default=None, metadata=described("Parameters: tensor unless said otherwise."))
    dtype: tuple[str, ...] = field(
        default=(), metadata=described("One dtype or several; returns may also say float, int or complex.")
    )
    range: Range | None = field(
        default=None, metadata=described("Where values are drawn: `low..high`; -2..2 if absent, -9..9 for integers.")
    )
    family: Family | None = field(default=None, metadata=described("What drawn tensors look like."))
    rank: Formula | None = field(default=None, metadata=described("The rank of a low_rank matrix."))
    condition: float | None = field(
        default=None, metadata=described("The 2-norm condition number of a drawn matrix.", minimum=1)
    )
    value: Formula | None = field(default=None, metadata=described("A formula that makes this input from the others."))
    requires_grad: bool | None = field(
        default=None, metadata=described("Whether the tensor arrives as a leaf that requires grad.")
    )
    layout: Layout | None = field(default=None, metadata=described("How the tensor lies in memory."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Where the right answer comes from. Bare text is the formula; at least two witnesses must speak."""

    formula: Mapping[str, Formula] = field(
        default_factory=dict, metadata=described("By outcome; bare text if there is only one.")
    )
    gradient: Mapping[str, Formula] = field(
        default_factory=dict,
        metadata=described(
            "By parameter, of grad_output, parameters and results: where it is not the derivative of the value."
        ),
    )
    function: Python | None = field(default=None, metadata=described("A right solution in torch."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Another right answer: it must get full points."""

    name: str = ""
    function: Python


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGroup:
    """An entry of `cases`: one given case, several drawn ones, or a list of edges."""

    name: str = field(default="", metadata=described("Drawn cases are numbered after it."))
    inputs: Mapping[str, Literal] = field(default_factory=dict, metadata=described("Those absent are drawn."))
    draw: int | None = field(default=None, metadata=described("How many cases to draw.", minimum=1, maximum=100))
    dims: Mapping[str, Range] = field(default_factory=dict, metadata=described("Sizes for these cases."))
    parameters: Mapping[str, Spec] = field(
        default_factory=dict, metadata=described("Changes to parameters for these cases.")
    )
    expected: Mapping[str, Literal] = field(
        default_factory=dict, metadata=described("By outcome; the bare value if there is only one.")
    )
    raises: str | None = field(default=None, metadata=described("The exception that a right answer raises here."))
    visible: bool | None = field(
        default=None, metadata=described("Whether students see it; true when nothing is drawn.")
    )
    edges: tuple[Edge, ...] = field(default=(), metadata=described("Boundary cases, hidden, one for each word."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A wrong solution that students really write: the checks must catch it and it is named when they do."""

    id: str = field(metadata=described("Words with hyphens.", pattern="^[a-z0-9]+(-[a-z0-9]+)*$"))
    says: Text = field(metadata=described("What went wrong, for the student."))
    help: Text = field(default=Text(), metadata=described("What to try."))
    formula: Mapping[str, Formula] = field(
        default_factory=dict, metadata=described("Outcomes that are not named are the reference's.")
    )
    function: Python | None = None
    worth: float = field(
        default=0.0, metadata=described("The share of the points lost that is given back.", minimum=0, maximum=1)
    )
    loses: tuple[str, ...] = field(default=(), metadata=described("Names of the checks it fails."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one case may use."""

    seconds: float = field(default=2.0, metadata=described("Wall time of one case.", exclusiveMinimum=0, maximum=600))
    times_reference: float = field(
        default=10.0,
        metadata=described(
            "No case ends before it took so many times what the reference function took.", minimum=1, maximum=1000
        ),
    )
    cpu_seconds: float | None = field(
        default=None,
        metadata=described(
            "Processor time of one case, of all its threads; absent: twice its wall time.",
            exclusiveMinimum=0,
            maximum=1200,
        ),
    )
    megabytes: int = field(
        default=512, metadata=described("Memory beyond what torch itself takes.", minimum=64, maximum=65536)
    )
    output_megabytes: int = field(default=8, metadata=described("What one case may print.", minimum=1, maximum=64))
    threads: int = field(default=64, metadata=described("Threads at once.", minimum=1, maximum=1000))
    files: int = field(default=64, metadata=described("Files open at once.", minimum=16, maximum=1024))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise file."""

    id: str = field(metadata=described("The path under exercises/ without its suffix.", derived=True))
    digest: str = field(metadata=described("sha256 of the file's content as canonical JSON.", derived=True))
    path: str = field(default="", metadata=described("The file.", derived=True))
    language: str = field(default=FALLBACK, metadata=described("What students are told its results in.", derived=True))
    title: Text
    task: Text
    entrypoint: str = field(metadata=described("The function or class to write.", pattern="^[A-Za-z_][A-Za-z0-9_]*$"))
    parameters: Mapping[str, Spec] = field(
        default_factory=dict, metadata=described("In calling order; passed by position.")
    )
    returns: Mapping[str, Spec] = field(
        default_factory=lambda: {"result": Spec()},
        metadata=described("One: the value itself. Several: a tuple, list, named tuple or dict. {}: not looked at."),
    )
    dims: Mapping[str, Range] = field(
        default_factory=dict, metadata=described("Sizes: an integer or low..high; 1..5 if absent.")
    )
    call: Python | None = field(
        default=None, metadata=described("def call(<entrypoint>, <parameters>): how the entry point is called.")
    )
    let: Mapping[str, Formula] = field(
        default_factory=dict, metadata=described("Names for formulas, usable in every formula of the file.")
    )
    reference: Truth = field(default_factory=Truth)
    accepted: tuple[Accepted, ...] = ()
    cases: tuple[CaseGroup, ...] = (CaseGroup(draw=8),)
    checks: tuple[Check, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[Text, ...] = field(default=(), metadata=described("From vague to concrete."))
    starter: Python | None = field(default=None, metadata=described("Made from the signature if absent."))
    limits: Limits = field(default_factory=Limits)
    random: bool = field(
        default=False,
        metadata=described("Whether right answers may differ from call to call; else the first case is asked twice."),
    )
    tags: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """The folder part of the id."""
        return self.id.rpartition("/")[0]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome somebody says something about: returned names, then `p.grad` and `p.after`."""
        named = [*self.returns, *self.reference.formula]
        named += [outcome for group in self.cases for outcome in group.expected]
        return tuple(dict.fromkeys(named))
