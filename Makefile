# Every target sets up what it needs: a fresh clone and Python 3.11+ are enough for any of them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup serve test check browser vendor fuzz bench dist-check twins contract docs

help: ## say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv with the locked versions (the other targets call this when needed)

serve: $(READY) ## start the fake on loopback; options go in ARGS, as in ARGS="--port 9000"
	$(BIN)/understudy serve $(ARGS)

test: $(READY) ## run the test suite; ARGS goes to pytest
	$(BIN)/pytest -n auto $(ARGS)

check: $(READY) ## lint, types, import rule and docs; runs no other tests
	$(BIN)/python -m tools.twins --check && $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/mypy tests/typing bench && $(BIN)/pyright && $(BIN)/pytest -q tests/test_architecture.py tests/test_packaging.py tests/test_makefile.py tests/test_readme.py

browser: $(READY) ## drive a page in a real Chromium (Debian: chromium); fails where there is none
	$(BIN)/pytest tests/browser/front_end.py $(ARGS)

vendor: $(READY) ## run the vendors' own unmodified SDKs against a real port
	$(BIN)/python -m tests.vendor.run $(ARGS)

fuzz: $(READY) ## let Schemathesis look for replies off contract; ARGS goes to it
	$(BIN)/python -m tests.fuzz.run $(ARGS)

bench: $(READY) ## print the speed table with targets and floors
	$(BIN)/python -m bench $(ARGS)

dist-check: $(READY) ## build sdist and wheel, install the wheel in a fresh venv, try it there
	$(BIN)/python -m tests.dist_check

contract: $(READY) ## hold every provider against its contract: golden exchanges, verify, lifecycles, coverage, diff
	$(BIN)/python -m tools.contract $(ARGS)

docs: $(READY) ## write docs/provenance.md and the tables of docs/known-differences.md from the specs
	$(BIN)/python -m tools.provenance && $(BIN)/python -m tools.differences

twins: $(READY) ## write the client's synchronous half from its asynchronous one
	$(BIN)/python -m tools.twins

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("understudy needs Python 3.11 or newer: name one, as in make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
