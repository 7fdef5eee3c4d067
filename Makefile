# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Any Python 3 that works starts the set-up, which then looks for the best one.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do $$python -c '' 2>/dev/null && echo $$python && break; done)
REPEATS ?= 5
SCALE ?= 1
STAGES := sanity ansible-lint mypy ruff changelog unit integration scenarios molecule browser lane installed slow-sanity whole-lane both-ways rehearsals matrices watcher demos
NAME ?= crash-failover
SAMPLE ?= 0
JOBS ?= 1
PART ?= 1/1

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# What the user has in ~/.ansible, an older copy of this collection perhaps, is not what is tested here.
export ANSIBLE_HOME := $(CURDIR)/build/cache/ansible
unexport ANSIBLE_CONFIG ANSIBLE_COLLECTIONS_PATH PYTHONPATH

.PHONY: help setup demo test test-full matrix bench lint lab-up lab-down clean requirements iam dashboards $(STAGES:%=test-%)
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  make test-STAGE   One stage of it: $(STAGES)"

setup: ## Make .venv: once, and again when the requirements change (the other targets do it too)
	@$(or $(PYTHON),$(error no working python3 was found: install Python 3.11 or newer)) tools/setup.py

demo: setup ## A Region dies under load, and the workload moves: watch it
	@.venv/bin/python -m lab.demo

test: setup ## Everything that must pass
	@.venv/bin/python tools/stages.py test

test-full: setup ## The same, and twenty demos in which the product's figures are compared with the clients'
	@.venv/bin/python tools/stages.py test-full

matrix: setup ## Try every case of one matrix (NAME=crash-failover SAMPLE=0 JOBS=1 PART=1/1; python tests/matrix/run.py -h lists them)
	@.venv/bin/python tests/matrix/run.py $(NAME) --sample $(SAMPLE) --jobs $(JOBS) --part $(PART)

bench: setup ## Time failover.yml against its limit and its peers (REPEATS=5 SCALE=1)
	@.venv/bin/python tests/bench/run.py --repeats $(REPEATS) --scale $(SCALE)

lint: setup ## Ruff, mypy, ansible-lint, ansible-test sanity, changelog
	@.venv/bin/python tools/stages.py lint

$(STAGES:%=test-%): setup
	@.venv/bin/python tools/stages.py $(@:test-%=%)

lab-up: setup ## Two Regions of AWS on this machine
	@.venv/bin/lab up

lab-down: setup ## Nothing of them is left
	@.venv/bin/lab down

iam: setup ## Write docs/iam, the roles' IAM policies, from their table in plugins/module_utils/_plan/grants
	@.venv/bin/python tools/iam.py

dashboards: setup ## Write docs/dashboards, what the dashboards look like
	@.venv/bin/python tools/dashboards.py

requirements: setup ## Compile requirements/*.txt from dev.in
	cd requirements && ../.venv/bin/uv pip compile -q dev.in -o dev.txt --universal --python-version 3.12 $(COMPILE)
	cd requirements && ../.venv/bin/uv pip compile -q dev.in -o lane-2.19.txt --python-version 3.11 $(COMPILE)
COMPILE := --no-emit-index-url --no-annotate --custom-compile-command 'make requirements'

clean: ## Remove what was made here: build, environments, caches, the files of labs that are down
	@if [ -x .venv/bin/lab ]; then .venv/bin/lab down && .venv/bin/lab clean; fi
	rm -rf build .venv .venv-2.19
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
