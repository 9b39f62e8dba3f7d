"""Which of the files of a hand-in is its code, which may stand beside it, and which are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from torchgrade.model.said import said
from torchgrade.readers.archive import archive_of
from torchgrade.readers.names import ARCHIVE, is_code
from torchgrade.readers.problems import HandinError
from torchgrade.readers.tree import Entry, Handin

PREFERRED = ("solution", "submission")
LARGEST_ARCHIVE = 50_000_000
"""Bytes of one student's own archive."""
MOST_FILES = 100
MOST_BYTES = 16_000_000
"""What may stand beside the code, in number and in all."""
_FOREIGN = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The code, what is allowed beside it, and what was left out."""

    main: Entry
    beside: tuple[Entry, ...]
    left_out: tuple[Entry, ...]


def choose(handin: Handin, allowed: Sequence[str]) -> Chosen:
    """The files of a hand-in, out of its archive if it is one. Raises HandinError, in a sentence for the student."""
    files = _within_one_folder(_opened(handin.files))
    main = _main(files, allowed)
    others = [each for each in files if each is not main]
    beside = tuple(each for each in others if not each.is_folder and _matches(each.path, allowed))
    _check(beside)
    return Chosen(main=main, beside=beside, left_out=tuple(each for each in others if each not in beside))


def content(entry: Entry, name: str = "") -> bytes:
    """The bytes of a file; `name` is what to call it where there are several. Raises HandinError if there are none."""
    if entry.problem:
        raise HandinError(_of(name, entry.problem))
    try:
        return entry.read()
    except OSError as error:
        why = said("The file cannot be read: {why}.", why=error.strerror or type(error).__name__)
        raise HandinError(_of(name, why)) from None
    except MemoryError:
        raise HandinError(_of(name, said("The file is too large for the memory of this machine."))) from None


def _of(name: object, problem: str) -> str:
    """The problem, of which file if that must be said."""
    return said("{path}: {problem}", path=str(name), problem=problem) if name else problem


def names(entries: Iterable[Entry]) -> str:
    """`a.py, b.py, …`"""
    listed = [str(entry.path) for entry in entries]
    return ", ".join(listed[:_FEW]) + (", …" if len(listed) > _FEW else "")


def _opened(files: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """What is in the archive, if that is what was handed in. An archive in it is a file like any other."""
    archives = [each for each in files if each.path.suffix.lower() == ARCHIVE and not each.is_folder]
    if not archives or any(is_code(each.path) for each in files):
        return files
    if len(archives) > 1:
        raise HandinError(said("There are several archives ({names}): hand in one.", names=names(archives)))
    own = archives[0]
    if own.size > LARGEST_ARCHIVE:
        raise HandinError(said("The archive is larger than 50 MB: hand in source code and the data that is asked for."))
    tree = archive_of(content(own), own.path.stem, own.place)
    if not tree.entries:
        raise HandinError(said("The archive has nothing in it: zip your files and hand the archive in again."))
    return tree.entries


def _within_one_folder(files: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Paths below the deepest folder that holds everything."""
    parents = [entry.path.parent.parts for entry in files]
    shared = 0
    while parents and all(len(parent) > shared and parent[shared] == parents[0][shared] for parent in parents):
        shared += 1
    return tuple(entry.at(PurePosixPath(*entry.path.parts[shared:])) for entry in files) if shared else files


def _main(files: tuple[Entry, ...], allowed: Sequence[str]) -> Entry:
    candidates = [each for each in files if is_code(each.path) and not each.is_folder]
    if not candidates:
        raise HandinError(_none(files))
    depth = min(len(each.path.parts) for each in candidates)
    candidates = [each for each in candidates if len(each.path.parts) == depth]
    for stem in PREFERRED:
        preferred = [each for each in candidates if each.path.stem.lower() == stem]
        if preferred:
            return _only(preferred)
    return _only([each for each in candidates if not _matches(each.path, allowed)] or candidates)


def _only(candidates: list[Entry]) -> Entry:
    if len(candidates) == 1:
        return candidates[0]
    if len({str(each.path).lower() for each in candidates}) == 1:
        raise HandinError(
            said("There are files whose names differ only in case ({names}): keep one.", names=names(candidates))
        )
    kinds = {each.path.suffix.lower() for each in candidates}
    if len(kinds) > 1:
        raise HandinError(
            said("There are a script and a notebook ({names}): hand in one of them.", names=names(candidates))
        )
    if kinds == {".py"}:
        raise HandinError(
            said("There are several .py files ({names}): put all functions into solution.py.", names=names(candidates))
        )
    raise HandinError(
        said("There are several notebooks ({names}): put all functions into one.", names=names(candidates))
    )


def _none(files: tuple[Entry, ...]) -> str:
    """Why there is no code to be found."""
    unread = next((each for each in files if each.problem), None)
    if unread:
        return _of("" if len(files) == 1 else unread.path, unread.problem)
    packed = next((each for each in files if each.path.suffix.lower() in (*_FOREIGN, ARCHIVE)), None)
    if packed:
        return said(
            "There is no .py file and no notebook, but {path}: hand in your files, or one .zip of them.",
            path=str(packed.path),
        )
    if not files:
        return said("There is no .py file and no notebook in what was handed in.")
    return said("There is no .py file and no notebook in what was handed in. There is {names}.", names=names(files))


def _matches(path: PurePosixPath, patterns: Sequence[str]) -> bool:
    """A pattern without a `/` is for names, in whatever folder."""
    return any(fnmatchcase(str(path) if "/" in pattern else path.name, pattern) for pattern in patterns)


def _check(beside: tuple[Entry, ...]) -> None:
    """Whether that may stand beside the code, before any of it is read."""
    if len(beside) > MOST_FILES:
        raise HandinError(
            said(
                "There are {count:,} files beside the code; {most} may be handed in.",
                count=len(beside),
                most=MOST_FILES,
            )
        )
    for entry in beside:
        if entry.problem:
            raise HandinError(_of(entry.path, entry.problem))
    folded = Counter(str(each.path).lower() for each in beside)
    alike = [each for each in beside if folded[str(each.path).lower()] > 1]
    if alike:
        raise HandinError(
            said("There are files whose names differ only in case ({names}): keep one.", names=names(alike))
        )
    total = 0
    for entry in sorted(beside, key=lambda each: each.size):
        total += entry.size
        if total > MOST_BYTES:
            raise HandinError(
                said(
                    "{path} is too large ({megabytes:,.1f} MB): all files beside the code may have 16 MB.",
                    path=str(entry.path),
                    megabytes=entry.size / 1e6,
                )
            )
