"""Notebooks: of all versions, from all tools, whole and mangled."""

from __future__ import annotations

import json

DOUBLE = "def double(x):\n    return 2 * x"


def cell(source: object, **fields: object) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **fields}


def notebook(*sources: object, **fields: object) -> bytes:
    """A notebook in nbformat 4 with a code cell for each source."""
    cells = [source if isinstance(source, dict) else cell(source) for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **fields}).encode()


def old_notebook(*sources: object) -> bytes:
    """In nbformat 3."""
    cells = [{"cell_type": "code", "input": source, "language": "python", "outputs": []} for source in sources]
    return json.dumps({"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": cells}]}).encode()
