"""What a submission may read: all that torch loads, and no folder that holds anything else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import torchgrade
from torchgrade.worker.confine.readable import PACKAGES, importable, readable

ROOT = Path(__file__).parents[3]
TORCHGRADE = Path(torchgrade.__file__).parent
LIBRARY = Path(os.__file__).parent
SITE = [Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
SECRET = [
    *(ROOT / name for name in ("exercises", "tests", "reports", ".git")),
    *(TORCHGRADE / name for name in ("bank", "grading", "formula", "spec", "cli", "session")),
    *(folder / name for folder in SITE for name in ("pytest", "yaml", "click")),
    Path("/etc/passwd"),
    Path.home(),
    Path("/proc/self/environ"),
    Path("/proc/self/maps"),
]
LOADED = """
import json, sys
files = {getattr(module, "__file__", None) for module in sys.modules.values()} - {None}
with open("/proc/self/maps") as maps:
    files |= {line.split(maxsplit=5)[5].strip() for line in maps if "/" in line}
print(json.dumps(sorted(files)))
"""


def loaded(imports: str) -> list[Path]:
    """The files that a fresh interpreter has loaded after this."""
    command = [sys.executable, "-I", "-c", f"{imports}\n{LOADED}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [Path(name) for name in json.loads(done.stdout) if name.startswith("/")]


def covers(paths: tuple[Path, ...], file: Path) -> bool:
    """Whether one of the paths is the file or a folder above it, by these names or by those without links."""
    real = {path.resolve() for path in paths}
    return not {file, *file.parents}.isdisjoint(paths) or not {file.resolve(), *file.resolve().parents}.isdisjoint(real)


def test_every_path_is_there_and_named_once():
    paths = [*readable(), *importable()]
    assert len(paths) == len(set(paths))
    assert [path for path in paths if not (path.is_absolute() and path.exists())] == []


@pytest.mark.parametrize("secret", SECRET, ids=str)
def test_nothing_else_is_among_them(secret):
    assert not covers((*readable(), *importable()), secret)


def test_no_path_contains_a_folder_of_packages():
    folders = [path.resolve() for path in readable() if path.is_dir()]
    above = {parent for each in (*SITE, TORCHGRADE, ROOT / "exercises") for parent in each.resolve().parents}
    assert not above.intersection(folders)
    for name in ("site-packages", "dist-packages"):
        assert [folder for folder in folders if [*folder.glob(name), *folder.glob(f"*/{name}")]] == []


def test_the_standard_library_is_complete():
    missing = {path.name for path in LIBRARY.iterdir() if not covers(readable(), path)}
    assert missing <= {"site-packages", "dist-packages"}


def test_what_torch_loads_is_readable():
    files = loaded("import torch, numpy.random, sympy, torch._dynamo, torch.fx.experimental.symbolic_shapes")
    assert len(files) > 1000
    before = {path for path in files if "locale" in path.parts or path == Path(sys.executable).resolve()}
    assert [path for path in files if not covers(readable(), path) and path not in before] == []


def test_what_the_worker_imports_is_importable():
    modules = [path for path in loaded("import torchgrade.worker.zygote") if path.is_relative_to(TORCHGRADE)]
    assert len(modules) > 30
    assert [path for path in modules if not covers(importable(), path)] == []
    assert [path for path in modules if covers(readable(), path)] == []


def requirements(name: str, known: set[str]) -> set[str]:
    """The names of the distributions that one needs, itself among them; not its extras."""
    if name in known:
        return known
    known.add(name)
    for line in metadata.requires(name) or []:
        text, _, marker = line.partition(";")
        required = re.split(r"[^\w.-]", text, maxsplit=1)[0].lower().replace("_", "-")
        if "extra ==" not in marker and is_installed(required):
            requirements(required, known)
    return known


def is_installed(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:  # a marker excludes it here
        return False


@pytest.mark.parametrize("name", ["torch", "numpy", "sympy"])
def test_the_table_has_every_package_that_is_required(name):
    needed = requirements(name, set())
    assert name in needed
    parts = {file.parts for each in needed for file in metadata.files(each) or [] if ".." not in file.parts}
    names = {first for first, *rest in parts if not first.endswith((".dist-info", ".pth")) and first != "__pycache__"}
    assert names - PACKAGES == set()


@pytest.fixture
def python(tmp_path, monkeypatch):
    """A Python of files that are not there: `make` lays them out and makes them this process's."""

    def make(library: str, entries: list[str], files: list[str]):
        for name in (f"{library}/os.py", *files):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        monkeypatch.setattr(os, "__file__", str(tmp_path / library / "os.py"))
        monkeypatch.setattr(sys, "path", [str(tmp_path / entry) for entry in (library, *entries)])
        for prefix in ("prefix", "base_prefix"):
            monkeypatch.setattr(sys, prefix, str(tmp_path))
        found = {path.relative_to(tmp_path).as_posix() for path in readable() if path.is_relative_to(tmp_path)}
        monkeypatch.undo()
        return found

    return make


@pytest.mark.parametrize(
    ("entries", "files", "found"),
    [
        pytest.param([], [], {"lib/python3"}, id="nothing but the library"),
        pytest.param(
            ["lib/python3/site-packages"],
            ["lib/python3/re/a.py", "lib/python3/site-packages/torch/a.py", "lib/python3/site-packages/course/a.py"],
            {"lib/python3/os.py", "lib/python3/re", "lib/python3/site-packages/torch"},
            id="packages inside the library",
        ),
        pytest.param(
            ["dist-packages"],
            ["lib/python3/site-packages/torch/a.py", "dist-packages/torch/a.py", "dist-packages/course/a.py"],
            {"lib/python3/os.py", "dist-packages/torch"},
            id="packages of another Python inside the library",
        ),
        pytest.param(
            ["a", "b/site-packages"],
            ["a/torch/a.py", "a/course.py", "b/site-packages/sympy/a.py", "b/site-packages/typing_extensions.py"],
            {"lib/python3", "a/torch", "b/site-packages/sympy", "b/site-packages/typing_extensions.py"},
            id="packages in several places",
        ),
        pytest.param(
            ["lib64/python3/lib-dynload", "lib/python3.zip"],
            ["lib64/python3/lib-dynload/math.so"],
            {"lib/python3", "lib64/python3/lib-dynload"},
            id="extension modules elsewhere",
        ),
        pytest.param(
            [],
            ["lib/libpython3.so", "lib/libstdc++.so.6", "lib64/libgomp.so.1", "lib/course.txt", "lib/course/a.so"],
            {"lib/python3", "lib/libpython3.so", "lib/libstdc++.so.6", "lib64/libgomp.so.1"},
            id="shared libraries beside the library",
        ),
    ],
)
def test_pythons_of_other_shapes(python, entries, files, found):
    assert python("lib/python3", entries, files) == found


def test_torchgrade_inside_a_readable_folder_is_left_out(python, tmp_path, monkeypatch):
    monkeypatch.setattr("torchgrade.worker.confine.readable._TORCHGRADE", tmp_path / "lib/python3/torchgrade")
    assert python("lib/python3", [], ["lib/python3/torchgrade/a.py"]) == {"lib/python3/os.py"}
