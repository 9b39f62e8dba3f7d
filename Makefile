# One command for each thing a contributor does; the environment makes itself.
#   make demo    grade six submissions and say where the reports are
#   make test    everything CI runs: check, then the tests
#   make browser what the tests of pages need: Chromium from Debian (as root), axe-core from npm
#   make check   format, lint, types, floors, fresh schemas
#   make soak    5,000 submissions of all kinds, two at a time: no hang, no wrong verdict, no growth
#   make fuzz    what strangers send, until ten minutes bring nothing new
#   make bench   the figures of speed; make bench-correctness: right and wrong answers, judged by us and by the field

.DEFAULT_GOAL := test
SHELL := /bin/bash
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
  $$each -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$each; break; }; done)
BIN := .venv/bin
STAMP := .venv/.installed
CODE := src tests benchmarks docs/ci
DEMO := tensor/matrix-and-vector linalg/solve linalg/matrix-matrix autograd/scalar-backward autograd/quadratic \
        autograd/cubic-minus-square

APART := tests/hostile tests/soak tests/conformance
APART_LOG := .venv/.tested-apart

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "torchgrade needs Python 3.11 or newer, and there is none on the PATH." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.PHONY: install demo test check browser soak fuzz bench bench-correctness clean

install: $(STAMP)

demo: $(STAMP)
	$(BIN)/torchgrade grade docs/demo/submissions --exercises exercises $(foreach id,$(DEMO),--id $(id)) \
	  --report reports/demo --format json,md,junit,terminal --seed demo

check: $(STAMP)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/torchgrade schema --check

# Two processes, because most tests wait for one child at a time: the second is told when the first has ended.
test: check browser
	@$(BIN)/pytest $(APART) > $(APART_LOG) 2>&1 & apart=$$!; \
	  $(BIN)/pytest tests $(addprefix --ignore=,$(APART)); here=$$?; \
	  wait $$apart; there=$$?; echo "$(APART):"; cat $(APART_LOG); test $$here -eq 0 -a $$there -eq 0

browser: $(STAMP)
	@PYTHONPATH=. $(BIN)/python -m tests.browser.install

soak: $(STAMP)
	$(BIN)/python -m tests.soak --submissions 5000 --jobs 2

fuzz: $(STAMP)
	$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet --editable '.[dev,fuzz]'
	nice -n 15 $(BIN)/python -m tests.fuzz

bench: $(STAMP)
	$(BIN)/python -m benchmarks.speed

bench-correctness: $(STAMP)
	$(BIN)/python -m benchmarks.correctness

clean:
	rm -rf .venv .fuzz .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
