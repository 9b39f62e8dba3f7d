"""The generator is `tests.classes`, for `python -m` and for pytest alike."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
