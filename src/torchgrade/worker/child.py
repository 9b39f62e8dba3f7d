"""A child: it answers requests over its data channel until the parent has heard enough."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import NoReturn

import torch

from torchgrade.model.observation import Incident, IncidentKind, Observation
from torchgrade.model.probe import Probe
from torchgrade.model.said import said
from torchgrade.wire import control, frames, replies, requests
from torchgrade.worker.budget import Budget
from torchgrade.worker.channels import Channel
from torchgrade.worker.handed_in import HandedIn
from torchgrade.worker.inputs import build
from torchgrade.worker.load import Loaded, load
from torchgrade.worker.probes import PROBES
from torchgrade.worker.state import State, spoil_memory

_CHUNK = 2**20


def serve(megabytes: int, channel: Channel) -> NoReturn:
    """Answer until the connection closes."""
    _rebuild()
    _open_output(channel)
    server = Server(megabytes, channel)
    status = control.CONNECTION_LOST
    with suppress(OSError):
        while frame := _receive(channel):
            _send(channel, server.answer(frame))
        status = 0
    os._exit(status)


class Server:
    """What a child knows: the plans it has loaded, by number."""

    def __init__(self, megabytes: int, channel: Channel) -> None:
        self._megabytes = megabytes
        self._channel = channel
        self._loaded: dict[int, Loaded] = {}
        self._beside: HandedIn | None = None
        self._pristine = State.capture()
        self._pid = os.getpid()

    def answer(self, frame: bytearray) -> bytes:
        """The frame of the reply to the frame of a request."""
        request = requests.decode(frames.unpack(frame))
        answers = self._load(request) if isinstance(request, requests.Load) else self._measure(request)
        _flush()
        if os.getpid() != self._pid:  # the submission forked, and this is its copy of us
            os._exit(0)
        return self._frame(request.number, answers)

    def _load(self, request: requests.Load) -> tuple[Incident, ...]:
        self._pristine.restore()
        spoil_memory()
        _open_output(self._channel)
        if request.source.files:
            self._beside = HandedIn(request.source.files)
            self._beside.install()
        loaded = load(request, self._megabytes, self._beside)
        if isinstance(loaded, Incident):
            return (loaded,)
        self._loaded[request.plan] = loaded
        return ()

    def _measure(self, request: requests.Measure) -> tuple[Observation | Incident, ...]:
        loaded, budget = self._loaded[request.plan], Budget()
        return tuple(_take(loaded, request, position, budget) for position in range(len(request.probes)))

    def _frame(self, number: int, answers: tuple[Observation | Incident, ...]) -> bytes:
        """The reply, or one that says why there is none."""
        try:
            frame = replies.encode(replies.Reply(number=number, answers=answers))
            kind = IncidentKind.OUTPUT_LIMIT
        except MemoryError:
            frame, kind = b"", IncidentKind.MEMORY_LIMIT
        if frame and replies.fits(frame):
            return frame
        incident = Incident(kind=kind, message=said("What was returned is too large to be read."))
        return replies.encode(replies.Reply(number=number, answers=(incident,) * len(answers)))


def _take(loaded: Loaded, request: requests.Measure, position: int, budget: Budget) -> Observation | Incident:
    """One probe, from the state that loading left, whatever the probes before it did."""
    probe = request.probes[position]
    loaded.activate()
    inputs = _inputs(request, probe)
    if isinstance(inputs, Incident):
        return inputs
    try:
        return PROBES[probe.op](loaded, inputs, probe, budget)
    except BaseException as error:
        return loaded.blame.incident(error)


def _inputs(request: requests.Measure, probe: Probe) -> dict[str, object] | Incident:
    """Fresh inputs; no code of the submission runs here, and so no fault of its is to be found."""
    try:
        return {name: build(value, name in probe.wrt) for name, value in request.inputs.items()}
    except Exception as error:
        message = f"An input of this case cannot be made: {type(error).__name__}: {error}"
        return Incident(kind=IncidentKind.OUR_FAULT, message=message)


def _rebuild() -> None:
    """Rebuild what torch marks as stale after a fork before any thread of the submission can (ISOLATION 3.1)."""
    torch.set_num_threads(1)
    leaf = torch.zeros((), requires_grad=True)
    (leaf * leaf).backward()


def _open_output(channel: Channel) -> None:
    """Fresh text streams over the output channel, which take any text and pass each line on at once."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = io.TextIOWrapper(
            io.BufferedWriter(channel.printer(number)), "utf-8", "backslashreplace", line_buffering=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _flush() -> None:
    """What was printed belongs to this request. A submission may have put anything in the place of the streams."""
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        with suppress(BaseException):
            getattr(sys, name).flush()


def _receive(channel: Channel) -> bytearray | None:
    """A whole frame, or None at the end."""
    prefix = _exactly(channel, frames.PREFIX.size)
    if prefix is None:
        return None
    rest = _exactly(channel, sum(frames.PREFIX.unpack(prefix)))
    return None if rest is None else prefix + rest


def _exactly(channel: Channel, count: int) -> bytearray | None:
    received = bytearray()
    while len(received) < count:
        chunk = channel.read(min(_CHUNK, count - len(received)))
        if not chunk:
            return None
        received += chunk
    return received


def _send(channel: Channel, frame: bytes) -> None:
    unsent = memoryview(frame)
    while unsent:
        unsent = unsent[channel.write(unsent) :]
