# One command for each thing a contributor does; the environment makes itself.
#   make demo    grade six submissions and say where the reports are
#   make test    everything CI runs: check, then the tests
#   make check   format, lint, types, floors, fresh schemas
#   make bench   the figures of DESIGN §7; make bench-correctness: the experiments of NUMERICS

.DEFAULT_GOAL := test
SHELL := /bin/bash
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
  $$each -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$each; break; }; done)
BIN := .venv/bin
STAMP := .venv/.installed
CODE := src tests benchmarks
DEMO := tensor/matrix-and-vector linalg/solve linalg/matrix-matrix autograd/scalar-backward autograd/quadratic \
        autograd/cubic-minus-square

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "torchgrade needs Python 3.11 or newer, and there is none on the PATH." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.PHONY: install demo test check bench bench-correctness clean

install: $(STAMP)

demo: $(STAMP)
	$(BIN)/torchgrade grade docs/demo/submissions --exercises exercises $(foreach id,$(DEMO),--id $(id)) \
	  --report reports/demo --format json,md,junit,terminal --seed demo --isolation process

check: $(STAMP)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/torchgrade schema --check

test: check
	$(BIN)/pytest

bench: $(STAMP)
	$(BIN)/python -m benchmarks.speed

bench-correctness: $(STAMP)
	$(BIN)/python -m benchmarks.correctness

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
