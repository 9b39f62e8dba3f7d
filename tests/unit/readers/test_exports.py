"""Exports of learning platforms, `tests/corpus/exports`: as a folder, as an archive and as an archive packed again."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import yaml

from torchgrade.readers import LAYOUTS, handins, read, tree
from torchgrade.readers.tree import Entry, Handin, Tree

EXPORTS = Path(__file__).parents[2] / "corpus" / "exports"
CASES = sorted(EXPORTS.glob("*/*.files"))
SOURCE = "def solve(A, b):\n    return A @ b\n"
FORMS = ("folder", "zip", "wrapped", "zipped by hand")
EXACT = ("folder", "zip")
"""The forms whose paths are just those of the export; a case whose `wrapped` is false is in these only."""


def case_of(path: Path) -> dict[str, object]:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    case["files"] = {name: SOURCE if text is None else text for name, text in case["files"].items()}
    return case


def made(path: Path, form: str, folder: Path) -> Path:
    case = case_of(path)
    name = str(case["name"])
    if form == "folder":
        for file, text in case["files"].items():
            (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / file).write_text(text, encoding="utf-8")
        return folder / name
    with ZipFile(folder / f"{name}.zip", "w", ZIP_DEFLATED) as archive:
        for file, text in case["files"].items():
            archive.writestr(f"week 3/{file}" if form != "zip" else file, text)
        if form == "zipped by hand":
            archive.writestr("week 3/.DS_Store", "litter")
            archive.writestr("__MACOSX/week 3/._hw1.py", "litter")
    return folder / f"{name}.zip"


def told(handin: Handin) -> dict[str, object]:
    """What a fixture says of a hand-in: nothing that is empty, but for its files."""
    facts = {name: getattr(handin, name) for name in ("account", "number", "submitted", "late", "problem")}
    return {
        "submitter": handin.submitter,
        "files": sorted(str(each.path) for each in handin.files),
        **{name: fact for name, fact in facts.items() if fact},
    }


def expected(handin: dict[str, object], wanted: dict[str, object]) -> dict[str, object]:
    """The wanted facts; a problem is told by its beginning."""
    wanted = {name: fact for name, fact in wanted.items() if fact or name in ("submitter", "files")}
    if "problem" in wanted and str(handin.get("problem", "")).startswith(str(wanted["problem"])):
        wanted["problem"] = handin["problem"]
    return wanted


def in_forms() -> list[object]:
    return [
        pytest.param(path, form, id=f"{path.parent.name}-{path.stem}-{form}")
        for path in CASES
        for form in (EXACT if case_of(path).get("wrapped") is False else FORMS)
    ]


@pytest.mark.parametrize(("path", "form"), in_forms())
def test_an_export_is_read(path: Path, form: str, tmp_path: Path) -> None:
    case = case_of(path)
    with tree(made(path, form, tmp_path)) as found:
        layout = next(kind for kind, each in LAYOUTS.items() if each.claims(found))
        named = LAYOUTS[layout].handins(found) if "pattern" not in case else handins(found, str(case["pattern"]))
        facts = [told(each) for each in named]
    assert layout == path.parent.name or "pattern" in case
    assert facts == [expected(fact, wanted) for fact, wanted in zip(facts, case["handins"], strict=True)]


@pytest.mark.parametrize("form", EXACT)
@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_submissions_come_of_it(path: Path, form: str, tmp_path: Path) -> None:
    case = case_of(path)
    submissions = list(read(made(path, form, tmp_path), pattern=str(case.get("pattern", ""))))
    wanted = case["handins"]
    assert [each.number for each in submissions] == [each.get("number", 0) for each in wanted]
    assert [each.late for each in submissions] == [each.get("late", False) for each in wanted]
    for submission, each in zip(submissions, wanted, strict=True):
        assert submission.submitter in (each["submitter"], f"{each['submitter']} ({submission.account})")
        if submission.problem is None and submission.source.filename.endswith(".py"):
            assert submission.source.text in case["files"].values()
        if "problem" in each:
            assert submission.problem is not None
            assert submission.problem.message.startswith(each["problem"])


def test_people_of_one_name_are_told_apart(tmp_path: Path) -> None:
    submissions = list(read(made(EXPORTS / "moodle" / "folders.files", "zip", tmp_path)))
    assert [each.submitter for each in submissions if each.submitter.startswith("Wei")] == [
        "Wei Zhang (4714)",
        "Wei Zhang (4715)",
    ]


def test_every_case_is_of_a_platform() -> None:
    assert {path.parent.name for path in CASES} == {*LAYOUTS, "pattern"} - {"directory"}


POSING = (
    "submission_metadata.yml",
    "submission_1/hw1.py",
    "Ada_1_assignsubmission_file/hw1.py",
    "lovelaceada_1_2_a.py",
)


@pytest.mark.parametrize("posing", POSING)
@pytest.mark.parametrize(
    ("folder", "layout"),
    [
        ("Eve_2_assignsubmission_file", "moodle"),
        ("week 3/Eve_2_assignsubmission_file", "moodle"),
        ("submitted/Eve/hw1", "nbgrader"),
        ("week 3/submitted/Eve/hw1", "nbgrader"),
    ],
)
def test_what_one_student_handed_in_is_no_export(folder: str, layout: str, posing: str) -> None:
    """Nothing but one student's work lies there, and it is named as another platform's export of a class."""
    metadata = b"submission_1:\n  :submitters:\n  - :name: Ada\n"
    entry = Entry(path=PurePosixPath(folder, posing), size=1, problem="", read=lambda: metadata, place=posing)
    found = Tree(name="class", place="class", entries=(entry,))
    assert next(kind for kind, each in LAYOUTS.items() if each.claims(found)) == layout
    assert [(each.submitter, [str(file.path) for file in each.files]) for each in handins(found)] == [("Eve", [posing])]
