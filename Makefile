# Everything runs in .venv/, which the first target to need it sets up. `make` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAM := .venv-sam/bin/sam
SCENARIO ?=
ORDER ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test check chromium format lint generate record lock bench build stackset clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

install: $(READY) ## set up .venv/

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bucketward needs Python 3.11 or later: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up $(VENV)/ (once, about two minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -qq --requirement requirements-dev.txt
	@$(BIN)/pip install -qq --no-deps --editable .
	@touch $@

demo: $(READY) ## deploy into a local account, cause drift, watch it put back
	@$(BIN)/bucketward demo $(SCENARIO) --report demo-report.html

test: $(READY) ## run the tests, in a new order each time
	@$(BIN)/pytest -n 2 -q $(ORDER)

# In one order, so that what is red in CI is red for whoever looks into it.
check: $(READY) $(SAM) lint chromium ## all that CI runs: lint, types, contracts, stale files, tests, sam build
	@$(MAKE) --no-print-directory test ORDER=--randomly-seed=1

# The HTML report is tested in the distribution's browser; nothing else is installed on a machine.
chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing chromium with apt" && \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1; } || \
	  echo "There is no Chromium here: the HTML report will not be tested in a browser" >&2

lint: $(READY) ## style, types, import contracts, stale generated files
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo
	@$(BIN)/python -m bucketward_tools.generate --check

format: $(READY) ## format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

generate: $(READY) ## write the generated files: template.yaml, pages of docs/
	@$(BIN)/python -m bucketward_tools.generate

record: $(READY) ## record a morning in the local account, for the picture of the dashboard
	@$(BIN)/python -m bucketward_tools.generate.record
	@$(BIN)/python -m bucketward_tools.generate

build: $(SAM) ## what `sam deploy` will upload, in .aws-sam/
	@$(SAM) build

stackset: $(READY) build ## what CloudFormation StackSets take, in .aws-sam/stackset/
	@$(BIN)/python -m bucketward_tools.stackset

# sam-cli pins its own boto3 and cfn-lint, so it lives apart; only `check` and `build` need it.
$(SAM): requirements-sam.txt
	@echo "Setting up .venv-sam/ (once, about a minute)"
	@$(PYTHON) -m venv .venv-sam
	@.venv-sam/bin/pip install -qq --requirement requirements-sam.txt
	@touch $@

lock: $(READY) ## pin all dependencies anew from pyproject.toml and the .in files
	@$(BIN)/pip install -qq uv==0.13.9
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --generate-hashes src/requirements.in -o src/requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header pyproject.toml --extra local --group dev -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header requirements-sam.in -o requirements-sam.txt

bench: $(READY) ## measure, as ratios in one run
	@$(BIN)/python -m bucketward_tools.bench

clean: ## remove what the other targets made
	@rm -rf $(VENV) demo-report.html .venv-sam .aws-sam .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis
