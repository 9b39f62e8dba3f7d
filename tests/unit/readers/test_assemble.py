"""From a hand-in to a submission: which file counts, what may stand beside it, what it may import."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.corpus.handed_in.archives import archive

from torchgrade.model.observation import IncidentKind
from torchgrade.model.submission import Submission
from torchgrade.readers import choose
from torchgrade.readers.archive import archive_of
from torchgrade.readers.assemble import assemble
from torchgrade.readers.names import inside
from torchgrade.readers.tree import Allowed, Entry, Handin

CODE = b"x = 1\n"


def handin(**files: bytes) -> Handin:
    return of({name.replace("__", "/").replace("_", "."): content for name, content in files.items()})


def of(files: dict[str, bytes]) -> Handin:
    entries = tuple(
        Entry(
            path=PurePosixPath(name), size=len(content), problem="", read=partial(bytes, content), place=f"bob/{name}"
        )
        for name, content in sorted(files.items())
    )
    return Handin(submitter="bob", place="bob", files=entries)


def problem(submission: Submission) -> str:
    return submission.problem.message if submission.problem else ""


@pytest.mark.parametrize(
    ("names", "allowed", "main", "beside"),
    [
        (("solution.py", "a.py"), (), "solution.py", ()),
        (("submission.py", "a.py", "b.ipynb"), (), "submission.py", ()),
        (("Solution.PY", "a.py"), (), "Solution.PY", ()),
        (("hw1.py", "notes.txt"), (), "hw1.py", ()),
        (("hw1.py", "helpers.py"), ("helpers.py",), "hw1.py", ("helpers.py",)),
        (("hw1.py", "tools/a.py"), (), "hw1.py", ()),
        (("hw1.py", "tools/a.py"), ("tools/*",), "hw1.py", ("tools/a.py",)),
        (("hw1.py", "tools/deep/a.py"), ("a.py",), "hw1.py", ("tools/deep/a.py",)),
        (("solution.py", "a.py"), ("*.py",), "solution.py", ("a.py",)),
        (("solution.py", "d/a.csv", "d/b.txt"), ("*.csv",), "solution.py", ("d/a.csv",)),
        (("hw1/solution.py", "hw1/d/a.csv"), ("d/*",), "solution.py", ("d/a.csv",)),
        (("hw1/code/hw1.py", "hw1/code/a.csv"), ("a.csv",), "hw1.py", ("a.csv",)),
        (("__init__.py", "hw1.py"), (), "hw1.py", ()),
        (("hw1.py", "old.zip"), (), "hw1.py", ()),
    ],
)
def test_which_file_counts(
    names: tuple[str, ...], allowed: tuple[str, ...], main: str, beside: tuple[str, ...]
) -> None:
    submission = assemble(of(dict.fromkeys(names, CODE)), Allowed(files=allowed))
    assert problem(submission) == ""
    assert submission.source.filename == main
    assert tuple(name for name, _ in submission.source.files) == beside


@pytest.mark.parametrize(
    ("names", "allowed", "said"),
    [
        (("a.py", "b.py"), ("*.py",), "There are several .py files (a.py, b.py): put all functions into solution.py."),
        (("solution.py", "solution.ipynb"), (), "There are a script and a notebook (solution.ipynb, solution.py)"),
        (("solution.py", "A.csv", "a.csv"), ("*.csv",), "names differ only in case (A.csv, a.csv): keep one."),
        ((), (), "There is no .py file and no notebook in what was handed in."),
        (("essay.docx",), (), "in what was handed in. There is essay.docx."),
    ],
)
def test_what_cannot_be_chosen(names: tuple[str, ...], allowed: tuple[str, ...], said: str) -> None:
    assert said in problem(assemble(of(dict.fromkeys(names, CODE)), Allowed(files=allowed)))


def test_what_stands_beside_the_code_is_bounded() -> None:
    allowed = Allowed(files=("*",))
    few = of({"solution.py": CODE, **{f"{number}.txt": b"" for number in range(choose.MOST_FILES)}})
    assert problem(assemble(few, allowed)) == ""
    many = of({"solution.py": CODE, **{f"{number}.txt": b"" for number in range(choose.MOST_FILES + 1)}})
    assert problem(assemble(many, allowed)) == "There are 101 files beside the code; 100 may be handed in."
    large = of({"solution.py": CODE, "big.csv": bytes(choose.MOST_BYTES), "small.csv": b"1"})
    assert problem(assemble(large, allowed)) == (
        "big.csv is too large (16.0 MB): all files beside the code may have 16 MB."
    )


def test_a_file_beside_the_code_that_cannot_be_read_is_named() -> None:
    whole = of({"solution.py": CODE, "a.csv": b"1"})
    broken = replace(
        whole,
        files=tuple(
            replace(each, problem="It is a link.") if each.path.suffix == ".csv" else each for each in whole.files
        ),
    )
    assert problem(assemble(broken, Allowed(files=("a.csv",)))) == "a.csv: It is a link."
    assert problem(assemble(broken, Allowed())) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import torch, math", ""),
        ("import torch.nn.functional as F", ""),
        ("from torch import nn", ""),
        ("from __future__ import annotations", ""),
        ("from helpers import f\nimport helpers", ""),
        ("from . import helpers", ""),
        ("import os.path", "It imports `os.path`; what may be imported is: math, numpy.linalg, torch."),
        ("def f():\n    import os", "It imports `os`"),
        ("import numpy", "It imports `numpy`"),
        ("from numpy import linalg", ""),
        ("from numpy.linalg import inv", ""),
        ("import torchvision", "It imports `torchvision`"),
        ("__import__('os')", "It imports `os`"),
        ("importlib.import_module('os')", "It imports `os`"),
        ("x = (", ""),
    ],
)
def test_imports_that_are_not_allowed(text: str, said: str) -> None:
    files = {"solution.py": text.encode(), "helpers.py": b"import math\n"}
    submission = assemble(of(files), Allowed(files=("helpers.py",), imports=("torch", "math", "numpy.linalg")))
    assert problem(submission).startswith(said)
    assert bool(problem(submission)) is bool(said)
    if submission.problem:
        assert submission.problem.kind is IncidentKind.NOT_ALLOWED
        assert submission.problem.frames[0].line == text.count("\n") + 1
        assert submission.source.text == text


def test_modules_beside_the_code_may_not_import_more() -> None:
    submission = assemble(
        of({"solution.py": b"import helpers\n", "helpers.py": b"x = 1\nimport os\n"}),
        Allowed(files=("helpers.py",), imports=("torch",)),
    )
    assert submission.problem is not None
    assert submission.problem.frames[0].line == 4  # of all lines: the second of the module


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import helpers", "It imports `helpers`, but helpers.py may not be handed in beside the code"),
        ("from tools.a import f", "It imports `tools.a`, but tools/a.py may not be"),
        ("import random", ""),
        ("import other", ""),
    ],
)
def test_what_was_left_out_and_is_imported_is_named(text: str, said: str) -> None:
    files = {"solution.py": text.encode(), "helpers.py": CODE, "tools/a.py": CODE, "random.py": CODE}
    found = problem(assemble(of(files), Allowed()))
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_the_digest_is_of_everything_that_runs() -> None:
    allowed = Allowed(files=("*.csv",))
    base = {"solution.py": CODE, "a.csv": b"1"}
    variants = [
        base,
        {"submission.py": CODE, "a.csv": b"1"},
        {**base, "solution.py": CODE + b"\n"},
        {**base, "a.csv": b"2"},
        {"solution.py": CODE, "b.csv": b"1"},
        {"solution.py": CODE},
        {**base, "solution.py": b""},
    ]
    digests = {assemble(of(files), allowed).digest for files in variants}
    assert len(digests) == len(variants)
    assert assemble(of({**base, "notes.txt": b"x"}), allowed).digest == assemble(of(base), allowed).digest
    assert assemble(of(base), allowed).digest == assemble(replace(of(base), submitter="eve", place="x"), allowed).digest
    refused = assemble(of({"solution.py": b"import os"}), Allowed(imports=("torch",)))
    assert refused.digest != assemble(of({"solution.py": b"import os"}), Allowed()).digest


PARTS = st.sampled_from(["a", "..", ".", "", "C:", "é", "x.py", "\x1b[31m", "a" * 300, "\u202e", " "])
NAMES = st.lists(PARTS, min_size=1, max_size=5).flatmap(
    lambda parts: st.sampled_from(["/".join(parts), "\\".join(parts), "/" + "\\".join(parts)])
)


@given(NAMES | st.text(max_size=20))
def test_no_name_leads_out_of_an_archive(name: str) -> None:
    path, astray = inside(name)
    assert not path.is_absolute()
    assert ".." not in path.parts
    assert "\\" not in str(path)
    assert str(path).isprintable() or "\u202e" in str(path) or not str(path).isascii()
    steps = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if name[:1] in ("/", "\\") or ".." in steps:
        assert astray
    path.as_posix().encode()


@given(st.lists(st.tuples(NAMES.filter(bool), st.binary(max_size=5)), max_size=6))
def test_every_entry_of_an_archive_is_read_or_has_a_problem(files: list[tuple[str, bytes]]) -> None:
    tree = archive_of(archive(*files), "a", "a.zip")
    for entry in tree.entries:
        assert ".." not in entry.path.parts
        assert entry.problem or entry.read() in {content for _, content in files}
    assert [each.path.parts for each in tree.entries] == sorted(each.path.parts for each in tree.entries)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_submission(content: bytes) -> None:
    for name in ("a.py", "a.ipynb", "a.zip"):
        assert assemble(of({name: content}), Allowed()).submitter == "bob"


@given(st.integers(0, 400), st.integers(1, 255))
def test_an_archive_with_a_wrong_byte_is_a_submission(place: int, change: int) -> None:
    data = bytearray(archive(("solution.py", CODE), ("a/b.csv", b"1,2\n")))
    data[place % len(data)] ^= change
    assert assemble(of({"a.zip": bytes(data)}), Allowed(files=("*",))).submitter == "bob"
