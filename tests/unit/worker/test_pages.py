"""Large pages: which memory is asked for, and that asking changes nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from torchgrade.worker import pages

MB = 2**20
MAPS = f"""\
55d0c5400000-55d0c5700000 rw-p 00000000 00:00 0                          [heap]
{0x7F0000000000:x}-{0x7F0000000000 + 5 * MB:x} rw-p 00000000 00:00 0
{0x7F1000000000 + MB:x}-{0x7F1000000000 + 8 * MB:x} rw-p 00000000 00:00 0
{0x7F2000000000:x}-{0x7F2000000000 + MB:x} rw-p 00000000 00:00 0
7f3000000000-7f3000800000 r--p 00000000 00:00 0
7f4000000000-7f4000800000 rw-p 00001000 fd:00 1234                       /usr/lib/libtorch.so
7f5000000000-7f5000800000 rw-s 00000000 00:01 77                         /dev/shm/a
7ffd00000000-7ffd00800000 rw-p 00000000 00:00 0                          [stack]
"""


def test_only_whole_large_pages_of_own_memory_are_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    maps, asked = tmp_path / "maps", []
    maps.write_text(MAPS)
    monkeypatch.setattr(pages, "_MAPS", str(maps))
    monkeypatch.setattr(pages.libc, "call", lambda name, *arguments: asked.append((name, *arguments)))
    pages.Memory().gather()
    heap = 0x55D0C5400000
    assert asked == [
        ("madvise", heap, 2 * MB, pages._COLLAPSE),
        ("madvise", 0x7F0000000000, 4 * MB, pages._COLLAPSE),
        ("madvise", 0x7F1000000000 + 2 * MB, 6 * MB, pages._COLLAPSE),
    ]


def test_a_kernel_that_refuses_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *arguments: int) -> int:
        raise OSError(22, name)

    monkeypatch.setattr(pages.libc, "call", refuse)
    pages.Memory().gather()


def test_memory_is_what_it_was_afterwards() -> None:
    held = bytearray(os.urandom(8 * MB))
    before = bytes(held)
    pages.Memory().gather()
    assert held == before
