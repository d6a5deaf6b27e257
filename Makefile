# Two commands on a bare machine: `make run` and `make test`. ARGS goes to `undertow run`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: run test check bench study soak clean

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.developer: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[dev,fast]"
	@touch $@

run: $(VENV)/.installed
	$(BIN)/undertow run $(ARGS)

test: $(VENV)/.developer
	$(BIN)/python -m pytest -m "not soak" -n 2 --dist loadfile

check: $(VENV)/.developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

bench: $(VENV)/.developer
	$(BIN)/python -m benchmarks

study: $(VENV)/.installed
	$(BIN)/undertow study detectors --out user_data/study --page docs/flow/study.md $(ARGS)

soak: $(VENV)/.developer
	$(BIN)/python -m pytest -m "not soak" -n 2 --dist loadfile --hypothesis-profile searching
	$(BIN)/python -m pytest -m soak --timeout 3600

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
