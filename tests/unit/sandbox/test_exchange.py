"""One request and its reply, with a child that is played by a thread of the test."""

from __future__ import annotations

import os
import subprocess
import threading
import time

import pytest

from torchgrade.sandbox.child import plumbing
from torchgrade.sandbox.exchange import KEPT_OUTPUT, Channels, Failure, exchange
from torchgrade.wire import frames

REPLY = frames.pack({"a": 1}, [b"body"])


class Player:
    """The far ends, and near ends whose process never dies."""

    def __init__(self):
        ours, self.data, reading, self.output = plumbing()
        self.handle = os.pidfd_open(os.getpid())
        self.channels = Channels(ours, reading, self.handle)
        self.is_over = False

    def play(self, *acts, request=b"question", seconds=5.0):
        """Each act gets the player, one after another, beside the exchange."""

        def run():
            for act in acts:
                act(self)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            return exchange(self.channels, request, seconds)
        finally:
            self.is_over = True
            thread.join()

    def close(self):
        self.data.close()
        self.channels.data.close()
        for descriptor in (self.channels.output, self.handle, self.output):
            os.close(descriptor)


@pytest.fixture
def player():
    player = Player()
    yield player
    player.close()


def hear(player):
    assert player.data.recv(100) == b"question"


def say(*parts):
    def act(player):
        for part in parts:
            player.data.sendall(part)
            time.sleep(0.001)

    return act


def write(text, times=1):
    def act(player):
        for _ in range(times):
            try:
                os.write(player.output, text)
            except BlockingIOError:
                time.sleep(0.001)

    return act


def test_a_reply_in_one_piece(player):
    result = player.play(hear, write(b"caf\xc3\xa9 \xff"), say(REPLY))
    assert (result.reply, result.failure, result.text) == (REPLY, None, "café �")
    assert 0 < result.seconds < 5


def test_a_reply_in_drops(player):
    result = player.play(hear, say(*(bytes([byte]) for byte in REPLY)))
    assert (result.reply, result.failure) == (REPLY, None)


def test_a_question_larger_than_the_socket(player):
    question = b"q" * 2**22

    def listen(player):
        left = len(question)
        while left:
            left -= len(player.data.recv(2**16))

    assert player.play(listen, say(REPLY), request=question).reply == REPLY


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (REPLY + b"x", "it wrote more than one answer"),
        (REPLY + REPLY, "it wrote more than one answer"),
        (
            b"\xff" * 8,
            "a reply of 8,589,934,598 bytes, 4,294,967,295 of them header; 83,886,080 and 4,194,304 are allowed",
        ),
    ],
)
def test_garbage(player, said, problem):
    result = player.play(hear, say(said))
    assert (result.reply, result.failure, result.problem) == (b"", Failure.GARBAGE, problem)


def test_speaking_before_being_asked(player):
    player.data.sendall(REPLY)
    result = player.play()
    assert (result.failure, result.problem) == (Failure.GARBAGE, "it wrote to it when nothing was asked")


@pytest.mark.parametrize("acts", [[hear], [hear, say(REPLY[:5])], [hear, say(*(b"x" for _ in range(7)))], []])
def test_the_clock_is_ours(player, acts):
    result = player.play(*acts, seconds=0.1)
    assert (result.reply, result.failure) == (b"", Failure.TIME)
    assert result.seconds >= 0.1


@pytest.mark.parametrize("said", [b"", REPLY[:5], REPLY[:-1]])
def test_a_closed_connection(player, said):
    result = player.play(hear, say(said), lambda player: player.data.close())
    assert (result.reply, result.failure) == (b"", Failure.LOST)


def test_a_reply_before_the_end_counts(player):
    assert player.play(hear, say(REPLY), lambda player: player.data.close()).reply == REPLY


def test_a_dead_process_that_left_its_connection_open(player):
    process = subprocess.Popen(["true"])
    dead = os.pidfd_open(process.pid)
    process.wait()
    result = exchange(Channels(player.channels.data, player.channels.output, dead), b"", 5.0)
    os.close(dead)
    assert result.failure is Failure.LOST


def test_output_is_kept_up_to_a_limit(player):
    result = player.play(hear, write(b"x" * 1000, times=100), say(REPLY))
    assert (result.reply, result.text) == (REPLY, "x" * KEPT_OUTPUT)


def test_too_much_output(player):
    def flood(player):
        os.set_blocking(player.output, False)
        while not player.is_over:
            write(b"x" * 65536)(player)

    stopped = player.play(hear, flood)
    assert (stopped.failure, len(stopped.printed)) == (Failure.OUTPUT, KEPT_OUTPUT)


def test_closed_output_is_no_failure(player):
    os.close(player.output)
    player.output = os.open(os.devnull, os.O_WRONLY)
    assert player.play(hear, say(REPLY)).reply == REPLY
    assert player.play(hear, say(REPLY)).reply == REPLY
