# Everything one runs here. Needs GNU make and Python 3.11 or newer; each target sets up what it lacks.

PYTHON ?= python3
PORT ?= 8000
PYTEST_WORKERS ?= 2
PYTEST = $(BIN)/pytest
COVERAGE = .coverage.json
VAR_DIR ?= var
export VAR_DIR := $(abspath $(VAR_DIR))

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Lock files are complete and hashed: nothing to resolve, and nothing compiled that is never imported.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(LOCK_OPTIONS)
# The demonstration always runs on its own SQLite file, whatever servers the environment names.
DEMO := env -u DATABASE_URL -u REDIS_URL DJANGO_RUNSERVER_HIDE_WARNING=true PAGE_CACHE_SECONDS=60 \
	DJANGO_SETTINGS_MODULE=voucher_site.settings.dev $(MANAGE)

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage test-browser lint lint-python lint-templates lint-types lint-layers lint-migrations \
	format lock bench

help: ## what one can run
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: .venv/.dev ## the virtual environment with the tools of development

demo: .venv/.runtime $(VAR_DIR)/.demo ## set up, load a province of data, serve it at 127.0.0.1:$PORT
	@sed -n '/^Logins/,$$p' $(VAR_DIR)/.demo
	@printf '\n%s http://127.0.0.1:$(PORT)/\n\n' '请打开 Open'
	@$(DEMO) runserver --noreload --skip-checks 127.0.0.1:$(PORT)

test: .venv/.dev ## the test suite; DATABASE_URL and REDIS_URL choose other servers than SQLite and memory
	$(PYTEST) -n $(PYTEST_WORKERS) $(PYTEST_OPTIONS)

# Asked for the floor in the run itself, slipcover forgets what the other processes have found.
coverage: PYTEST = $(BIN)/python -m slipcover --json --out $(COVERAGE) -m pytest
coverage: test ## the test suite, and which lines and branches of ours it does not reach
	$(BIN)/python -m slipcover --merge $(COVERAGE) --out $(COVERAGE) --fail-under 97

test-browser: .venv/.dev ## the tests that drive Debian's chromium
	$(BIN)/pytest -n $(PYTEST_WORKERS) -m browser tests/browser $(PYTEST_OPTIONS)

lint: lint-python lint-templates lint-types lint-layers lint-migrations ## every check that runs no test

lint-python: .venv/.dev
	$(BIN)/ruff check --output-format concise
	$(BIN)/ruff format --check --output-format concise

lint-templates: .venv/.dev
	$(BIN)/djlint --quiet --lint templates

lint-types: .venv/.dev
	PYTHONPATH=site:. $(BIN)/mypy

lint-layers: .venv/.dev
	PYTHONPATH=site:. $(BIN)/lint-imports

lint-migrations: .venv/.dev
	$(MANAGE) makemigrations --check --dry-run

format: .venv/.dev ## put code and templates into the house's form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: .venv/.dev ## both lock files anew; LOCK_OPTIONS=--upgrade takes the newest versions allowed
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

bench: .venv/.dev ## every benchmark at a small size
	@for module in $$(ls bench | sed -n 's/^\([a-z]*\)\.py$$/\1/p'); do \
		echo "== bench.$$module"; $(BIN)/python -m bench.$$module --rows 2000 || exit 1; done

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock | $(BIN)/python
	$(INSTALL) -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock requirements.lock | $(BIN)/python
	$(INSTALL) -r requirements-dev.lock
	@touch .venv/.runtime $@

# Loaded again when a migration is new or the database file is gone. What load_demo says names the logins.
ifeq ($(wildcard $(VAR_DIR)/db.sqlite3),)
.PHONY: $(VAR_DIR)/.demo
endif
$(VAR_DIR)/.demo: .venv/.runtime $(wildcard */migrations/*.py)
	@mkdir -p $(VAR_DIR)
	$(DEMO) migrate --verbosity 0
	$(DEMO) load_demo >$@.new
	@mv $@.new $@
