# Everything below works on a machine with Python 3.11 (or newer) and make. `make help` lists it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.developed

.PHONY: help demo test lint docs conformance bench clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Dragoman needs Python 3.11 or newer; none is on the path. Name one: make PYTHON=/path/to/python3"; exit 1; }
	@echo "==> setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(DEVELOPED): $(INSTALLED)
	@echo "==> adding what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(INSTALLED)  ## see it work: a config linted, three answers streamed (no account, no network)
	@$(BIN)/python examples/demo.py

test: $(DEVELOPED) lint  ## all tests but the conformance cases and the slow editors
	@$(BIN)/python -m pytest -m "not conformance"

lint: $(DEVELOPED)  ## style, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/basedpyright

conformance: $(DEVELOPED)  ## the recorded cases in the folder named by DRAGOMAN_CONFORMANCE
	@test -n "$(DRAGOMAN_CONFORMANCE)" || { echo "Set DRAGOMAN_CONFORMANCE to the folder that holds vectors/ and wire/."; exit 1; }
	@DRAGOMAN_CONFORMANCE="$(DRAGOMAN_CONFORMANCE)" $(BIN)/python -m pytest -m conformance

bench: $(DEVELOPED)  ## what a keystroke and a token cost, and whether memory grows
	@$(BIN)/python benchmarks/keystroke.py
	@$(BIN)/python benchmarks/first_token.py
	@$(BIN)/python benchmarks/soak.py

docs: $(DEVELOPED)  ## write the pages of docs/ that are made from the code
	@$(BIN)/python docs/generate.py

clean:  ## remove what make made
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache
