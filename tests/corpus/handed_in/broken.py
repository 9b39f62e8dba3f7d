"""Sixty ways to hand in what cannot be graded, by file name, with what its student is told; and some that look so."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED

from tests.corpus.handed_in.archives import (
    GOOD,
    MEGABYTE,
    announcing,
    archive,
    changed,
    damaged,
    encrypted,
    link,
    many,
    overlapping,
    special,
    utf8,
)
from tests.corpus.handed_in.notebooks import DOUBLE, cell, notebook, old_notebook

_OUTSIDE = "leads outside of it."
_NO_JSON = "it is no JSON. Open it in Jupyter, save it and hand it in again."
_NO_CELLS = "The file is no notebook, whatever its name says: it is JSON without cells."
_CUT = "The archive is damaged or was cut off on its way: zip your files and hand the archive in again."
_DAMAGED = "The file cannot be read: it is damaged in the archive: zip it and hand it in again."
_ONE = archive(("solution.py", GOOD), way=ZIP_STORED)

BROKEN: Mapping[str, tuple[bytes, str]] = {
    "script-empty.py": (b"", "The file is empty (0 bytes)"),
    "script-large.py": (b"#" * 1_000_001, "The file is larger than 1 MB: hand in source code only, no data."),
    "script-huge.py": (b"#" * 100 * MEGABYTE, "The file is larger than 1 MB"),
    "script-utf16.py": (GOOD.decode().encode("utf-16"), "The file is UTF-16 text, which Python does not read"),
    "script-utf16-unmarked.py": (GOOD.decode().encode("utf-16-le"), "The file is no text (a NUL byte on line 1)"),
    "script-nul.py": (GOOD + b"\0", "The file is no text (a NUL byte on line 3)"),
    "script-latin.py": (b"# caf\xe9\n" + GOOD, "The file is not UTF-8 text (byte 0xe9 on line 1): save it as UTF-8."),
    "script-not-its-coding.py": (b"# coding: ascii\n# caf\xe9\n", "The file is not ascii text (byte 0xe9 on line 2)"),
    "script-strange-coding.py": (b"# coding: idna\n# caf\xe9\n", "The file is not UTF-8 text"),
    "script-formatted.py": (GOOD + b'f"' + b"{a}" * 20_001 + b'"\n', "There are 20,001 opening braces in the code"),
    "script-statements.py": (b"a\n" * 50_001, "There are 50,001 lines and items in the code; 50,000 are read"),
    "script-data.py": (b"x = [" + b"1," * 50_001 + b"]", "There are 50,001 lines and items in the code"),
    "notebook-data.ipynb": (notebook(*["x = [" + "1," * 30_000 + "]"] * 2), "There are 60,000 lines and items in the"),
    "notebook-empty.ipynb": (b"", "The notebook is empty (0 bytes): save it and hand it in again."),
    "notebook-no-json.ipynb": (b"import torch\n", f"The notebook is damaged (line 1): {_NO_JSON}"),
    "notebook-cut.ipynb": (notebook(DOUBLE)[:99], _NO_JSON),
    "notebook-conflict.ipynb": (
        b"{\n<<<<<<< HEAD\n" + notebook(DOUBLE),
        f"The notebook is damaged (line 2): {_NO_JSON}",
    ),
    "notebook-formatted.ipynb": (
        notebook(DOUBLE, *["f'" + "{a}" * 10_001 + "'"] * 2),
        "There are 20,002 opening braces in the code; 20,000 are read",
    ),
    "notebook-deep.ipynb": (b"[" * 200_000, _NO_JSON),
    "notebook-number.ipynb": (b'{"cells": [' + b"9" * 10_000 + b"]}", _NO_JSON),
    "notebook-list.ipynb": (b"[]", _NO_CELLS),
    "notebook-no-cells.ipynb": (b'{"nbformat": 4}', _NO_CELLS),
    "notebook-cells-no-list.ipynb": (b'{"cells": {"0": "x = 1"}}', _NO_CELLS),
    "notebook-sheets-no-list.ipynb": (b'{"worksheets": 3}', _NO_CELLS),
    "notebook-only-text.ipynb": (notebook(cell(DOUBLE, cell_type="markdown")), "The notebook has no code cell with"),
    "notebook-sources-no-text.ipynb": (
        notebook({"cell_type": "code", "source": 3}, 4),
        "The notebook has no code cell",
    ),
    "notebook-utf16.ipynb": (notebook(DOUBLE).decode().encode("utf-16"), "The notebook is not UTF-8 text"),
    "notebook-latin.ipynb": (b'{"cells": "\xe9"}', "The notebook is not UTF-8 text"),
    "notebook-huge.ipynb": (notebook(DOUBLE, outputs="#" * 20 * MEGABYTE), "The notebook is larger than 20 MB"),
    "notebook-large.ipynb": (notebook("#" * 500_000, "#" * 500_001), "The notebook has more than 1 MB of code"),
    "notebook-long.ipynb": (notebook(*["1"] * 2_001), "The notebook has 2,001 cells; 2,000 are read."),
    "archive-empty.zip": (b"", "The archive is empty (0 bytes)"),
    "archive-no-zip.zip": (b"Rar!\x1a\x07\x01\x00", "The archive is no zip file, whatever its name says"),
    "archive-script.zip": (GOOD, "The archive is no zip file, whatever its name says"),
    "archive-cut.zip": (_ONE[:-30], _CUT),
    "archive-no-contents.zip": (_ONE[: _ONE.index(b"PK\x01\x02")], _CUT),
    "archive-contents-elsewhere.zip": (changed(_ONE, b"PK\x01\x02", b"PK\x01\x03"), _CUT),
    "archive-of-nothing.zip": (archive(), "The archive has nothing in it"),
    "archive-of-litter.zip": (
        archive(
            (".DS_Store", b"1"), ("__MACOSX/._solution.py", b"1"), (".git/config", b"1"), ("__pycache__/s.py", b"1")
        ),
        "The archive has nothing in it",
    ),
    "archive-of-a-folder.zip": (archive(("week 1/", b"")), "The folder is empty"),
    "archive-damaged.zip": (damaged(_ONE), _DAMAGED),
    "archive-deflate-damaged.zip": (changed(archive(("s.py", b"a" * 99)), b"KL", b"\xff\xff"), _DAMAGED),
    "archive-says-less.zip": (announcing(_ONE, 9), _DAMAGED),
    "archive-says-more.zip": (announcing(_ONE, 99_999), _DAMAGED),
    "archive-overlapping.zip": (overlapping(), _DAMAGED),
    "archive-encrypted.zip": (encrypted(_ONE), "It is encrypted: zip it again without a password."),
    "archive-bzip2.zip": (
        archive(("s.py", GOOD), way=ZIP_BZIP2),
        "It is compressed in a way that is not read here (number 12)",
    ),
    "archive-lzma.zip": (
        archive(("s.py", GOOD), way=ZIP_LZMA),
        "It is compressed in a way that is not read here (number 14)",
    ),
    "archive-bomb.zip": (archive(("solution.py", b"#" * 200 * MEGABYTE)), "The file is larger than 1 MB"),
    "archive-bomb-of-nothing.zip": (many(20_000), "The archive has too many files in it"),
    "archive-in-archive.zip": (archive(("deeper.zip", _ONE)), "There is no .py file and no notebook, but deeper.zip"),
    "archive-of-archives.zip": (
        archive(("a.zip", _ONE), ("b.zip", _ONE)),
        "There is no .py file and no notebook, but a.zip",
    ),
    "archive-of-rar.zip": (archive(("hw1.rar", b"Rar!")), "but hw1.rar: hand in your files, or one .zip of them."),
    "archive-absolute.zip": (archive(("/etc/solution.py", GOOD)), "'/etc/solution.py', " + _OUTSIDE),
    "archive-above.zip": (archive(("../solution.py", GOOD)), "'../solution.py', " + _OUTSIDE),
    "archive-above-later.zip": (archive(("a/../../solution.py", GOOD)), _OUTSIDE),
    "archive-above-backwards.zip": (archive(("..\\solution.py", GOOD)), _OUTSIDE),
    "archive-drive.zip": (archive(("C:/solution.py", GOOD)), "'C:/solution.py', " + _OUTSIDE),
    "archive-drive-backwards.zip": (archive(("C:\\solution.py", GOOD)), _OUTSIDE),
    "archive-deep.zip": (archive(("a/" * 17 + "solution.py", GOOD)), "The folder lies more than 16 folders deep"),
    "archive-abyss.zip": (archive(("a/" * 32_000 + "s.py", GOOD)), "The folder lies more than 16 folders deep"),
    "archive-link.zip": (
        archive((link("solution.py"), b"/etc/passwd")),
        "It is a link, and what it leads to was not handed",
    ),
    "archive-pipe.zip": (archive((special("solution.py", stat.S_IFIFO), b"")), "It is no ordinary file"),
    "archive-device.zip": (archive((special("solution.py", stat.S_IFCHR), b"")), "It is no ordinary file"),
    "archive-twice.zip": (
        archive(("solution.py", GOOD), ("solution.py", b"")),
        "There are files whose names differ only",
    ),
    "archive-case.zip": (
        archive(("Solution.py", GOOD), ("solution.py", b"")),
        "names differ only in case (Solution.py, solution.py)",
    ),
    "archive-two-scripts.zip": (archive(("a.py", GOOD), ("b.py", GOOD)), "There are several .py files (a.py, b.py)"),
    "archive-two-notebooks.zip": (
        archive(("a.ipynb", b""), ("b.ipynb", b"")),
        "There are several notebooks (a.ipynb, b.ipynb)",
    ),
    "archive-both.zip": (
        archive(("hw.py", GOOD), ("hw.ipynb", b"")),
        "There are a script and a notebook (hw.ipynb, hw.py)",
    ),
    "archive-no-code.zip": (archive(("notes.txt", b""), ("grades.csv", b"")), "There is grades.csv, notes.txt."),
    "archive-name-no-utf8.zip": (utf8(changed(archive(("caf_.py", GOOD)), b"caf_.py", b"caf\xe9.py")), _CUT),
}

SOUND: Mapping[str, bytes] = {
    "script.py": GOOD,
    "script-marked.py": b"\xef\xbb\xbf" + GOOD,
    "script-windows.py": GOOD.replace(b"\n", b"\r\n"),
    "script-coding.py": b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + GOOD,
    "script-gbk.py": "# coding: gbk\n# 张伟\n".encode("gbk") + GOOD,
    "script-utf8-of-chinese.py": "# 张伟\n".encode() + GOOD,
    "notebook.ipynb": notebook("import torch", DOUBLE),
    "notebook-old.ipynb": old_notebook(DOUBLE.splitlines(keepends=True)),
    "notebook-of-colab.ipynb": notebook(
        cell("from google.colab import drive\ndrive.mount('/content')", metadata={"id": "x", "outputId": "y"}),
        "!pip install torch\n%matplotlib inline\nimport matplotlib.pyplot as plt",
        DOUBLE,
        metadata={"colab": {"provenance": []}, "accelerator": "GPU"},
    ),
    "notebook-with-faults.ipynb": notebook(
        None, {"cell_type": "code"}, "print(", DOUBLE, "while True: pass", "%%bash\nrm -r /"
    ),
    "notebook-twice.ipynb": notebook("def double(x):\n    return 3 * x", DOUBLE),
    "notebook-with-outputs.ipynb": notebook(cell(DOUBLE, outputs=[{"data": {"image/png": "A" * 9 * MEGABYTE}}])),
    "notebook-marked.ipynb": b"\xef\xbb\xbf" + notebook(DOUBLE),
    "archive.zip": _ONE,
    "archive-of-a-mac.zip": archive(
        ("hw1/solution.py", GOOD), ("__MACOSX/hw1/._solution.py", b"\0"), ("hw1/.DS_Store", b"")
    ),
    "archive-backwards.zip": archive(("hw1\\solution.py", GOOD), ("hw1\\notes.txt", b"")),
    "archive-with-damage.zip": damaged(
        archive(("solution.py", GOOD), ("notes.py", b"wrong"), way=ZIP_STORED), b"wrong"
    ),
    "archive-large.zip": archive(("solution.py", GOOD), ("notes.py", bytes(2 * MEGABYTE)), way=ZIP_STORED),
    "archive-large-notebook.zip": archive(
        ("solution.ipynb", notebook(DOUBLE, outputs="#" * 2 * MEGABYTE)), way=ZIP_STORED
    ),
    "archive-nearly-deep.zip": archive(("a/" * 16 + "solution.py", GOOD)),
    "archive-and-an-abyss.zip": archive(("solution.py", GOOD), ("a/" * 32_000 + "b.py", GOOD)),
    "archive-name-in-utf8.zip": archive(("张伟.py", GOOD)),
}
