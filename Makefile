# Every task of the project. `make help` lists them; CI runs exactly these.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data
PACKAGES := app.py config.py forms federation storage export qr services views commands
TESTS ?= tests

# What the machine itself must have. Installed only as root; otherwise the exact line is printed.
APT_RUN := python3-venv
APT_TEST := chromium
APT_ENGINES := openjdk-17-jdk-headless:javac nodejs:node npm:npm libreoffice-calc-nogui:soffice
ENGINES := tests/engines

.PHONY: help setup setup-dev system-test system-engines run demo test test-engines lint types \
	format messages doors torture screenshots bench bench-exports bench-million clean

help: ## List all tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: sudo apt install python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "missing; install with: sudo apt install -y $(APT_RUN)"; exit 1; }

$(VENV)/.run: requirements.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.run

setup: $(VENV)/.run ## Make .venv with what the server needs

setup-dev: $(VENV)/.dev ## Make .venv with what the tests need, too

system-test:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(APT_TEST) >/dev/null; \
	else echo "missing; install with: sudo apt install -y $(APT_TEST)"; exit 1; fi

system-engines:
	@for wanted in $(APT_ENGINES); do \
		command -v "$${wanted#*:}" >/dev/null || missing="$$missing $${wanted%:*}"; done; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	else echo "missing; install with: sudo apt install -y$$missing"; exit 1; fi

$(ENGINES)/node_modules/.made: $(ENGINES)/package.json $(ENGINES)/package-lock.json | system-engines
	@npm ci --prefix $(ENGINES) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

run: setup ## Serve at http://127.0.0.1:8000 (HOST=, PORT=, DATA= change it)
	@HOST="$(HOST)" PORT="$(PORT)" PHIEU_DATA_DIR="$(abspath $(DATA))" $(BIN)/python app.py

demo: setup ## Serve a filled demonstration store in ./data-demo and print its sign-ins
	@HOST="$(HOST)" PORT="$(PORT)" PHIEU_DATA_DIR="$(abspath data-demo)" \
		$(BIN)/flask --app app demo fill
	@HOST="$(HOST)" PORT="$(PORT)" PHIEU_DATA_DIR="$(abspath data-demo)" $(BIN)/python app.py

test: setup-dev system-test ## Run all tests (TESTS=tests/test_x.py for some)
	@$(BIN)/python -m pytest -m "not engines" $(if $(filter tests,$(TESTS)),-n 3) $(TESTS)

test-engines: setup-dev system-test $(ENGINES)/node_modules/.made ## Ask the heavy judges (JavaRosa, Lighthouse, vnu, LibreOffice)
	@$(BIN)/python -m pytest -m engines $(TESTS)

lint: setup-dev ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup-dev ## Check types (strict)
	@$(BIN)/mypy $(PACKAGES)

format: setup-dev ## Put code in its format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages: setup-dev ## Collect texts for translation and compile the catalogue
	@$(BIN)/pybabel -q extract -F translations/babel.cfg -k N_ --no-location --sort-output \
		--omit-header -o translations/messages.pot .
	@$(BIN)/pybabel -q update -i translations/messages.pot -d translations -l vi \
		--no-fuzzy-matching --ignore-obsolete --width=100 --ignore-pot-creation-date
	@sed -i -E '/^"(Project-Id|Report-Msgid|POT-Creation|PO-Revision|Last-Tr|Language-Team|Generated)/d' \
		translations/vi/LC_MESSAGES/messages.po
	@$(BIN)/pybabel -q compile -d translations

doors: setup-dev ## Write tests/doors.txt anew: who may open what; read the difference
	@PYTHONPATH=.:tests $(BIN)/python tests/doors.py --write

torture: setup-dev ## Kill servers under load and look for lost answers (SECONDS=180, ROUNDS=, BACKEND=)
	@PYTHONPATH=. $(BIN)/python -m bench.torture --seconds $(or $(SECONDS),180) \
		--rounds $(or $(ROUNDS),0) --backend $(or $(BACKEND),both)

screenshots: setup-dev system-test ## Draw every state of the worker's pages into docs/screenshots (SCENES= some)
	@PYTHONPATH=.:tests $(BIN)/python tests/screenshots.py $(SCENES)

bench: setup-dev ## Measure stores (into bench/RESULTS.md) and posters (SIZES=1000,100000 for a short run)
	@PYTHONPATH=. $(BIN)/python -m bench.storage $(if $(SIZES),--sizes $(SIZES))
	@PYTHONPATH=. $(BIN)/python -m bench.posters

bench-exports: setup-dev ## Measure exports against plain writers (ROWS=100000 at most)
	@PYTHONPATH=. $(BIN)/python -m bench.exporting --rows $(or $(ROWS),100000)

bench-million: setup-dev ## Fill a store on disk and export it by command (ROWS=1000000: 15 minutes, 8 GiB of memory)
	@PYTHONPATH=. $(BIN)/python -m bench.million --rows $(or $(ROWS),1000000)

clean: ## Remove what can be made anew (never data)
	rm -rf $(VENV) $(ENGINES)/node_modules build .mypy_cache .ruff_cache .pytest_cache .hypothesis
