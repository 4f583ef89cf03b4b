# Everything runs in .venv/, which the first target to need it sets up. `make` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test check format generate lock bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

install: $(READY) ## set up .venv/

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bucketward needs Python 3.11 or later; set PYTHON=/path/to/python3.11." >&2; exit 1; }
	@echo "Setting up $(VENV)/ (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --requirement requirements-dev.txt
	@$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

format: $(READY) ## format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

generate: $(READY) ## write the generated files: template.yaml, docs/controls/
	@$(BIN)/python -m bucketward_tools.generate

test: $(READY) ## run the tests
	@$(BIN)/pytest -n 2 -q
