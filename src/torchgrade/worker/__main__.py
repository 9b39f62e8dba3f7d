"""`python -I -P -m torchgrade.worker FD LEVEL=LAYER,LAYER… …`: a zygote that listens on the control socket FD.

The levels are tried in their order. Torch is loaded after a level is entered, by a process that still has one thread.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

from torchgrade.model.isolation import Confinement, Layer
from torchgrade.wire import control
from torchgrade.worker.confine.walls import RefusedError, Walls


def main(descriptor: int, candidates: Sequence[Confinement]) -> None:
    """Become a zygote at the first of these levels that is to be had, or tell why there is none."""
    line = socket.socket(fileno=descriptor)
    walls = _walls(candidates)
    if isinstance(walls, RefusedError):
        line.send(control.encode(control.REFUSED, walls.level, walls.layer, walls.error.errno or 0, str(walls.error)))
        return
    from torchgrade.worker import zygote

    zygote.serve(line, walls)


def _walls(candidates: Sequence[Confinement]) -> Walls | RefusedError:
    first: RefusedError | None = None
    for each in candidates:
        try:
            return Walls(each)
        except RefusedError as refusal:
            first = first or refusal
    return first or RefusedError("", Layer.SESSION, OSError("no level was asked for"))


def _confinement(text: str) -> Confinement:
    level, _, layers = text.partition("=")
    return Confinement(level=level, layers=frozenset(map(Layer, filter(None, layers.split(",")))))


if __name__ == "__main__":
    main(int(sys.argv[1]), [_confinement(text) for text in sys.argv[2:]])
