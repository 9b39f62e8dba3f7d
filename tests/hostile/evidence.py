"""How an attack is seen to have worked. Its own word counts only where nothing outside it could tell."""

from __future__ import annotations

from enum import StrEnum


class Evidence(StrEnum):
    """What is looked at."""

    POINTS = "points"
    """It is accepted in an exercise whose answer nobody can guess."""
    SECRET = "secret"  # noqa: S105
    """It said a word that it was not given, and that lies where it may not look."""
    FILES = "files"
    """A file of the course has changed, or one that bears the mark is where there was none."""
    VICTIM = "victim"
    """A process that is none of its business died, or has other limits or another priority."""
    SIBLING = "sibling"
    """The process of another submission died."""
    LISTENER = "listener"
    """Somebody heard from it over the network or a socket."""
    LEFT = "left"
    """A process goes on after it."""
    BROKEN = "broken"
    """The grader came to no verdict of its own."""
    TEXT = "text"
    """Its text does something in a report, where it should only be read."""
    WORD = "word"
    """It says so: what it did shows nowhere but in its own process."""
