"""The metadata of Gradescope, which may be damaged, large or hostile."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from torchgrade.errors import UsageError
from torchgrade.readers.gradescope import LARGEST, METADATA, Gradescope
from torchgrade.readers.tree import Entry, Handin, Tree

ADA = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 007\n"


def a_tree(metadata: str, *, problem: str = "", size: int = 1) -> Tree:
    told = Entry(
        path=PurePosixPath(METADATA), size=size, problem=problem, read=lambda: metadata.encode(), place="x/meta.yml"
    )
    work = Entry(path=PurePosixPath("submission_1/hw1.py"), size=1, problem="", read=bytes, place="x/hw1.py")
    return Tree(name="x", place="x", entries=(work, told))


def read(metadata: str) -> list[Handin]:
    return list(Gradescope().handins(a_tree(metadata)))


@pytest.mark.parametrize(
    "metadata",
    ["", "[]", "submission_1: 3", "submission_1: [", "submission_1:\n  :submitters: 3", "\x00\x01", "just text"],
)
def test_what_the_metadata_does_not_say_is_told(metadata: str) -> None:
    said = {handin.submitter: handin.problem for handin in read(metadata)}
    assert said["submission_1"] == "submission_metadata.yml does not say who handed it in."


def test_one_damaged_submission_spoils_no_other() -> None:
    first, second = read("submission_0: [unclosed\n" + ADA)
    assert (first.submitter, bool(first.problem)) == ("submission_0", True)
    assert (second.submitter, second.account, second.problem) == ("Ada", "007", "")


@pytest.mark.parametrize("deep", ["[" * 200_000, "{a: " * 200_000, "\n  - " + "- " * 200_000])
def test_what_is_too_deep_spoils_no_other_and_ends_nothing(deep: str) -> None:
    first, second = read(f"submission_0: {deep}\n" + ADA)
    assert (first.submitter, second.submitter) == ("submission_0", "Ada")


def test_a_long_block_is_read() -> None:
    history = "".join(f"  - :id: {number}\n" for number in range(20_000))
    (handin,) = read(f"{ADA}  :history:\n{history}")
    assert (handin.submitter, handin.number) == ("Ada", 20_001)


def test_nothing_in_it_makes_objects() -> None:
    (handin,) = read(ADA + "  :created_at: !!python/object/apply:os.system [exit 1]\n")
    assert (handin.submitter, handin.submitted) == ("Ada", "")


def test_results_are_passed_over() -> None:
    results = (
        "  :results:\n    :tests:\n    - :name: one\n\n      :submitters: no\n  :created_at: 2024-01-02 03:04:05 Z\n"
    )
    (handin,) = read(ADA + results)
    assert (handin.submitter, handin.submitted) == ("Ada", "2024-01-02T03:04:05+00:00")


@pytest.mark.parametrize(("problem", "size"), [("It is a link.", 1), ("", LARGEST + 1)])
def test_metadata_that_cannot_be_read_ends_the_run(problem: str, size: int) -> None:
    with pytest.raises(UsageError, match=r"meta\.yml: (It is a link|it is larger than 256 MB)"):
        list(Gradescope().handins(a_tree(ADA, problem=problem, size=size)))


def test_names_are_one_line_of_text() -> None:
    (handin,) = read('submission_1:\n  :submitters:\n  - :name: "Ada\\n\\e[31mLovelace"\n')
    assert handin.submitter == "Ada??[31mLovelace"


@pytest.mark.parametrize(
    ("people", "accounts"),
    [
        ([("Ada", "007", "ada@x"), ("Eve", "008", "eve@x")], ["007", "008"]),
        ([("Ada", "007", "ada@x"), ("Eve", "007", "eve@x")], ["ada@x", "eve@x"]),
        ([("Ada", "", "ada@x"), ("Eve", "ada@x", "eve@x")], ["ada@x", "eve@x"]),
        ([("Ada", "007", "ada@x"), ("Ada L.", "007", "ada@x")], ["007", "007"]),
        ([("Ada", "007", ""), ("Eve", "007", "eve@x")], ["007", "eve@x"]),
    ],
)
def test_an_id_that_somebody_else_typed_as_well_is_not_believed(
    people: list[tuple[str, str, str]], accounts: list[str]
) -> None:
    """Else the later of the two would be taken for the other's last attempt."""
    told = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: '{sid}'\n    :email: '{email}'\n"
        for number, (name, sid, email) in enumerate(people)
    )
    assert [handin.account for handin in read(told)][: len(people)] == accounts
