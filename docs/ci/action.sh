#!/usr/bin/env bash
# What action.yml runs: `install` makes a Python that has torchgrade, `grade` grades with it.
#
# The workspace is the student's. Nothing in it is run, imported or obeyed: the work is done in an empty folder, by a
# Python that looks neither there nor into the environment for code (-I), and reports are written outside the workspace.
set -euo pipefail

action=$PWD
home=$RUNNER_TEMP/torchgrade
empty=$(mktemp -d "$RUNNER_TEMP/torchgrade-XXXXXX")
cd "$empty"

install() {
  python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 11) and "torchgrade needs Python 3.11 or newer: use setup-python")'
  python3 -I -m venv "$home"
  # PyTorch's own index has a build without CUDA, which is far smaller.
  "$home/bin/python" -I -m pip install --quiet --index-url https://download.pytorch.org/whl/cpu 'torch>=2.6,<2.14'
  if [ -n "$INPUT_VERSION" ]; then
    "$home/bin/python" -I -m pip install --quiet "torchgrade==$INPUT_VERSION"
  else
    "$home/bin/python" -I -m pip install --quiet "$action"
  fi
}

# A path of an input: below the workspace, unless it begins at the root.
below() {
  case $1 in
    /*) printf '%s' "$1" ;;
    *) printf '%s' "$GITHUB_WORKSPACE/$1" ;;
  esac
}

# What was handed in, which is no link and lies behind none: it would lead to what was not handed in.
handed_in() {
  local found
  found=$(below "$1")
  if [[ $1 != /* && $(realpath -- "$found") != "$(realpath -s -- "$(realpath -- "$GITHUB_WORKSPACE")/$1")" ]]; then
    echo "$1 is no file or folder of the workspace, but behind a link" >&2
    return 2
  fi
  printf '%s' "$found"
}

# Names and numbers only: nothing that a student wrote can become another line of the step's outputs.
sums='
import json, sys
totals = json.load(open(sys.argv[1], encoding="utf-8"))["totals"]
for total in totals[:1] if len(totals) == 1 else []:
    print("points=%.12g\nmax-points=%.12g" % (total["points"], total["max_points"]))
'

grade() {
  local python=${INPUT_PYTHON:-$home/bin/python} code=0 submission
  submission=$(handed_in "$INPUT_SUBMISSION")
  local arguments=(
    --exercises "$(below "$INPUT_EXERCISES")" --lang "$INPUT_LANG" --isolation "$INPUT_ISOLATION"
    --format json --report "$empty/all"
  )
  if [ -n "$INPUT_ASSIGNMENT" ]; then arguments+=(--assignment "$(below "$INPUT_ASSIGNMENT")"); fi
  if [ -n "$INPUT_SUBMITTER" ]; then arguments+=("--submitter=$INPUT_SUBMITTER"); fi
  if [ -n "$INPUT_FAIL_UNDER" ]; then arguments+=(--fail-under "$INPUT_FAIL_UNDER"); fi
  if [ -n "$INPUT_SEED" ]; then arguments+=("--seed=$INPUT_SEED"); fi

  export XDG_STATE_HOME=$empty/state
  "$python" -I -m torchgrade grade "$submission" "${arguments[@]}" || code=$?
  if [ "$code" -le 1 ]; then
    # report.json is for staff. The folder that people upload has only what they asked for.
    "$python" -I -m torchgrade render "$empty/all/report.json" --format "$INPUT_FORMAT" --into "$empty/report"
    printf 'report=%s\n' "$empty/report" >>"$GITHUB_OUTPUT"
    "$python" -I -c "$sums" "$empty/all/report.json" >>"$GITHUB_OUTPUT"
  fi
  return "$code"
}

case ${1-} in
  install | grade) "$1" ;;
  *) echo "usage: action.sh install | grade" >&2 && exit 2 ;;
esac
