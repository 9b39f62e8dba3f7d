"""Changes to text and bytes that know nothing of a target but its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def in_bytes(data: bytes, random: Random) -> bytes:
    """One byte changed, one stretch removed, doubled or moved."""
    if not data:
        return bytes([random.randrange(256)])
    start = random.randrange(len(data))
    end = min(len(data), start + random.choice((1, 1, 2, 4, 16, 64)))
    match random.randrange(5):
        case 0:
            return data[:start] + bytes([data[start] ^ (1 << random.randrange(8))]) + data[start + 1 :]
        case 1:
            return data[:start] + random.randbytes(end - start) + data[end:]
        case 2:
            return data[:start] + data[end:]
        case 3:
            return data[:end] + data[start:end] * random.choice((1, 2, 30)) + data[end:]
        case _:
            rest, place = data[:start] + data[end:], random.randrange(len(data))
            return rest[:place] + data[start:end] + rest[place:]


def in_tokens(data: bytes, words: Sequence[str], others: Sequence[bytes], random: Random) -> bytes:
    """One token removed, changed for a word or another's token, wrapped, or repeated."""
    tokens = TOKEN.findall(data.decode("utf-8", "replace")) or [""]
    start = random.randrange(len(tokens))
    end = min(len(tokens), start + random.choice((1, 1, 1, 2, 3, 5, 8, 20)))
    inside = tokens[start:end]
    match random.randrange(6):
        case 0:
            inside = []
        case 1:
            inside = [random.choice(words)]
        case 2:
            inside = [random.choice(words), *inside]
        case 3:
            opening, closing = random.choice(("()", "[]", "{}", "''", '""'))
            inside = [random.choice(("", random.choice(words))), opening, *inside, closing]
        case 4:
            inside = inside * random.choice((2, 2, 3, 40))
        case _:
            other = TOKEN.findall(random.choice(others).decode("utf-8", "replace")) or [""]
            place = random.randrange(len(other))
            inside = other[place : place + random.choice((1, 2, 5, 20, 100))]
    return "".join((*tokens[:start], *inside, *tokens[end:])).encode("utf-8", "replace")


def in_lines(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """One line removed, doubled, moved, indented, or taken from another text."""
    lines = data.split(b"\n")
    place = random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[place])
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(place))
        case 3:
            lines[place] = b" " * random.choice((1, 2, 4)) + lines[place]
        case 4:
            lines[place] = lines[place].removeprefix(b"  ")
        case _:
            other = random.choice(others).split(b"\n")
            first = random.randrange(len(other))
            lines[place:place] = other[first : first + random.choice((1, 1, 2, 5))]
    return b"\n".join(lines)
