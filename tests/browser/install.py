"""Get what the tests of pages need: `python -m tests.browser.install`, which `make test` does.

Chromium and fonts come from Debian (packages.txt) where we are root and there is apt-get; axe-core comes from the npm
registry (axe.json), is held against its digest, and stays in the environment, so that it is fetched once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.browser.chromium import program

HERE = Path(__file__).parent
AXE = Path(sys.prefix) / "share" / "axe.min.js"
MANIFEST = json.loads((HERE / "axe.json").read_text(encoding="utf-8"))
PACKAGES = tuple(
    line
    for line in (HERE / "packages.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
)
HOW = f"as root `apt-get install {' '.join(PACKAGES)}`, and npm on the PATH; then `make test` again"


def missing() -> str:
    """What is not there, in words; empty if everything is."""
    absent = [name for name, is_there in (("Chromium", program()), ("axe-core", is_axe_there())) if not is_there]
    return " and ".join(absent)


def is_axe_there() -> bool:
    """Whether axe-core is there, of the version that is wanted."""
    note = AXE.with_suffix(".version")
    return AXE.is_file() and note.is_file() and note.read_text(encoding="utf-8") == MANIFEST["package"]


def main() -> int:
    """Get what can be got; in CI it is a failure if anything is missing then."""
    if not has_packages() and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    if not is_axe_there() and shutil.which("npm"):
        _fetch()
    if found := missing():
        print(f"THE TESTS OF PAGES ARE SKIPPED: {found} is missing. To have them: {HOW}.", file=sys.stderr)
    return 1 if found and os.environ.get("CI") else 0


def has_packages() -> bool:
    """Whether Debian's packages are installed; where there is no Debian, whether a Chromium is."""
    if not shutil.which("dpkg-query"):
        return program() is not None
    wanted = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ", *PACKAGES]
    told = subprocess.run(wanted, capture_output=True, text=True, check=False)
    return told.returncode == 0 and set(told.stdout.split()) == {"installed"}


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "--yes", "--no-install-recommends", *PACKAGES]
    for arguments in (["update"], install):
        done = subprocess.run(
            ["apt-get", "--quiet", "--quiet", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            print(f"apt-get {arguments[0]} ended with {done.returncode}", file=sys.stderr)


def _fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack = ["npm", "pack", MANIFEST["package"], "--silent", "--ignore-scripts", "--pack-destination", folder]
        subprocess.run(pack, stdout=subprocess.DEVNULL, check=False, cwd=folder)
        for archive in Path(folder).glob("*.tgz"):
            _keep(archive)


def _keep(archive: Path) -> None:
    """Only what is meant is taken: one file, of an archive with the digest that is written down."""
    kind, _, digest = MANIFEST["integrity"].partition("-")
    if base64.b64encode(hashlib.new(kind, archive.read_bytes()).digest()).decode() != digest:
        print(f"{MANIFEST['package']} is not what axe.json says: it is not used", file=sys.stderr)
        return
    with tarfile.open(archive) as packed:
        script = packed.extractfile(MANIFEST["file"])
        assert script is not None
        AXE.parent.mkdir(parents=True, exist_ok=True)
        AXE.write_bytes(script.read())
    AXE.with_suffix(".version").write_text(MANIFEST["package"], encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
