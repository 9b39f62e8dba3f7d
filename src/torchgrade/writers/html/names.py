"""Names of files for submitters, who may be called anything."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

LONGEST = 40
_SAFE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""What Windows takes for devices."""


def page_name(submitter: str) -> str:
    """The name of a submitter's page: the same wherever it is asked for, and another for every submitter.

    A short plain name in small letters is itself. Of others what can be read is kept, and a digest is put behind a
    `~`, which no plain name has: so names that differ in their case only, or only in signs, do not meet.
    """
    if _SAFE.fullmatch(submitter) and not _RESERVED.fullmatch(submitter):
        return f"{submitter}.html"
    bare = unicodedata.normalize("NFKD", submitter).encode("ascii", "ignore").decode("ascii").casefold()
    readable = re.sub(r"[^a-z0-9]+", "-", bare[: 4 * LONGEST])[:LONGEST].strip("-")
    return f"{readable}~{sha256(submitter.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.html"
