# Two commands: `make run` sets everything up and serves; `make test` sets everything up and runs the tests.
# RECADO_UI_BUILD=skip leaves the web UI as it is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run demo ui test check fix docs screenshots bench lock wheel clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1mmake %-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ui ## Set everything up and serve on http://127.0.0.1:8000
	@RECADO_LOG_FORMAT=$${RECADO_LOG_FORMAT:-text} $(BIN)/recado serve

demo: ui ## Log a user in through the built-in example, step by step
	@$(BIN)/recado demo

ui: .venv/run.stamp ## Build the web UI, if its sources changed
	@$(BIN)/python scripts/ui.py build

test: .venv/dev.stamp ui ## Set everything up (database and browser included) and run the tests
	@scripts/system postgresql chromium
	@$(if $(PYTEST),,$(BIN)/python scripts/ui.py npm --dev test)
	@scripts/test $(PYTEST)

check: .venv/dev.stamp ## Lint, types, import order, generated pages
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/reference.py --check
	@$(BIN)/python scripts/ui.py npm --dev run --silent check
	@$(BIN)/python scripts/ui.py npm --dev run --silent codegen:check

fix: .venv/dev.stamp ## Format and mend what can be mended by itself
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

docs: .venv/dev.stamp ## Make the reference pages from the code, and the types of the web UI from them
	@$(BIN)/python scripts/reference.py
	@$(BIN)/python scripts/ui.py npm --dev run --silent codegen

screenshots: .venv/dev.stamp ui ## Take the pictures of the docs anew
	@scripts/system chromium
	@$(BIN)/python scripts/screenshots.py

bench: .venv/dev.stamp ## Measure against the peers, in one run (about 18 minutes)
	@scripts/system nginx wrk postgresql
	@$(BIN)/python bench/run.py
	@$(BIN)/python bench/webhooks.py
	@$(BIN)/python bench/sends.py

wheel: .venv/dev.stamp ui ## Build the wheel into dist/
	@$(BIN)/python -m build --no-isolation --wheel

lock: ## Pin all dependencies anew, with hashes
	@$(BIN)/uv pip compile --universal --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --extra build pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --universal --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --extra build --extra dev pyproject.toml -o requirements/dev.txt
	@$(BIN)/uv pip compile --universal --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements/node.in -o requirements/node.txt

clean: ## Remove what was built (never the data)
	@rm -rf .venv .tools .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results dist build
	@rm -rf src/recado/web/dist ui/dist ui/node_modules ui/codegen/node_modules

.venv/run.stamp: requirements/run.txt pyproject.toml
	@scripts/install requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml
	@scripts/install requirements/dev.txt
	@touch $@ .venv/run.stamp
