"""The page of a class: what is counted, whom it names, and that neither names nor numbers of people make it grow."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from tests.unit.writers.conftest import HOSTILE, attempt, check, finding
from tests.unit.writers.test_html import CSP, HOSTILE_TEXTS, TAGS, Page, statement

from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.model.task import Measurement
from torchgrade.model.verdict import Verdict
from torchgrade.readers.measurements import Measurements
from torchgrade.writers.html import Html
from torchgrade.writers.html.names import page_name
from torchgrade.writers.html.phrases import LANGUAGES
from torchgrade.writers.html.survey import LISTED, NAMED, UNDECIDED, Who, slowest, survey

RIGHT = finding("one", Verdict.ACCEPTED)
SQUARED = finding("one", Verdict.WRONG_ANSWER, "You squared `a`.", mistake="squared")
SIGN = finding("one", Verdict.WRONG_ANSWER, "It has the wrong value.", pattern="sign")
LATE = finding("one", Verdict.TIME_LIMIT_EXCEEDED, "It took too long.")
OURS = finding("one", Verdict.JUDGE_ERROR, "Ours.")


@dataclass(frozen=True)
class Class:
    """So many submitters with so many exercises, made whenever they are asked for."""

    submitters: int
    exercises: int
    name: str = "student{0}"

    def __iter__(self) -> Iterator[Attempt]:
        for number in range(self.submitters):
            for place in range(self.exercises):
                yield self.one(number, place)

    def one(self, number: int, place: int) -> Attempt:
        name, exercise = self.name.format(number), f"topic/exercise-{place}"
        kind = (number * 7 + place * 3) % 10
        if kind < 6:
            return attempt(name, exercise, check("value", "2", "2", RIGHT), check("gradient", "1", "1", RIGHT))
        wrong = (SQUARED, SIGN, LATE, OURS)[kind - 6]
        mistakes = ("squared",) if wrong is SQUARED else ()
        return attempt(
            name, exercise, check("value", "0", "2", wrong), check("gradient", "0", "1", wrong), mistakes=mistakes
        )


@pytest.fixture
def told(header: Header) -> Header:
    return replace(header, exercises=(statement("topic/exercise-0"), statement("topic/exercise-1")))


def rendered(header: Header, attempts: Class | list[Attempt], measurements: tuple[Measurement, ...] = ()) -> str:
    (page,) = replace(Html(), measurements=measurements).render(header, attempts)
    return page.decode()


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def took(submitter: str, exercise: str, *seconds: float) -> Measurement:
    cases = {f"case {at}": each for at, each in enumerate(seconds)}
    return Measurement(submitter=submitter, exercise=exercise, seconds=cases, exceeded={}, peak_bytes=1)


def test_a_class_is_counted() -> None:
    found, analysis = survey(Class(10, 2))
    assert (found.count, found.most, found.full) == (10, 6, 3)
    assert found.mean == Fraction(36, 10)
    assert sum(bar.count for bar in found.bars) == 10
    assert analysis is None
    first = found.exercises["topic/exercise-0"]
    assert (first.count, first.solved) == (9, 6), "what we failed to grade counts for nobody"
    assert {name: (each.failed, each.count) for name, each in first.checks.items()} == {
        "value": (3, 9),
        "gradient": (3, 9),
    }
    assert [(each.name, each.is_pattern, each.said, each.people.count) for each in found.made] == [
        ("sign", True, "", 1),
        ("squared", False, "You squared `a`.", 1),
        ("sign", True, "", 1),
        ("squared", False, "You squared `a`.", 1),
    ]
    assert [(each.verdict, each.attempts, each.people.count) for each in found.incidents] == [
        (Verdict.JUDGE_ERROR, 2, 2),
        (Verdict.TIME_LIMIT_EXCEEDED, 2, 2),
    ]
    assert Verdict.JUDGE_ERROR in UNDECIDED


def test_the_most_frequent_mistake_comes_first_and_a_submitter_once() -> None:
    other = replace(SQUARED, mistake="cubed")
    people = [
        attempt(
            "a", "x", check("value", "0", "1", SQUARED), check("gradient", "0", "1", SQUARED), mistakes=("squared",)
        ),
        attempt("b", "x", check("value", "0", "1", other), mistakes=("cubed",)),
        attempt("c", "w", check("value", "1", "1", RIGHT)),
        attempt("c", "x", check("value", "0", "1", other), mistakes=("cubed",)),
    ]
    found, _ = survey(people)
    assert [(each.name, each.people.named) for each in found.made] == [
        ("cubed", [Who("b", 1), Who("c", 2)]),
        ("squared", [Who("a", 1)]),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_loads_nothing(told: Header, language: str) -> None:
    measurements = (took("student0", "topic/exercise-0", 0.5), took("student1", "topic/exercise-1", 0.1, 2))
    html = rendered(replace(told, language=language), Class(30, 3), measurements)
    read = Page(html)
    assert not {name for name, _ in read.elements} & TAGS
    assert [each["content"] for each in read.all("meta") if "http-equiv" in each] == [CSP]
    assert not [
        name for _, each in read.elements for name in each if name.startswith("on") or name in ("src", "action")
    ]
    levels = [int(name[1]) for name, _ in read.elements if re.fullmatch(r"h[1-6]", name)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(each.get("scope") in ("row", "col", "rowgroup") for each in read.all("th"))
    assert len(read.all("caption")) == len(read.all("table"))
    ids = [each["id"] for _, each in read.elements if "id" in each]
    assert len(set(ids)) == len(ids)
    assert {word for _, each in read.elements for word in each.get("aria-labelledby", "").split()} <= set(ids)
    pages = {page_name(f"student{number}") for number in range(30)}
    links = {each["href"].partition("#")[0] for each in read.all("a")} - {""}
    assert links == {f"students/{page}" for page in pages}


def test_the_page_says_how_it_went(told: Header) -> None:
    text = words(rendered(told, Class(30, 2), (took("student3", "topic/exercise-1", 0.25, 0.5),)))
    assert "30 submitters 3.6 of 6 points on average" in text
    assert "9 with all points" in text
    assert "Solve it 18 of 27 solved it · mean 2 of 3 value 9 / 27 33%" in text
    assert "3 squared Solve it You squared a . student" in text
    assert "sign pattern in the numbers Solve it Every sign is the opposite of what it should be." in text
    assert "time limit exceeded 6 student" in text
    assert "judge error 6 student" in text
    assert "Solve it 1 750 ms 750 ms student3" in text
    assert "student29 3 / 6" in text
    html = rendered(told, Class(30, 2))
    assert "What takes long" not in html
    assert 'href="students/student8.html#e1"' in html, "to the exercise on the page"


def test_item_analysis_needs_enough_submitters(told: Header) -> None:
    few, many = words(rendered(told, Class(19, 2))), words(rendered(told, Class(20, 2)))
    assert "Item analysis needs 20 submitters or more: of 19 these numbers would say nothing." in few
    assert "Discrimination" not in few
    assert "Discrimination D Correlation r" in many
    assert "Cronbach" not in many, "not everyone has points in everything: some we failed to grade"


def test_a_reversed_key_is_told(told: Header) -> None:
    people = [
        attempt(
            f"s{number:02}",
            f"topic/exercise-{place}",
            check("value", str(int((number > 12) == (place < 3))), "1", RIGHT),
        )
        for number in range(25)
        for place in range(4)
    ]
    text = words(rendered(told, people))
    assert text.count("✗ negative correlation: check the key") == 1
    assert "Title of topic/exercise-3 0.52 −1.00 −1.00 ✗" in text


def test_only_so_many_are_named(told: Header) -> None:
    html = rendered(told, Class(1_000, 1))
    text = words(html)
    assert f"and {1_000 - LISTED} more" in text
    assert f"and {100 - NAMED} more" in text
    assert html.count('<a href="students/') <= LISTED + 2 * LISTED
    assert len(html) < 150_000
    made = re.findall(r'<td class="people">.*?</td>', rendered(told, Class(400, 20)), re.S)
    assert sum(row.count("<a ") for row in made) <= 2 * LISTED
    assert re.search(r'<td class="people"> ?<span class="note">40 submitters</span></td>', "".join(made))


def test_ten_thousand_make_a_page_of_the_same_size(told: Header) -> None:
    sizes = [
        len(rendered(told, Class(submitters, 44, "a student with a long name {0:05}"))) for submitters in (300, 500)
    ]
    assert sizes[1] - sizes[0] < 3_000
    assert sizes[1] < 300_000


def test_a_class_is_streamed(told: Header) -> None:
    rendered(told, Class(3, 44))
    tracemalloc.start()
    try:
        rendered(told, Class(500, 4))
        few = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        rendered(told, Class(2_000, 4))
        many = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert many < 6_000_000
    assert many - few < 1_500_000, "a total for each submitter, and nothing else"


def test_next_to_nothing_has_no_sign(told: Header) -> None:
    people = [
        attempt(f"s{number}", f"topic/exercise-{place}", check("value", points, "3", RIGHT))
        for number in range(20)
        for place, points in enumerate(("1", str(Fraction(number, 7))))
    ]
    text = words(rendered(told, people))
    assert "alpha of all exercises together is 0.00." in text
    assert "−0.00" not in text


def test_the_mean_is_that_of_the_points_that_the_page_lists(told: Header) -> None:
    """Also where we failed to grade one check, and another had earned its points."""
    part = check("value", "2", "2", RIGHT), check("gradient", "0", "1", OURS)
    page = words(rendered(told, [attempt(name, "topic/exercise-0", *part) for name in ("ada", "ben")]))
    assert page.count("2 / 3") == 2
    assert "2 of 3 points on average" in page
    assert "median 2 " in page


@pytest.mark.parametrize("text", [HOSTILE, *HOSTILE_TEXTS], ids=range(len(HOSTILE_TEXTS) + 1))
def test_hostile_names_are_only_read(told: Header, text: str) -> None:
    bad = finding(text, Verdict.RUNTIME_ERROR, text, mistake=text[:1000], pattern=text[:1000])
    people = [
        attempt(f"{text}{number}", text, check(text, "0", "1", bad), mistakes=(text[:1000],) * number)
        for number in (0, 1)
    ]
    html = rendered(told, people, (took(text, text, 1.0),))
    read = Page(html)
    names = {name for name, _ in read.elements}
    assert not names & TAGS
    assert not {name for _, each in read.elements for name in each if name.startswith("on")}
    safe = re.compile(r"#report|data:,|students/[a-z0-9~._-]+\.html(#e\d+)?")
    assert all(safe.fullmatch(each["href"]) for _, each in read.elements if "href" in each)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert len(html) < 100_000


def test_nothing_said_to_staff_is_on_it(told: Header) -> None:
    assert "STAFF-ONLY" not in rendered(told, Class(30, 2))


def test_a_class_of_nobody_has_a_page(told: Header) -> None:
    assert "0 submitters" in words(rendered(told, []))


def test_the_slowest_exercises_come_first() -> None:
    found = slowest([took("a", "x", 1, 2), took("b", "x", 1), took("a", "y", 3), took("b", "z")])
    assert [(each.exercise, each.mean, each.longest, each.submitter) for each in found] == [
        ("y", 3, 3, "a"),
        ("x", 2, 3, "a"),
        ("z", 0, 0, "b"),
    ]


def test_measurements_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    path = tmp_path / "measurements.jsonl"
    good = {
        "submitter": "a",
        "exercise": "x",
        "seconds": {"one": 0.5},
        "exceeded": {"one": {"limit": "seconds", "allowed": 1.0, "used": None}},
        "peak_bytes": 7,
    }
    bad = [{"submitter": 1}, {**good, "seconds": {"one": "long"}}, {**good, "exceeded": {"one": {"no": 1}}}, [], None]
    lines = ['{"machine": "here"}', json.dumps(good), "no json", "[" * 100_000, *map(json.dumps, bad), json.dumps(good)]
    path.write_text("\n".join(lines))
    read = Measurements(path)
    assert len(list(read)) == 2
    (first, again) = read
    assert (first, first.seconds, first.exceeded["one"].limit) == (again, {"one": 0.5}, "seconds")
    assert list(Measurements(tmp_path / "none")) == []
