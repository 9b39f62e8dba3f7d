"""`pytest --torchgrade`, end to end: the installed plugin in a process of its own, with the command of docs/ci.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ci.trees import DOCUMENTED, DOUBLE, ROOT

PYTEST = str(Path(sys.executable).with_name("pytest"))
ANSWERS = """\
def double(x):
    print("::error::forged")
    return x + x.detach()

def f(A, b):
    import torch
    return torch.linalg.solve(A, b)
"""
HOSTILE = {
    "conftest.py": "open({trace!r}, 'w').close()\nraise SystemExit(7)\n",
    "test_evil.py": "open({trace!r}, 'w').close()\n",
    "torchgrade.py": "open({trace!r}, 'w').close()\n",
    "sitecustomize.py": "open({trace!r}, 'w').close()\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--torchgrade-isolation=process -k no'\npythonpath = '.'\n",
    "pytest.ini": "[pytest]\naddopts = --torchgrade-isolation=process -k nothing\n",
    "setup.cfg": "[tool:pytest]\naddopts = -k nothing\n",
    "exercises/double.yaml": "schema: 1\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A student's folder, the course's, and an empty one to start in."""
    for name in ("student", "empty", "course/exercises/tensor"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "student" / "answers.py").write_text(ANSWERS)
    exercises = tmp_path / "course" / "exercises"
    (exercises / "tensor" / "double.yaml").write_text(DOUBLE)
    for name in ("case-undecided", "draw-family"):
        shutil.copy(ROOT / "tests" / "corpus" / "unproven" / f"{name}.yaml", exercises)
    return tmp_path


def run(place: Path, *arguments: str, options: tuple[str, ...] = DOCUMENTED) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [PYTEST, *options, *arguments],
        cwd=place / "empty",
        env=environment | {"NO_COLOR": "1", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_checks_are_items_and_feedback_is_the_text_of_a_failure(place: Path) -> None:
    xml = place / "junit.xml"
    done = run(place, "--torchgrade", "../student", "../course/exercises", "-v", "--junit-xml", str(xml))
    assert done.returncode == 1, done.stdout + done.stderr
    for row in (
        r"^torchgrade \S+: \.\./student, isolation sandbox$",
        r"^tensor/double::value PASSED",
        r"^tensor/double::gradient FAILED",
        r"^case-undecided::value SKIPPED \(\? value: undecided",
        r"^draw-family::value ERROR",
        r"^✗ gradient: wrong answer, 0 of 2 points$",
        r"^torchgrade: 1 of 5 points$",
    ):
        assert re.search(row, done.stdout, re.MULTILINE), f"{row}\n{done.stdout}"
    assert "::error::" not in done.stdout
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout
    assert list((place / "empty").iterdir()) == [], "nothing is left in the folder it was started in"
    cases = {f"{case.get('classname')}::{case.get('name')}": case for case in ElementTree.parse(xml).iter("testcase")}  # noqa: S314
    assert _properties(cases["tensor.double::value"]) == {"points": "1", "max_points": "1", "verdict": "accepted"}
    gradient = cases["tensor.double::gradient"]
    assert _properties(gradient) == {"points": "0", "max_points": "2", "verdict": "wrong_answer"}
    assert "Every value is 1/2 times" in (gradient.findtext("failure") or "")
    assert cases["case-undecided::value"].find("skipped") is not None
    assert "not your fault" in (cases["draw-family::value"].findtext("error") or "")


def _properties(case: ElementTree.Element) -> dict[str, str]:
    return {each.get("name", ""): each.get("value", "") for each in case.iter("property")}


def test_a_hostile_tree_changes_nothing(place: Path) -> None:
    trace = place / "trace"
    clean = run(place, "--torchgrade", "../student", "../course/exercises/tensor/double.yaml")
    for name, text in HOSTILE.items():
        path = place / "student" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("{trace!r}", repr(str(trace))))
    hostile = run(place, "--torchgrade", "../student/answers.py", "../course/exercises/tensor/double.yaml")
    assert not trace.exists()
    assert hostile.returncode == clean.returncode == 1
    assert _lasting(hostile.stdout) == _lasting(clean.stdout)


def test_no_python_beside_the_exercises_is_imported_either(place: Path) -> None:
    """Without the documented options: what pytest would find by itself."""
    trace = place / "trace"
    for name in ("conftest.py", "test_evil.py"):
        (place / "course" / name).write_text(HOSTILE[name].replace("{trace!r}", repr(str(trace))))
    options = ("-p", "no:cacheprovider", "--collect-only", "-q")
    done = run(place, "--torchgrade", "../student", "../course", options=options)
    assert not trace.exists()
    assert "tensor/double::gradient" in done.stdout
    assert done.returncode == 0, done.stdout


def _lasting(printed: str) -> str:
    return re.sub(r"in [\d.]+s|^torchgrade .*$", "", printed, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--torchgrade", "../student"), 4, "--torchgrade needs exercises"),
        (("--torchgrade", "../nobody", "../course"), 4, "--torchgrade ../nobody: there is no such file or folder"),
        (("--torchgrade", "../student", "--torchgrade-isolation", "none", "../course"), 4, "no isolation level 'none'"),
        (("--torchgrade", "../nobody", "--torchgrade-lang", "zh", "../course"), 4, "../nobody：没有这个文件或文件夹"),
        (("--torchgrade", "../student", "--torchgrade-lang", "zh"), 4, "--torchgrade 需要练习"),
        (("--torchgrade", "../empty/a.txt", "../course"), 4, "nobody here can read this kind of file"),
        (("--torchgrade", "../student", "../course/exercises", "-k", "nothing"), 5, "4 deselected"),
        (("--torchgrade", "../student", "../course/exercises/tensor/double.yaml::value"), 0, "1 passed"),
        (("--torchgrade", "../student", "../course/exercises", "-x", "-k", "tensor/double"), 1, "1 failed, 1 passed"),
        (("../course/exercises",), 5, "no tests ran"),
    ],
)
def test_what_else_a_command_line_may_say(place: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    if "a.txt" in " ".join(arguments):
        (place / "empty" / "a.txt").write_text("")
    done = run(place, *arguments)
    assert said in done.stdout + done.stderr
    assert done.returncode == code, done.stdout + done.stderr


def test_a_file_with_faults_is_an_error_of_collection_with_every_fault(place: Path) -> None:
    bad = place / "course" / "exercises" / "bad.yaml"
    bad.write_text(DOUBLE.replace("{x: [n]}", "{x: [n], class: [n], π: [n]}"))
    done = run(place, "--torchgrade", "../student", "../course/exercises")
    assert done.returncode == 2
    assert f"{bad}:5:22: reserved-name: `class` " in done.stdout
    assert f"{bad}:5:34: not-a-name: `π` " in done.stdout
    assert "^^^^^" in done.stdout
    assert "ERROR bad" in done.stdout
    assert "Traceback" not in done.stdout


def test_the_language_and_the_seed_are_heard(place: Path) -> None:
    path = place / "course" / "exercises" / "tensor" / "double.yaml"
    says = "{kind: gradient, says: {en: Look at the graph., zh: 看看计算图。}}"
    title = "{en: Double, zh: " + "把每一个元素都乘以二，" * 12 + "}"
    path.write_text(DOUBLE.replace("{kind: gradient, points: 2}", says).replace("title: Double", f"title: {title}"))
    arguments = ("--torchgrade", "../student", str(path), "--torchgrade-lang", "zh", "--torchgrade-seed", "7")
    done = run(place, *arguments)
    assert "看看计算图。" in done.stdout
    assert "：答案错误，" in done.stdout
    assert "你的代码的输出：" in done.stdout
    assert "元素" not in done.stdout.partition("short test summary")[0].partition("✗")[0], "no title is cut in two"


def test_the_plugin_loads_nothing_until_it_is_used() -> None:
    code = "import sys, torchgrade.pytest_plugin; print(sorted(name for name in sys.modules if 'torchgrade' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['torchgrade', 'torchgrade.pytest_plugin']"
