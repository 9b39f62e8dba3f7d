"""Patterns: usual ways in which a wrong array goes back to the right one, each a name, a sentence and what to try.

A pattern's `readings` of a pair are all the ways in which it fits ("2", "n" for a factor); none means that it does
not. The table is in order: the first pattern that fits every failing case in the same reading is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from torchgrade.grading.pairs import Pair
from torchgrade.grading.readings import (
    applied,
    conjugated,
    doubled_grad,
    extra_axis,
    flipped,
    negated,
    other_axis,
    outer,
    reordered,
    rolled,
    scaled,
    shifted,
    transposed,
    unchanged,
    undone,
    where,
    zero,
)
from torchgrade.model.said import said, template


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`sentence` may hold one {reading}: the reading."""

    name: str
    sentence: str
    help: str
    readings: Callable[[Pair], tuple[str, ...]]


_ROOT = undone(np.square)
PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="zero",
        sentence=template("Every value is 0."),
        help=said("Was the result ever written into, or is it still what it was made as?"),
        readings=zero,
    ),
    Pattern(
        name="unchanged",
        sentence=template("This is `{reading}`, unchanged."),
        help=said("Many functions return a new tensor and leave the old one: use what they return."),
        readings=unchanged,
    ),
    Pattern(
        name="accumulated",
        sentence=template("The gradient is counted twice."),
        help=said("`.grad` adds up over calls of backward: clear it first, or call backward once."),
        readings=doubled_grad,
    ),
    Pattern(
        name="sign",
        sentence=template("Every sign is the opposite of what it should be."),
        help=said("Look for a minus that is missing or too many, or a difference taken the other way round."),
        readings=negated,
    ),
    Pattern(
        name="transposed",
        sentence=template("This is the transpose of the right result."),
        help=said("Look for a missing or extra `.T`, or for factors in the wrong order."),
        readings=transposed,
    ),
    Pattern(
        name="factor",
        sentence=template("Every value is {reading} times what it should be."),
        help=said(
            "Look for a sum where a mean is asked for (or the reverse), and for a constant forgotten or used twice."
        ),
        readings=scaled,
    ),
    Pattern(
        name="absolute",
        sentence=template("These are the absolute values of the right ones."),
        help=said("Look for an `abs`, a square with a root, or a norm that loses the sign."),
        readings=applied(np.abs),
    ),
    Pattern(
        name="squared",
        sentence=template("Every value is the square of what it should be."),
        help=said("A root is missing, or something is squared once too often."),
        readings=applied(np.square),
    ),
    Pattern(
        name="root",
        sentence=template("Every value is the square root of what it should be."),
        help=said("A square is missing, or a root is taken too many."),
        readings=lambda pair: _ROOT(pair) if (pair.observed.real >= 0).all() else (),
    ),
    Pattern(
        name="reciprocal",
        sentence=template("Every value is 1 divided by what it should be."),
        help=said("A division is the wrong way round."),
        readings=applied(np.reciprocal),
    ),
    Pattern(
        name="exponential",
        sentence=template("Every value is exp of what it should be."),
        help=said("A logarithm is missing at the end."),
        readings=applied(np.exp),
    ),
    Pattern(
        name="logarithm",
        sentence=template("Every value is the logarithm of what it should be."),
        help=said("An exp is missing at the end."),
        readings=undone(np.exp),
    ),
    Pattern(
        name="truncated",
        sentence=template("Every value has lost what stands behind the point."),
        help=said("Look for an integer dtype on the way, and for `//` where `/` is meant."),
        readings=applied(np.trunc),
    ),
    Pattern(
        name="conjugate",
        sentence=template("Every value is the complex conjugate of what it should be."),
        help=said("`.mH` conjugates and `.mT` does not; look for a `conj` missing or too many."),
        readings=conjugated,
    ),
    Pattern(
        name="shifted",
        sentence=template("Every value is {reading}."),
        help=said("Something constant is added or left out: look at where counting starts, and at a bias."),
        readings=shifted,
    ),
    Pattern(
        name="flipped",
        sentence=template("The right values stand in reverse along {reading}."),
        help=said("Ascending and descending are mixed up, or a flip is missing or too many."),
        readings=flipped,
    ),
    Pattern(
        name="rolled",
        sentence=template("The right values stand {reading} further on than they should."),
        help=said("Look at where a slice or a shift begins."),
        readings=rolled,
    ),
    Pattern(
        name="reordered",
        sentence=template("These are the right values in another order."),
        help=said("Look at how indices are used, at what is sorted, and at `reshape` where a transpose is meant."),
        readings=reordered,
    ),
    Pattern(
        name="axes",
        sentence=template("The values are right, but there are {reading} axes."),
        help=said("`keepdim`, `squeeze`, `unsqueeze` and indexing with a number change how many axes there are."),
        readings=extra_axis,
    ),
    Pattern(
        name="broadcast",
        sentence=template("The right values stand on the diagonal of a matrix."),
        help=said("A column was broadcast against a row: print both shapes; one axis of size 1 is too many."),
        readings=outer,
    ),
    Pattern(
        name="other-axis",
        sentence=template("This works along another axis than it should."),
        help=said("Look at every `dim`: `dim=0` runs down the rows, `dim=1` along the columns."),
        readings=other_axis,
    ),
    Pattern(
        name="only-wrong",
        sentence=template("Only the {reading} is wrong."),
        help=said("Look at where a slice or a loop begins and ends, and at what is special there."),
        readings=lambda pair: where(pair, wrong=True),
    ),
    Pattern(
        name="only-right",
        sentence=template("Only the {reading} is right."),
        help=said("Something is done once that should be done for every row, column or element."),
        readings=lambda pair: where(pair, wrong=False),
    ),
)
