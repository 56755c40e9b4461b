# Every target sets up .venv by itself, as any user, from hash-pinned locks.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := monitor migrations tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format lock docs clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## Set up and watch made-up platforms change: check, redline, e-mail, webhook
	@$(BIN)/monitor demo

test: $(VENV)/installed-dev ## Set up and run the tests
	@$(BIN)/pytest -n auto

check: lint test ## Everything below: the gate for every commit

lint: $(VENV)/installed-dev ## Format, lint, types and floors
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/installed-dev ## Format the code
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

docs: $(VENV)/installed-dev ## Write again what is generated from the code: configuration reference, example, schemas
	@$(BIN)/python -m tests.generated

lock: ## Resolve the locks again (needs uv)
	uv pip compile $(LOCK) --extra postgres pyproject.toml -o requirements.lock
	uv pip compile $(LOCK) --extra postgres --group dev pyproject.toml -o requirements-dev.lock

LOCK := --group build --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The project itself is installed without a build environment of its own: setuptools comes from the lock.
$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "terms-monitor needs Python 3.11 or newer, found " + sys.version.split()[0] + "; name another with: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
