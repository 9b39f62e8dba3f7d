"""What is said of a judgement, and to whom.

Of a visible case students see everything. Of a hidden one they see what is wrong but no values, the kind of input, the
pattern, the exception's class and their own line; what the submission itself said there is for staff.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from torchgrade.checks.incidents import line_of_incident
from torchgrade.checks.rule import Offence
from torchgrade.grading.diagnose import Diagnosis
from torchgrade.grading.examine import Examined
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Mistake
from torchgrade.model.finding import Audience, Comparison, Feedback, Finding, Judgement, Stage
from torchgrade.model.labels import case_label
from torchgrade.model.said import joined, said, translated
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.words import quoted

_BOUNDED = (Stage.EQUAL, Stage.MASK, Stage.NUMBERS, Stage.UNDECIDED)
_COUNTED = 64
"""How many elements a result may have for their number and place to be told of a hidden case: they are claims too."""
_FEW = 3
_STAGES: Mapping[Stage, str] = {
    Stage.STRUCTURE: said("structure"),
    Stage.TYPE: said("type"),
    Stage.SHAPE: said("shape"),
    Stage.DTYPE: said("dtype"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a check fails, as far as it is known."""

    mistake: Mistake | None = None
    diagnosis: Diagnosis | None = None


def finding(examined: Examined, cause: Cause, reproduction: str, language: str = FALLBACK) -> Finding:
    """The finding on one check and one case, in words of a language."""
    bare = verdict_only(examined)
    if examined.accepted:
        return bare
    judgement, visible = examined.judgement, bare.visible
    mistake = None if judgement.verdict is Verdict.UNDECIDED else cause.mistake
    diagnosis = cause.diagnosis if judgement.verdict is Verdict.WRONG_ANSWER else None  # of wrong numbers only
    return replace(
        bare,
        mistake=mistake.id if mistake else "",
        pattern=diagnosis.name if diagnosis else "",
        feedback=tuple(
            spoken(each, language)
            for each in _told(examined, Cause(mistake=mistake, diagnosis=diagnosis), reproduction, language)
        ),
        comparison=_spoken(judgement.comparison, language) if visible else _without_values(judgement.comparison),
        reproduction=reproduction if visible else "",
        line=line_of(judgement),
    )


def verdict_only(examined: Examined) -> Finding:
    """The finding without a word of why."""
    case = examined.case
    return Finding(
        case=case.name if case else "",
        verdict=examined.judgement.verdict,
        visible=case is None or case.visible,
    )


def spoken(feedback: Feedback, language: str) -> Feedback:
    """The feedback in a language: what the author wrote was chosen when the exercise was loaded, and stays as it is."""
    rationale, help = translated(feedback.rationale, language), translated(feedback.help, language)
    return Feedback(audience=feedback.audience, rationale=rationale, help=help)


def _spoken(comparison: Comparison | None, language: str) -> Comparison | None:
    """Its words for what was seen; outcomes have one name in all languages."""
    if comparison is None:
        return None
    observed, expected = translated(comparison.observed, language), translated(comparison.expected, language)
    return replace(comparison, outcome=str(comparison.outcome), observed=observed, expected=expected)


def line_of(judgement: Judgement) -> int:
    """The line of the source that a judgement is about; 0 if there is none."""
    if isinstance(judgement, Offence):
        return judgement.line
    return line_of_incident(judgement.incident) if judgement.incident else 0


def _told(examined: Examined, cause: Cause, reproduction: str, language: str) -> Iterator[Feedback]:
    """The author's words first, then what was seen, then the pattern; numbers last."""
    judgement, check, case = examined.judgement, examined.check, examined.case
    hidden = case is not None and not case.visible
    own = judgement.verdict not in (Verdict.UNDECIDED, Verdict.SKIPPED, Verdict.JUDGE_ERROR)
    if cause.mistake:
        yield _student(str(cause.mistake.says), str(cause.mistake.help))
    if own and judgement.incident is None and (check.says or check.help):
        yield _student(str(check.says), str(check.help))
    rationale = discreet(judgement, case.dims.values()) if case is not None and hidden else judgement.rationale
    was_seen = hidden and judgement.verdict is not Verdict.SKIPPED
    place = said("Seen in {case}.", case=kind_of_input(case, language)) if case is not None and was_seen else ""
    yield _student(
        joined("{first} {last}", (rationale, place)), "" if _is_explained(judgement, cause) else judgement.help
    )
    if cause.diagnosis:
        yield _student(cause.diagnosis.sentence, cause.diagnosis.help)
    if judgement.values:
        yield Feedback(audience=Audience.STAFF if hidden else Audience.STUDENT, rationale=judgement.values)
    if hidden and rationale != judgement.rationale:
        yield Feedback(audience=Audience.STAFF, rationale=judgement.rationale)
    if hidden and reproduction:
        yield Feedback(audience=Audience.STAFF, rationale=reproduction)


def _is_explained(judgement: Judgement, cause: Cause) -> bool:
    """Whether the cause of a crash or of wrong numbers is known, so that general advice would stand in its way."""
    is_number = judgement.comparison is not None and judgement.comparison.stage is Stage.NUMBERS
    is_known = cause.mistake is not None or cause.diagnosis is not None
    return is_known and (is_number or judgement.incident is not None)


def _student(rationale: str, help: str) -> Feedback:
    return Feedback(audience=Audience.STUDENT, rationale=rationale, help=help)


def kind_of_input(case: Case, language: str = FALLBACK) -> str:
    """What sort of case it is: `a drawn case with n = 1, m = 4 in float64`."""
    sorts = {
        Origin.DRAWN: said("a drawn case"),
        Origin.EDGE: said("the boundary case `{name}`", name=case_label(case.name, language)),
        Origin.GIVEN: said("a hidden case"),
    }
    sizes = ", ".join(f"{name} = {size}" for name, size in case.dims.items())
    if not sizes:
        return said("{sort} in {dtype}", sort=sorts[case.origin], dtype=case.dtype)
    return said("{sort} with {sizes} in {dtype}", sort=sorts[case.origin], sizes=sizes, dtype=case.dtype)


def discreet(judgement: Judgement, sizes: Iterable[int] = ()) -> str:
    """The rationale, unless it holds numbers of the submission's own choice that could carry hidden inputs outside.

    Where shapes agree, a place can say no more than the shape allows, and only small ones may speak. Other numbers must
    be `sizes` of the case or of the right result, and few.
    """
    comparison = judgement.comparison
    if comparison is None:
        return judgement.rationale
    name = quoted(comparison.outcome) if comparison.outcome else said("What is returned")
    if comparison.stage in _BOUNDED:
        return judgement.rationale if comparison.total <= _COUNTED else said("{name} has wrong values.", name=name)
    wanted = _numbers(comparison.expected)
    known, found = {0, 1, *sizes, *wanted}, _numbers(judgement.rationale)
    if len(found) <= max(_FEW, 2 * len(wanted) + 1) and known.issuperset(found):
        return judgement.rationale
    return said("{name} has another {what} than the right one.", name=name, what=_STAGES[comparison.stage])


def _numbers(text: str) -> list[int]:
    return [int(digits[:9]) for digits in re.findall(r"\b\d+", text)]


def _without_values(comparison: Comparison | None) -> Comparison | None:
    if comparison is None or comparison.stage not in _BOUNDED:
        return None
    told = replace(
        comparison,
        outcome=str(comparison.outcome),
        difference=0.0,
        relative=0.0,
        index=(),
        observed="",
        expected="",
        allowed=0.0,
    )
    return told if told.total <= _COUNTED else replace(told, mismatched=0)
