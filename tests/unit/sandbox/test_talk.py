"""One request and its reply, with a child that is played by a thread of the test."""

from __future__ import annotations

import os
import subprocess
import threading
import time

import pytest

from torchgrade.model.exercise import Limits
from torchgrade.sandbox import talk
from torchgrade.sandbox.allowance import Allowance
from torchgrade.sandbox.child import plumbing
from torchgrade.sandbox.connection import Channels, Connection
from torchgrade.sandbox.exchange import Failure
from torchgrade.sandbox.talk import KEPT_OUTPUT, MEGABYTE, TICK
from torchgrade.wire import frames

REPLY = frames.pack({"a": 1}, [b"body"])
NEXT = frames.pack({"b": 2}, [b"another"])


def allowance(seconds: float = 5.0, cpu_seconds: float = 10.0, **limits: float) -> Allowance:
    return Allowance(limits=Limits(**limits), seconds=seconds, cpu_seconds=cpu_seconds)


class Dials:
    """What a watch shows: processor seconds that grow with each look, and threads."""

    def __init__(self, pace: float = 0.0, threads: int = 1):
        self.pace, self.number, self.looks = pace, threads, 0

    def cpu_seconds(self):
        self.looks += 1
        return (self.looks - 1) * self.pace

    def threads(self):
        return self.number


class Player:
    """The far ends, and near ends whose process never dies."""

    def __init__(self):
        ours, self.data, reading, self.output = plumbing()
        self.handle = os.pidfd_open(os.getpid())
        self.channels = Channels(ours, reading, self.handle)
        self.dials = Dials()
        self.connection = Connection(self.channels, self.dials)
        self.is_over = False

    def play(self, *acts, request=b"question", allowed=None, watch=None, ahead=b""):
        """Each act gets the player, one after another, beside the exchange."""
        self.connection.watch = watch or self.dials

        def run():
            for act in acts:
                act(self)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            return talk.ask(self.connection, request, allowed or allowance(), ahead)
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
    result = player.play(*acts, allowed=allowance(seconds=0.1))
    assert (result.reply, result.failure) == (b"", Failure.TIME)
    assert result.seconds >= result.used >= 0.1


@pytest.mark.parametrize(
    ("dials", "failure", "used"),
    [
        (Dials(pace=6.0), Failure.PROCESSOR, 12.0),
        (Dials(pace=1.0, threads=65), Failure.THREADS, 65),
        (Dials(pace=0.0, threads=64), Failure.TIME, None),
    ],
)
def test_a_process_that_is_busy_is_looked_at(player, dials, failure, used):
    result = player.play(hear, allowed=allowance(seconds=10 * TICK), watch=dials)
    assert (result.reply, result.failure) == (b"", failure)
    assert used is None or result.used == used


def test_a_quick_reply_costs_two_looks(player):
    dials = Dials(pace=1.0)
    assert player.play(hear, say(REPLY), watch=dials).failure is None
    assert dials.looks == 2


def test_a_reply_that_took_too_much_processor_time_does_not_count(player):
    result = player.play(hear, say(REPLY), watch=Dials(pace=11.0))
    assert (result.failure, result.used) == (Failure.PROCESSOR, 11.0)


@pytest.mark.parametrize("said", [b"", REPLY[:5], REPLY[:-1]])
def test_a_closed_connection(player, said):
    result = player.play(hear, say(said), lambda player: player.data.close())
    assert (result.reply, result.failure, result.unread) == (b"", Failure.LOST, False)


@pytest.mark.parametrize("acts", [[], [lambda player: player.data.recv(3)]])
def test_a_connection_that_is_closed_before_all_is_read(player, acts):
    result = player.play(*acts, lambda player: player.data.close())
    assert (result.failure, result.unread) == (Failure.LOST, True)


def test_a_reply_before_the_end_counts(player):
    assert player.play(hear, say(REPLY), lambda player: player.data.close()).reply == REPLY


def test_a_dead_process_that_left_its_connection_open(player):
    process = subprocess.Popen(["true"])
    dead = os.pidfd_open(process.pid)
    process.wait()
    result = talk.ask(
        Connection(Channels(player.channels.data, player.channels.output, dead), Dials()), b"", allowance()
    )
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

    stopped = player.play(hear, flood, allowed=allowance(output_megabytes=2))
    assert (stopped.failure, len(stopped.printed)) == (Failure.OUTPUT, KEPT_OUTPUT)
    assert 2 < stopped.used < 3


def test_endless_drops_of_output_end_with_the_reply(player):
    """What is printed after a reply belongs to the next request, however long it goes on."""

    def drip(player):
        while not player.is_over:
            os.write(player.output, b"x")

    dripping = threading.Thread(target=drip, args=(player,))
    dripping.start()
    result = player.play(hear, say(REPLY))
    dripping.join()
    assert (result.reply, result.failure) == (REPLY, None)
    assert len(result.printed) < MEGABYTE


def test_closed_output_is_no_failure(player):
    os.close(player.output)
    player.output = os.open(os.devnull, os.O_WRONLY)
    assert player.play(hear, say(REPLY)).reply == REPLY
    assert player.play(hear, say(REPLY)).reply == REPLY


AHEAD = b"the question after it"
MORE = "it wrote more than one answer"


def hear_both(player):
    assert player.data.recv(100) == b"question" + AHEAD


def test_a_request_that_was_sent_ahead_is_not_sent_again(player):
    assert player.play(hear_both, say(REPLY), ahead=AHEAD).reply == REPLY
    player.data.setblocking(False)
    result = player.play(say(NEXT), request=AHEAD)
    assert (result.reply, result.failure) == (NEXT, None)
    with pytest.raises(BlockingIOError):
        player.data.recv(1)


@pytest.mark.parametrize("parts", [(REPLY + NEXT,), (REPLY + NEXT[:3], NEXT[3:]), (REPLY[:9], REPLY[9:] + NEXT)])
def test_two_replies_to_two_requests_are_told_apart(player, parts):
    assert player.play(hear_both, say(*parts), ahead=AHEAD).reply == REPLY
    result = player.play(request=AHEAD)
    assert (result.reply, result.failure) == (NEXT, None)


@pytest.mark.parametrize("early", [b"x", NEXT])
def test_a_reply_before_its_request_was_sent_is_none(player, early):
    """Two requests have been sent, and more than two replies are there before the third is."""
    assert player.play(hear_both, say(REPLY + NEXT), ahead=AHEAD).reply == REPLY
    player.data.sendall(early)
    result = player.play(request=AHEAD, ahead=b"the third")
    assert (result.reply, result.failure, result.problem) == (b"", Failure.GARBAGE, MORE)


def test_what_follows_a_reply_when_nothing_was_sent_ahead_is_garbage(player):
    assert player.play(hear_both, say(REPLY), ahead=AHEAD).reply == REPLY
    assert player.play(say(NEXT + b"x"), request=AHEAD).problem == MORE


def test_another_question_than_was_sent_ahead_must_wait_for_it(player):
    """It is not what the process was told to answer, whoever is at fault."""
    assert player.play(hear_both, say(REPLY + NEXT), ahead=AHEAD).reply == REPLY
    assert player.play(request=b"yet another").failure is Failure.GARBAGE


def test_the_clock_of_what_was_sent_ahead_begins_with_the_reply_before_it(player):
    said = []
    note = lambda player: said.append(time.monotonic())  # noqa: E731
    assert player.play(hear_both, lambda player: time.sleep(0.05), note, say(REPLY), ahead=AHEAD).reply == REPLY
    assert player.connection.replied >= said[0]
    player.connection.replied -= 10  # so long ago
    result = player.play(request=AHEAD)
    assert (result.failure, result.used >= 10) == (Failure.TIME, True)


def test_a_reply_that_was_there_when_we_looked_counts(player):
    assert player.play(hear_both, say(REPLY + NEXT), ahead=AHEAD).reply == REPLY
    player.connection.replied -= 10
    assert player.play(request=AHEAD).reply == NEXT


def test_processor_time_is_counted_from_the_reply_before(player):
    dials = Dials(pace=1.0)
    assert player.play(hear_both, say(REPLY), ahead=AHEAD, watch=dials).failure is None
    result = player.play(say(NEXT), request=AHEAD, watch=dials, allowed=allowance(cpu_seconds=0.5))
    assert (result.failure, result.used, dials.looks) == (Failure.PROCESSOR, 1.0, 3)


def test_requests_larger_than_the_socket_go_ahead_as_there_is_room(player):
    first, second = b"1" * 2**21, b"2" * 2**21

    def take(count):
        def act(player):
            left = count
            while left:
                left -= len(player.data.recv(min(left, 2**16)))

        return act

    assert player.play(take(len(first)), say(REPLY), request=first, ahead=second).reply == REPLY
    assert player.connection.unsent
    assert player.play(take(len(second)), say(NEXT), request=second).reply == NEXT


def test_a_death_with_a_request_ahead(player):
    result = player.play(lambda player: player.data.recv(8), lambda player: player.data.close(), ahead=AHEAD)
    assert (result.failure, result.unread) == (Failure.LOST, True)


def test_a_reply_before_a_death_counts_though_no_further_request_can_be_sent(player):
    assert player.play(hear_both, say(REPLY + NEXT), lambda player: player.data.close(), ahead=AHEAD).reply == REPLY
    third = b"the third"
    assert player.play(request=AHEAD, ahead=third).reply == NEXT
    assert player.play(request=third).failure is Failure.LOST


def test_output_that_may_be_the_next_request_s_is_not_held_against_one(player):
    result = player.play(
        hear_both, write(b"x" * 2**16, times=17), say(REPLY), ahead=AHEAD, allowed=allowance(output_megabytes=1)
    )
    assert result.failure is None
