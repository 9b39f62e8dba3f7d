"""All of it once more, as an ordinary user and from an installed wheel: neither root's rights nor the checkout matter.

The wheel is built, and installed into a folder of its own beside nothing but the dependencies; the tests are copied out
of the checkout, so that no torchgrade but the wheel's can be found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534
REPEATED = "TORCHGRADE_HOSTILE_AGAIN"
"""Set in the run that this starts, which must not start another."""
_CONFIGURATION = (
    "[pytest]\naddopts = -q --strict-markers --import-mode=importlib -p no:cacheprovider\npythonpath = tests\n"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="installed-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(REPEATED in os.environ, reason="this is the run that it starts")
def test_as_an_ordinary_user_from_a_wheel(place: Path) -> None:
    ordinary = _ordinary()
    interpreter = _interpreter(ordinary)
    _install(place / "site", interpreter)
    tests = place / "tests" / "hostile"
    shutil.copytree(ROOT / "tests" / "hostile", tests, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "pytest.ini").write_text(_CONFIGURATION, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], REPEATED: "1", "HOME": "/", "TMPDIR": tempfile.gettempdir()}
    python = [*ordinary, str(place / "site" / "bin" / "python"), "-B"]
    where = _run([*python, "-c", "import os, torchgrade; print(torchgrade.__file__, os.geteuid())"], place, environment)
    package, user = where.stdout.split()
    assert package.startswith(str(place / "site"))
    assert int(user) == (NOBODY if os.geteuid() == 0 else os.geteuid())
    options = ["-c", str(place / "pytest.ini"), "--rootdir", str(place), str(tests / "test_attacks.py")]
    ran = _run([*python, "-m", "pytest", *options], place, environment)
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
    assert " passed" in ran.stdout


def _ordinary() -> list[str]:
    """What runs a command as an ordinary user; nothing if we are one."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def _interpreter(ordinary: list[str]) -> str:
    """A Python of our version that an ordinary user can start: root's own may lie in root's home."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [
        shutil.which(name, path=folder) for folder in (*os.environ["PATH"].split(":"), "/usr/bin", "/usr/local/bin")
    ]
    candidates = dict.fromkeys(os.path.realpath(each) for each in (sys.executable, *found) if each)
    for each in candidates:
        # Through a shell, which has none of the rights left with which setpriv itself could still open it.
        tried = subprocess.run([*ordinary, "sh", "-c", f"'{each}' -c 'import ssl'"], capture_output=True, check=False)
        if tried.returncode == 0:
            return each
    message = f"NOT TESTED as an ordinary user, who can start none of {', '.join(candidates)}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _install(site: Path, interpreter: str) -> None:
    """A virtual environment that has the wheel, and sees the packages of ours but not what is editable in them."""
    wheels = site.with_name("wheels")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT)]
    subprocess.run(build, check=True)
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([interpreter, "-m", "venv", "--without-pip", str(site)], check=True)
    (packages,) = (site / "lib").glob("python*/site-packages")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(packages), str(wheel)], check=True)
    # Folders named in a .pth are searched for modules, but the .pth files in them are not read: no editable install.
    (packages / "ours.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n", encoding="utf-8")
    for folder in (packages / "torchgrade").rglob("*"):
        if folder.is_dir():
            folder.chmod(0o777)  # so that an attack on it is stopped by a layer, if it is


def _run(command: list[str], place: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
