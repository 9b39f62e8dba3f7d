#!/usr/bin/env bash
# Gradescope runs this once, as root, when the image is built: a Python that is new enough, and torchgrade in it.
set -euo pipefail

root=${AUTOGRADER_ROOT:-/autograder}
cd "$root/source"
apt-get update
apt-get install --yes --no-install-recommends ca-certificates python3-pip
PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --quiet "$(cat uv.txt)" # newer images want to be told

# uv fetches the Python that is asked for where the image has another, and PyTorch without CUDA.
export UV_TORCH_BACKEND=cpu UV_COMPILE_BYTECODE=1 UV_PYTHON_INSTALL_DIR=$root/python
uv venv --quiet --python "$(cat python-version.txt)" "$root/venv"
uv pip install --quiet --python "$root/venv/bin/python" --requirement requirements.txt

# What this image can do, for whoever reads the log of the build; whether it is enough is decided when it grades.
"$root/venv/bin/python" -I -m torchgrade doctor || true
