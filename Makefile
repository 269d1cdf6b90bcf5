# Everything below works on a machine with Python 3.11 (or newer) and make. `make help` lists it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.developed
EDITORS := vscode emacs vim kate
EDITORS_CACHE := $(or $(DRAGOMAN_EDITORS_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/dragoman-editors)
NODE := PATH="$(EDITORS_CACHE)/bin:$$PATH"
VSCODE := editor-clients/vscode
VSCODE_PACKAGE := $(VSCODE)/dragoman.vsix

.PHONY: help demo test lint docs conformance bench clean vscode test-editors test-vscode test-emacs test-vim test-kate
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
	@$(BIN)/python -m pytest -m "not conformance and not emacs and not vim and not kate"

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

vscode: $(VSCODE_PACKAGE)  ## build the VS Code extension: editor-clients/vscode/dragoman.vsix

test-editors: $(addprefix test-,$(EDITORS))  ## drive real editors (installs them outside of this folder)

# Node and the editors lie in a cache that all checkouts share. `npm` of another Node is not used: see install.sh.
$(EDITORS_CACHE)/bin/npm: | $(INSTALLED)
	@PYTHON=$(BIN)/python DRAGOMAN_EDITORS_CACHE=$(EDITORS_CACHE) tests/editors/vscode/install.sh node

%/node_modules/.package-lock.json: %/package-lock.json | $(EDITORS_CACHE)/bin/npm
	@echo "==> npm packages of $*"
	@cd $* && $(NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VSCODE_PACKAGE): $(VSCODE)/node_modules/.package-lock.json $(shell find $(VSCODE) -name node_modules -prune -o -name dist -prune -o -type f ! -name '*.vsix' -print)
	@cd $(VSCODE) && $(NODE) npm run --silent package

tests/editors/vscode/helper.vsix: $(wildcard tests/editors/vscode/helper/*) $(VSCODE)/node_modules/.package-lock.json
	@cd tests/editors/vscode/helper && $(NODE) ../../../../$(VSCODE)/node_modules/.bin/vsce package --no-dependencies --skip-license --allow-missing-repository --out ../helper.vsix

test-vscode: $(VSCODE_PACKAGE) tests/editors/vscode/node_modules/.package-lock.json tests/editors/vscode/helper.vsix
	@PYTHON=$(BIN)/python DRAGOMAN_EDITORS_CACHE=$(EDITORS_CACHE) tests/editors/vscode/install.sh code-server chromium
	@cd tests/editors/vscode && $(NODE) npm run --silent check && $(NODE) DRAGOMAN_EDITORS_CACHE=$(EDITORS_CACHE) npm run --silent test

test-emacs: $(DEVELOPED)
	@tests/editors/emacs/install.sh
	@$(BIN)/python -m pytest -m emacs tests/editors/emacs

test-vim: $(DEVELOPED)
	@tests/editors/vim/install.sh
	@$(BIN)/python -m pytest -m vim tests/editors/vim

test-kate: $(DEVELOPED)
	@tests/editors/kate/install.sh
	@$(BIN)/python -m pytest -m kate tests/editors/kate

clean:  ## remove what make made
	rm -rf $(VSCODE)/node_modules $(VSCODE)/dist $(VSCODE_PACKAGE) tests/editors/vscode/node_modules tests/editors/vscode/helper.vsix
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache
