"""A class as platforms give it out: paths and bytes, and what each calls a submitter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile

from tests.classes.handin import Member
from tests.classes.people import Person

ASSIGNMENT = "hw1"
_ID = 4711
File = tuple[str, bytes]


def _directory(members: Sequence[Member]) -> Iterator[File]:
    """A file each, and a folder for every fifth."""
    for each in members:
        suffix = PurePosixPath(each.filename).suffix
        inside = each.position % 5 == 0
        yield f"{each.person.label}{'/' + each.filename if inside else suffix}", each.content


def _canvas(members: Sequence[Member]) -> Iterator[File]:
    """One flat folder; a file that was handed in again has a number."""
    for each in members:
        path = PurePosixPath(each.filename)
        again = f"-{each.number - 1}" if each.number > 1 else ""
        late = "_LATE" if each.is_late else ""
        name = f"{each.person.sortable}{late}_{each.person.number}_{90_000 + each.position}"
        yield f"{name}_{path.stem}{again}{path.suffix}", each.content


def _moodle(members: Sequence[Member]) -> Iterator[File]:
    """A folder for each participant."""
    for each in members:
        yield f"{each.person.name}_{each.person.number}_assignsubmission_file_/{each.filename}", each.content


def _gradescope(members: Sequence[Member]) -> Iterator[File]:
    """Folders by submission, and who they are in YAML as Ruby writes it. Groups hand in once."""
    groups: dict[int, list[Member]] = {}
    for each in members:
        groups.setdefault(each.friend if each.is_group else each.position, []).append(each)
    export, told = f"assignment_{_ID}_export", ["---\n"]
    for position, group in groups.items():
        folder = f"submission_{100_000 + position}"
        told.append(_about(folder, group))
        yield f"{export}/{folder}/{group[0].filename}", group[0].content
    yield f"{export}/submission_metadata.yml", "".join(told).encode()


def _about(folder: str, group: Sequence[Member]) -> str:
    first = group[0]
    lines = [f"{folder}:", "  :submitters:"]
    for each in group:
        name = each.person.name.replace("'", "''")
        lines += [f"  - :name: '{name}'", f"    :sid: '{each.person.number:08}'", f"    :email: {each.person.email}"]
    lines += [
        f"  :created_at: {first.submitted:%Y-%m-%d %H:%M:%S}.000000000 Z",
        "  :score: 0.0",
        "  :status: processed",
    ]
    lines.append("  :history:" + ("" if first.number > 1 else " []"))
    for back in range(first.number - 1, 0, -1):
        before = first.submitted - timedelta(hours=5 * back)
        lines += [f"  - :created_at: {before:%Y-%m-%d %H:%M:%S}.000000000 Z", "    :score: 0.0"]
    return "\n".join(lines) + "\n"


def _nbgrader(members: Sequence[Member]) -> Iterator[File]:
    """Notebooks, or scripts, in the folder of their student, with the time."""
    for each in members:
        folder = f"submitted/{each.person.login}/{ASSIGNMENT}"
        yield f"{folder}/{ASSIGNMENT}{PurePosixPath(each.filename).suffix}", each.content
        yield f"{folder}/timestamp.txt", f"{each.submitted:%Y-%m-%d %H:%M:%S}.000000 UTC".encode()


LAYOUTS: dict[str, Callable[[Sequence[Member]], Iterator[File]]] = {
    "directory": _directory,
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "nbgrader": _nbgrader,
}
_CALLED: dict[str, Callable[[Person], str]] = {
    "directory": lambda person: person.label,
    "canvas": lambda person: person.sortable,
    "moodle": lambda person: person.name,
    "gradescope": lambda person: person.name,
    "nbgrader": lambda person: person.login,
}
_NUMBERED: dict[str, Callable[[Person], str]] = {
    "canvas": lambda person: str(person.number),
    "moodle": lambda person: str(person.number),
    "gradescope": lambda person: f"{person.number:08}",
}


def submitters(layout: str, members: Iterable[Member]) -> list[str]:
    """What a report calls each: the platform's name, and its own number where several share one."""
    people = [each.person for each in members]
    names = list(map(_CALLED[layout], people))
    shared = Counter(names)
    return [
        f"{name} ({_NUMBERED[layout](person)})" if shared[name] > 1 else name
        for name, person in zip(names, people, strict=True)
    ]


def write(layout: str, members: Sequence[Member], into: Path) -> None:
    """Files below a folder, or in a zip file if the name ends so."""
    if into.suffix == ".zip":
        with ZipFile(into, "w", ZIP_DEFLATED) as archive:
            for name, content in LAYOUTS[layout](members):
                archive.writestr(name, content)
        return
    for name, content in LAYOUTS[layout](members):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_bytes(content)
