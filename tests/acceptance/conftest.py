"""The benchmarks stand beside `tests`, and are imported from there."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
