"""One target under atheris, until it is stopped: `python -m tests.fuzz.instrumented TARGET FOLDER LIBFUZZER-OPTION…`.

Finds are kept and do not end the run: of those that fail at the same place, the smallest stays.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from random import Random

import atheris
from tests.fuzz.names import MODULES, ROOMS
from tests.fuzz.targets import FINDS, Target

OURS = ("torchgrade", "fuzz")


def target_of(name: str) -> Target:
    """The target, imported with its rooms instrumented."""
    with atheris.instrument_imports(include=list(ROOMS[name])):
        return import_module(MODULES[name]).TARGET


def place(error: Exception) -> str:
    """Where it failed: what tells finds apart."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if any(word in each.filename for word in OURS)]
    last = frames[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


class Finds:
    """The smallest input for each place of failure."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._smallest: dict[str, Path] = {}

    def keep(self, data: bytes, error: Exception) -> None:
        """Write the input, if no smaller one fails there."""
        where = place(error)
        before = self._smallest.get(where)
        if before is not None and before.stat().st_size <= len(data):
            return
        if before is not None:
            before.unlink()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / sha256(data).hexdigest()[:8]
        path.write_bytes(data)
        self._smallest[where] = path
        print(f"find: {path} ({len(data)} bytes): {where}: {str(error)[:300]}", file=sys.stderr, flush=True)


def tried(target: Target, finds: Finds) -> Callable[[bytes], None]:
    """What atheris calls."""

    def once(data: bytes) -> None:
        try:
            target.check(data[: target.longest])
        except Exception as error:  # noqa: BLE001 - whatever is raised is a find
            finds.keep(data[: target.longest], error)

    return once


def mutated(target: Target) -> Callable[[bytes, int, int], bytes]:
    """libFuzzer's own mutations as well as ours."""

    def once(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311
        if random.random() < 0.25:
            return atheris.Mutate(data, most)
        return target.mutate(data, random)[:most]

    return once


def main() -> None:
    """Set up and fuzz."""
    name, folder, *options = sys.argv[1:]
    target = target_of(name)
    corpus = Path(folder) / "corpus"  # what earlier runs found stands there
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed[: target.longest])
    words = Path(folder) / "words.txt"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in dict.fromkeys(target.words)), encoding="ascii")
    warnings.simplefilter("error")  # as in the tests
    given = [f"-dict={words}", f"-max_len={target.longest}", "-print_final_stats=1", *options, str(corpus)]
    atheris.Setup([sys.argv[0], *given], tried(target, Finds(FINDS / name)), custom_mutator=mutated(target))
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode("utf-8"))


if __name__ == "__main__":
    main()
