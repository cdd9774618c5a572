# Everything sets itself up: python3, pip and make are all a machine needs.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint dev accuracy bench format clean

run: $(READY)  ## read the reports of data/raw and publish data/warehouse
	@$(BIN)/gongkai build

test: lint  ## everything that must hold
	$(BIN)/pytest -n auto --dist loadgroup -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

dev: $(READY)  ## Dagster's UI, its sensor and its schedule
	@mkdir -p .dagster && cp dagster.yaml .dagster/
	DAGSTER_HOME=$(CURDIR)/.dagster $(BIN)/dagster dev -w workspace.yaml

accuracy: $(READY)  ## build a warehouse from 2,000 made-up reports, compare every cell, write docs/accuracy.md
	$(BIN)/python -m benchmarks.accuracy --write docs/accuracy.md

bench: $(READY)  ## measure every goal of speed on up to 1,000,000 made-up reports (an hour, 20 GB), write docs/performance.md
	$(BIN)/python -m benchmarks --write docs/performance.md

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## what was built; never data/raw
	rm -rf data/warehouse .dagster

# venv without pip, then pip from outside: works on a Debian python that has no ensurepip, too.
$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
