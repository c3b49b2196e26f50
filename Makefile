# Everything a person does with a checkout. Needs python3 (3.11 to 3.14) with venv, and make; nothing else.
# `make help` lists the targets. What is installed goes into .venv/ and is remembered there by stamp files.

PORT ?= 8000
PYTHON ?= python3
# More words for pytest: make test TESTS="tests/unit -x"
TESTS ?=

VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(shell find signflow/translations -name '*.po' 2>/dev/null)

# Two -q hide pip's warnings about a machine's own settings; errors are still printed.
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore
export PIP_NO_INPUT = 1
INSTALL := $(BIN)/python -m pip -qq install
LOCK := $(BIN)/python -m uv pip compile --quiet --universal --upgrade --python-version 3.11 \
	--generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help demo test lint fix browser bench lock catalogues clean chromium

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/project.stamp ## try signflow: install, make a demo coalition and serve it (PORT=8000)
	@exec $(BIN)/signflow demo --port $(PORT)

test: lint chromium ## run everything: lint, then all tests, on SQLite, PostgreSQL and Chromium (TESTS="words for pytest")
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(TESTS)

lint: $(VENV)/dev.stamp ## check style, types, directions of imports and templates, changing nothing
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo 'ruff format: files above are not formatted; run: make fix'; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	@$(BIN)/djlint templates --lint --quiet
	@echo 'lint: ok'

fix: $(VENV)/dev.stamp ## put the style right where a machine can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

browser: $(VENV)/dev.stamp chromium ## run only the tests in a real browser
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m browser $(TESTS)

bench: $(VENV)/dev.stamp ## measure the promises of speed and size, one line a ratio
	@$(BIN)/python -m tests.load

lock: $(VENV)/dev.stamp ## renew the lock files in requirements/ within the bounds of pyproject.toml
	@$(LOCK) pyproject.toml --extra dev --output-file requirements/dev.txt
	@$(LOCK) pyproject.toml --constraint requirements/dev.txt --output-file requirements/run.txt
	@$(LOCK) requirements/build.in --constraint requirements/dev.txt --output-file requirements/build.txt

catalogues: $(VENV)/dev.stamp ## collect what people read into the translation catalogues
	@$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k lazy -k _l --no-location --sort-output --omit-header -o $(VENV)/signflow.pot .
	@for language in be ru; do $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --omit-header --no-wrap \
		-i $(VENV)/signflow.pot -l $$language -o signflow/translations/$$language/LC_MESSAGES/messages.po; done

clean: ## remove the environment and everything made, but not instance/, where databases and keys live
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find signflow -name '*.mo' -delete

# What is installed, in three layers: what runs signflow, signflow itself (editable), what tests it.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' || \
		{ echo 'signflow needs Python 3.11 to 3.14. If you have one by another name: make PYTHON=python3.12 …'; exit 1; }
	@echo 'Making .venv/ …'
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo 'Python has no venv here. On Debian and Ubuntu: apt install python3-venv'; exit 1; }

$(VENV)/run.stamp: requirements/build.txt requirements/run.txt | $(BIN)/python
	@echo 'Installing what signflow needs …'
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/run.txt
	@touch $@

$(VENV)/project.stamp: $(VENV)/run.stamp pyproject.toml build_translations.py $(CATALOGUES)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/project.stamp requirements/dev.txt
	@echo 'Installing what the tests need …'
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		if command -v $$name > /dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo 'Installing Chromium for the browser tests …'; \
		export DEBIAN_FRONTEND=noninteractive; \
		timeout 300 apt-get -qq update > /dev/null 2>&1; \
		timeout 900 apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core > /dev/null 2>&1; \
	fi; \
	command -v chromium > /dev/null || \
		echo 'No Chromium here, and it could not be installed: the browser tests will be skipped.'
