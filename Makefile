# Two commands: `make run` sets everything up and serves; `make test` sets everything up and runs the tests.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run demo test check fix docs bench lock wheel clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1mmake %-8s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Set everything up and serve on http://127.0.0.1:8000
	@RECADO_LOG_FORMAT=$${RECADO_LOG_FORMAT:-text} $(BIN)/recado serve

demo: .venv/run.stamp ## Log a user in through the built-in example, step by step
	@$(BIN)/recado demo

test: .venv/dev.stamp ## Set everything up (database included) and run the tests
	@scripts/system postgresql
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n 2 $(PYTEST)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

check: .venv/dev.stamp ## Lint, types, import order, generated pages
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/reference.py --check

fix: .venv/dev.stamp ## Format and mend what can be mended by itself
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

docs: .venv/dev.stamp ## Make the reference pages from the code
	@$(BIN)/python scripts/reference.py

bench: .venv/dev.stamp ## Measure against the peers, in one run (about 15 minutes)
	@scripts/system nginx wrk postgresql
	@$(BIN)/python bench/run.py

wheel: .venv/dev.stamp ## Build the wheel into dist/
	@$(BIN)/python -m build --no-isolation --wheel

lock: ## Pin all dependencies anew, with hashes
	@$(BIN)/uv pip compile --universal --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --extra build pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --universal --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --extra build --extra dev pyproject.toml -o requirements/dev.txt

clean: ## Remove what was built (never the data)
	@rm -rf .venv .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

.venv/run.stamp: requirements/run.txt pyproject.toml
	@scripts/install requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml
	@scripts/install requirements/dev.txt
	@touch $@ .venv/run.stamp
