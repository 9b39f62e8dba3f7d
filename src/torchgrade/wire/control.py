"""The few words that the judge and the zygote exchange; payloads never take this way.

→ ready <level> <abi>                        torch is loaded; the version of Landlock, 0 if it is not used
→ refused <level> <layer> <errno> <text>     there is no such layer here; the zygote ends
warm <topic>…                → warmed                 load what such submissions would load in every child;
                                                      after the last topic, make forks cheap as well
spawn <megabytes> <cpu seconds> <files>
                             → child <pid> (+ pidfd)  fork a child; with its data socket and its output pipe
end <pid>                    → ended <status> <peak>  kill what is left of it, reap it; peak memory in bytes
dismiss <pid>                                         the same, when there is time, and without an answer
"""

from __future__ import annotations

from torchgrade.errors import WireError

READY = "ready"
REFUSED = "refused"
WARM = "warm"
WARMED = "warmed"
SPAWN = "spawn"
CHILD = "child"
END = "end"
ENDED = "ended"
DISMISS = "dismiss"
MAX_MESSAGE = 4096

COTANGENT = "cotangent"
FUNCTIONAL = "functional"
SYMPY = "sympy"
TOPICS = (COTANGENT, FUNCTIONAL, SYMPY)
"""What a zygote can be warmed for."""

CONNECTION_LOST = 113
"""The exit status of a child that could not send its reply."""
NOT_CONFINED = 114
"""The exit status of a child that could not be confined, and therefore ran nothing."""


def encode(word: str, *arguments: str | int) -> bytes:
    """One message."""
    return " ".join((word, *map(str, arguments))).encode("ascii")


def decode(message: bytes, expected: str) -> tuple[str, ...]:
    """The arguments of a message that must begin with `expected`."""
    word, *arguments = message.decode("ascii", "replace").split(" ")
    if word != expected:
        raise WireError(f"the zygote says {word[:40]!r} where {expected!r} is expected")
    return tuple(arguments)
