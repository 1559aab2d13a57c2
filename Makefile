# Daybook needs python3 (3.11 or newer) and pip; the first target that is called makes .venv by itself.
# `make` alone lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
READY := .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Programs are started by the dozen, and without its compiled modules each compiles every one of ours anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check fix golden bench proof serve clean

help: ## this list
	@echo "Daybook (流水账)"
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

demo: $(READY) ## a small company with known faults: its flows run, the reports lie in DAYBOOK_HOME (./var)
	@$(BIN)/daybook demo

test: $(READY) ## every test but the long proofs, on SQLite and on PostgreSQL where one answers
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

check: $(READY) ## style, types, import rules, wording; changes nothing
	@echo "ruff check"; $(BIN)/ruff check --quiet .
	@echo "ruff format";  $(BIN)/ruff format --check --quiet . || { echo "not formatted (make fix):"; $(BIN)/ruff format --check . | sed -n 's/^Would reformat: /  /p'; exit 1; }
	@echo "mypy";         $(BIN)/mypy --no-error-summary
	@echo "lint-imports"; $(BIN)/lint-imports --no-logo >.venv/imports.txt 2>&1 || { cat .venv/imports.txt; exit 1; }
	@echo "house rules";  $(BIN)/python -m pytest -q --no-header -p no:cacheprovider tests/test_house_rules.py tests/test_wording_rules.py

fix: $(READY) ## lets ruff mend style and formatting
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

golden: $(READY) ## rewrites tests/cases/*/*/expected from what the program says now; review the diff
	@$(BIN)/python -m tests.golden

bench: $(READY) ## measures the ladder, the whole day, mail, a large hotel's night, a month's count, a morning's returns, a million invoices, a million forms
	@$(BIN)/python -m benchmarks.matching
	@$(BIN)/python -m benchmarks.whole_day
	@$(BIN)/python -m benchmarks.mail
	@$(BIN)/python -m benchmarks.night_audit
	@$(BIN)/python -m benchmarks.stocktake
	@$(BIN)/python -m benchmarks.damaged_returns
	@$(BIN)/python -m benchmarks.invoice_matching
	@$(BIN)/python -m benchmarks.survey_million

proof: $(READY) ## the long proofs (minutes)
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m proof

serve: $(READY) ## a Prefect server, the deployments with their schedules, and a worker
	@$(BIN)/daybook serve

clean: ## removes .venv and what tools left behind; never DAYBOOK_HOME
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian's python3 may come without ensurepip; then the pip that is there installs into the new environment.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Daybook needs Python 3.11 or newer; say which one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "preparing .venv (once, and again when pyproject.toml or constraints.txt change)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip .venv
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
	$$pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@
