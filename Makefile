# Everything from a bare checkout: `make run` serves the bot in a browser, `make test` passes its tests.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
IN := .venv/bin/python
PYTEST := $(IN) -m pytest

.PHONY: run test full coverage check bench clean

run: .venv/installed ; @exec $(IN) -m bot run
test: .venv/installed ; @$(IN) -m tests.chromium && $(MAKE) --no-print-directory check && $(PYTEST) -n 2
full: .venv/installed ; @FULL=1 $(PYTEST) -n 2 $$(grep -rl tests.figures tests --include='test_*.py')
coverage: .venv/installed ; @$(PYTEST) -n 2 --cov --cov-report=term
check: .venv/installed ; @$(IN) -m ruff check . && $(IN) -m ruff format --check . && $(IN) -m mypy && $(IN) -m tests.contracts && $(IN) -m deptry bot commands storage
bench: .venv/installed ; @$(IN) -m bot bench
clean: ; rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*

.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Convene needs Python 3.11 or newer; none was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv && $(IN) -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && touch $@
