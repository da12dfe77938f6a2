# Isowire's tasks. `make help` lists them. Python 3.11 and make are all a machine needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3.11
ifeq (, $(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
BIN := .venv/bin
ARGS ?=
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --strip-extras --quiet
PYTEST := $(BIN)/python -m pytest -q

.PHONY: help install install-dev install-debian demo dev test test-unit test-integration test-acceptance \
	test-chaos gate check format schemas dashboards bench image lock clean

help:  ## list the tasks
	@grep -hE '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 18

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Isowire needs Python 3.11 or newer as python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Isowire needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# One stamp a lock file: what has not changed is not installed again.
.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/.runtime  ## install Isowire into .venv

install-dev: .venv/.dev  ## install what tests, checks and benchmarks need as well

install-debian:  ## install the Debian packages that some tests drive (root on Debian; else they skip)
	@tests/install-debian-packages

demo: install  ## the whole chain on sample pages; ARGS="--once [PATH...]" ends by itself
	@$(BIN)/isowire demo $(ARGS)

dev: install  ## all services on the embedded Kafka until Ctrl-C
	@$(BIN)/isowire dev $(ARGS)

test: install-dev install-debian  ## all tests: unit, then on Apache Kafka, then whole-system, then faults
	$(PYTEST) tests/unit $(ARGS)
	$(PYTEST) tests/integration $(ARGS)
	$(PYTEST) tests/acceptance $(ARGS)
	$(PYTEST) tests/chaos $(ARGS)

test-unit: install-dev  ## the fast tests, without a broker
	$(PYTEST) tests/unit $(ARGS)

test-integration: install-dev  ## behaviours on the embedded Apache Kafka
	$(PYTEST) tests/integration $(ARGS)

test-acceptance: install-dev install-debian  ## the whole system, its quality and its dashboards
	$(PYTEST) tests/acceptance $(ARGS)

test-chaos: install-dev  ## kill, freeze, stop, join, broker restart
	$(PYTEST) tests/chaos $(ARGS)

gate: install-dev  ## the figures of cleaning on a corpus of our own; ARGS="--errors" lists what is wrong
	$(BIN)/python -m tests.cleaning.gate $(ARGS)

check: install-dev  ## format, lint, types, layers, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.generate --check
	$(BIN)/python -m deploy.grafana.build --check

format: install-dev  ## put code into the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: install-dev  ## write the JSON Schemas and the AsyncAPI document anew
	$(BIN)/python -m schemas.generate

dashboards: install-dev  ## write the Grafana dashboards anew
	$(BIN)/python -m deploy.grafana.build

bench: install-dev  ## throughput, latency, the floor and the peers, in one run
	$(BIN)/python -m benchmarks $(ARGS)

image: install-dev  ## build the container image and smoke-test it (Debian, root, no container engine)
	deploy/image/build-and-test

lock: install-dev  ## resolve the dependencies anew
	$(LOCK) pyproject.toml --extra embedded --extra dev --extra bench -o requirements-dev.lock
	$(LOCK) pyproject.toml --extra embedded --constraint requirements-dev.lock -o requirements.lock
	$(LOCK) pyproject.toml --constraint requirements-dev.lock -o requirements-image.lock
	$(LOCK) benchmarks/cleaning/peers.in -o benchmarks/cleaning/peers.lock

clean:  ## remove .venv and what tools left behind
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
