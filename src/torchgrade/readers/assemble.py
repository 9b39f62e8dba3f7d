"""From what one submitter handed in to a Submission: its code, what may stand beside it, a digest of all that runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from torchgrade.model.observation import Frame, Incident
from torchgrade.model.probe import Source
from torchgrade.model.said import said
from torchgrade.model.submission import Submission
from torchgrade.readers import imports, notebook, script
from torchgrade.readers.choose import Chosen, choose, content
from torchgrade.readers.names import printable
from torchgrade.readers.problems import HandinError
from torchgrade.readers.tree import Allowed, Handin

_NOTEBOOK = ".ipynb"
_TOO_LARGE = {
    _NOTEBOOK: (
        notebook.LARGEST_NOTEBOOK,
        said("The notebook is larger than 20 MB: clear its outputs and hand it in again."),
    ),
    ".py": (script.LARGEST, said("The file is larger than 1 MB: hand in source code only, no data.")),
}


def assemble(handin: Handin, allowed: Allowed) -> Submission:
    """The Submission; whatever is wrong with what was handed in is its `problem`. Never raises."""
    nothing = Source(text="", filename=printable(handin.place.rpartition("/")[2]))
    try:
        if handin.problem:
            raise HandinError(handin.problem)
        chosen = choose(handin, allowed.files)
    except HandinError as error:
        return _unreadable(handin, handin.place, nothing, error)
    place, source = chosen.main.place or handin.place, replace(nothing, filename=printable(chosen.main.path.name))
    try:
        source = _source(chosen)
        imports.check(source, chosen, allowed.imports)
    except HandinError as error:
        return _unreadable(handin, place, source, error)
    return _submission(handin, place, source, None)


def _source(chosen: Chosen) -> Source:
    main = chosen.main
    files = tuple((str(each.path), content(each, str(each.path))) for each in chosen.beside)
    suffix, name = main.path.suffix.lower(), printable(main.path.name)
    most, sentence = _TOO_LARGE[suffix]
    if not main.problem and main.size > most:
        raise HandinError(sentence)
    written = content(main)
    if suffix == _NOTEBOOK:
        return replace(notebook.source_of(written, name), files=files)
    return Source(text=script.text_of(written), filename=name, files=files)


def _unreadable(handin: Handin, place: str, source: Source, error: HandinError) -> Submission:
    """What cannot be graded, and why; its digest is of that as well, for a teacher may allow it tomorrow."""
    frames = (Frame(filename=source.filename, line=error.line, function="", text=""),) if error.line else ()
    return _submission(handin, place, source, Incident(kind=error.kind, message=error.message, frames=frames))


def _submission(handin: Handin, place: str, source: Source, problem: Incident | None) -> Submission:
    return Submission(
        submitter=printable(handin.submitter),
        path=printable(place),
        source=source,
        digest=_digest(source, problem),
        problem=problem,
        account=handin.account,
        number=handin.number,
        submitted=handin.submitted,
        late=handin.late,
    )


def _digest(source: Source, problem: Incident | None) -> str:
    """Of names and contents, each with its length before it, so that no two lists of them look alike."""
    digest = hashlib.sha256()
    for piece in _pieces(source, problem):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()


def _pieces(source: Source, problem: Incident | None) -> Iterable[bytes]:
    yield source.filename.encode()
    yield source.text.encode("utf-8", "replace")
    for cell in source.cells:
        yield f"{cell.name}\n{cell.first}\n{cell.problem}\n{cell.line}".encode("utf-8", "replace")
    for name, data in source.files:
        yield name.encode()
        yield data
    if problem is not None:
        yield problem.message.encode("utf-8", "replace")
