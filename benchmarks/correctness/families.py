"""Row 3: answers of which there is more than one, by properties and `up_to` against element by element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch

from benchmarks.correctness.answers import families as answers
from benchmarks.correctness.judging import Function, Tally, arguments, exercise, in_dtype, is_close, judged, verdict_of
from benchmarks.correctness.table import Judge, Row
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.kinds import Sandbox
from torchgrade.model.verdict import Verdict
from torchgrade.session import Session

MOST_ACCEPTED = 2
TEXT = """\
schema: 1
title: One of several right answers
task: Return any of them.
entrypoint: answer
{body}
cases: [{{draw: {draws}}}]
"""
EIGH = """\
parameters: {A: {shape: [n, n], family: symmetric}}
dims: {n: 3..6}
returns: {values: [n], vectors: [n, n]}
reference:
  formula: {values: eigvalsh(A)}
  function: |
    def answer(A): return torch.linalg.eigh(A)
checks:
  - {kind: value, of: values}
  - {kind: property, holds: A @ vectors == vectors * values}
  - {kind: property, holds: orthonormal(vectors)}
"""
SVD = """\
parameters: {A: [m, n]}
dims: {n: 3..4, m: n..6}
returns: {U: [m, n], S: [n], Vh: [n, n]}
reference:
  formula: {S: svdvals(A)}
  function: |
    def answer(A): return torch.linalg.svd(A, full_matrices=False)
checks:
  - {kind: value, of: S}
  - {kind: property, holds: U * S @ Vh == A}
  - {kind: property, holds: orthonormal(U)}
  - {kind: property, holds: orthonormal(Vh.T)}
"""
QR = """\
parameters: {A: [m, n]}
dims: {n: 2..4, m: n..6}
returns: {Q: [m, n], R: [n, n]}
reference:
  function: |
    def answer(A): return torch.linalg.qr(A)
checks:
  - {kind: property, holds: Q @ R == A}
  - {kind: property, holds: orthonormal(Q)}
  - {kind: property, holds: upper_triangular(R)}
"""
LU = """\
parameters: {A: {shape: [n, n], family: invertible}}
dims: {n: 4..6}
returns: {P: [n, n], L: [n, n], U: [n, n]}
reference:
  function: |
    def answer(A): return torch.linalg.lu(A)
checks:
  - {kind: property, holds: P @ L @ U == A}
  - {kind: property, holds: P * P == P and orthonormal(P)}
  - {kind: property, holds: lower_triangular(L) and diag(L) == ones(n)}
  - {kind: property, holds: upper_triangular(U)}
"""
KERNEL = """\
parameters: {A: {shape: [m, n], family: low_rank, rank: r}}
dims: {m: 3..5, n: 4..6, r: 1..2}
returns: {N: [n, k]}
reference:
  function: |
    def answer(A): return torch.linalg.svd(A)[2][int(torch.linalg.matrix_rank(A)):].T
checks:
  - {kind: property, holds: "A @ N == zeros(m, n - rank(A))"}
  - {kind: property, holds: orthonormal(N)}
"""
LEAST_SQUARES = """\
parameters: {A: {shape: [m, n], family: low_rank, rank: r}, b: [m]}
dims: {m: 3..6, n: 3..6, r: 1..2}
reference:
  formula: pinv(A) @ b
  function: |
    def answer(A, b): return torch.linalg.pinv(A) @ b
"""
IMAGE = """\
parameters: {A: [m, n]}
dims: {m: 5..7, n: 1..3}
returns: {Q: [m, n]}
reference:
  formula: {Q: A}
  function: |
    def answer(A): return torch.linalg.qr(A)[0]
checks: [{kind: value, of: Q, up_to: span}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """An exercise, the right answers to it (the first is what the field compares with), and the wrong ones."""

    name: str
    body: str
    right: tuple[Function, ...]
    wrong: tuple[Function, ...]

    def exercise(self, draws: int) -> Exercise:
        return exercise(TEXT.format(body=self.body, draws=draws), f"family-{self.name}")


FAMILIES = (
    Family(
        name="eigh",
        body=EIGH,
        right=(answers.eigh, answers.eigh_upper, answers.eigh_other_signs, answers.eigh_by_svd),
        wrong=(answers.eigh_rows, answers.eigh_descending),
    ),
    Family(
        name="svd",
        body=SVD,
        right=(answers.svd, answers.svd_other_signs, answers.svd_of_transpose, answers.svd_after_qr),
        wrong=(answers.svd_v_for_vh, answers.svd_one_sign),
    ),
    Family(
        name="qr",
        body=QR,
        right=(answers.qr, answers.qr_positive, answers.qr_householder, answers.qr_gram_schmidt),
        wrong=(answers.qr_turned, answers.qr_stretched),
    ),
    Family(
        name="lu",
        body=LU,
        right=(answers.lu, answers.lu_packed, answers.lu_of_scaled, answers.lu_last_row_first),
        wrong=(answers.lu_not_permuted, answers.lu_diagonal_in_left),
    ),
    Family(
        name="kernel",
        body=KERNEL,
        right=(answers.kernel, answers.kernel_by_eigh, answers.kernel_turned, answers.kernel_by_projection),
        wrong=(answers.kernel_stretched,),
    ),
    Family(
        name="least-squares",
        body=LEAST_SQUARES,
        right=(
            answers.least_squares,
            answers.least_squares_pinv,
            answers.least_squares_svd,
            answers.least_squares_after_qr,
        ),
        wrong=(answers.least_squares_longer,),
    ),
    Family(
        name="image",
        body=IMAGE,
        right=(answers.image, answers.image_turned, answers.image_mixed, answers.image_itself),
        wrong=(answers.image_tilted,),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer in one case: what torchgrade says of it, and what `assert_close` does."""

    place: str
    dtype: str
    verdict: Verdict
    field: Verdict


def rows(sandbox: Sandbox, draws: int) -> Iterator[Row]:
    """A row for each dtype; drawn cases have one and the other in turn."""
    session = Session(sandbox, "correctness")
    right = [one for family in FAMILIES for one in _judged(session, family, draws, family.right)]
    wrong = [one for family in FAMILIES for each in family.wrong for one in _judged(session, family, draws, (each,))]
    unmet = faults(right, wrong)
    for dtype in ("float32", "float64"):
        rights = [each for each in right if each.dtype == dtype]
        wrongs = [each for each in wrong if each.dtype == dtype]
        yield Row(
            experiment="eigh, svd, qr, lu, kernel, least squares, image",
            dtype=dtype,
            field=Judge(
                name="`assert_close`",
                right=Tally.of(each.field for each in rights),
                wrong=Tally.of(each.field for each in wrongs),
            ),
            ours=Judge(
                name="torchgrade",
                right=Tally.of(each.verdict for each in rights),
                wrong=Tally.of(each.verdict for each in wrongs),
            ),
            must=f"0 and at most {MOST_ACCEPTED} in all",
            faults=unmet,
        )


def faults(right: Sequence[Judged], wrong: Sequence[Judged]) -> tuple[str, ...]:
    """Right answers that are not accepted; wrong ones that are, if they are too many."""
    rejected = [f"right answer: {each.place}: {each.verdict}" for each in right if each.verdict is not Verdict.ACCEPTED]
    accepted = [f"wrong answer: {each.place}: accepted" for each in wrong if each.verdict is Verdict.ACCEPTED]
    return (*rejected, *(accepted if len(accepted) > MOST_ACCEPTED else ()))


def _judged(session: Session, family: Family, draws: int, functions: Sequence[Function]) -> Iterator[Judged]:
    """Every case with one of the functions; each has two cases in turn, one of either dtype."""
    asked = family.exercise(draws)
    found = {function: next(judged(session, function, [asked])) for function in functions}
    for number, case in enumerate(session.resolve(asked).cases):
        function = functions[number // 2 % len(functions)]
        yield Judged(
            place=f"{function.__name__}, {case.name}",
            dtype=case.dtype,
            verdict=found[function][case.name],
            field=verdict_of(is_close(function, arguments(case), _elements(family.right[0], case))),
        )


def _elements(function: Function, case: Case) -> object:
    """The usual answer, computed in float64 and rounded: what one compares with who knows only one answer."""
    wide = replace(in_dtype(case, "float64"), dtype=case.dtype)
    return _narrowed(function(*arguments(wide)), getattr(torch, case.dtype))


def _narrowed(value: object, dtype: torch.dtype) -> object:
    if isinstance(value, torch.Tensor):
        return value.to(dtype)
    assert isinstance(value, tuple)
    return tuple(item.to(dtype) for item in value)
