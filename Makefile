# Understudy's front door. Needs make and Python 3.11 or newer with venv: no compiler, no uv.
# Works with GNU make 3.81 (macOS) and later.
#
# One virtual environment, .venv, filled in steps: `setup` installs only what running needs, so
# that a first `make run` is quick; `test` and `lint` add their own groups. A stamp in .venv marks
# each step as done, and a change of pyproject.toml makes it due again.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
TYPING := build/typing
CANDIDATES := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
# What pytest exits with when ARGS leave no test in one of the two halves of test-all.
NO_TESTS := 5
PACKAGE_PARTS := __init__.py __main__.py app.py py.typed actors protocols io simulations

# An upgrade may have taken away the Python that .venv links to: then nothing in it is installed.
ifeq ($(shell test -x $(BIN)/python && echo alive),)
  $(shell rm -f $(VENV)/.runtime $(VENV)/.test $(VENV)/.lint $(VENV)/.matrix $(VENV)/.fuzz $(VENV)/.train)
endif

.DEFAULT_GOAL := help
.PHONY: help setup run claude test test-all matrix fuzz simulate lint format bench classifier rehearsal clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
	@echo 'ARGS="..." is passed on, e.g. make run ARGS="--port 0". PYTHON=... chooses the Python.'

setup: $(VENV)/.runtime ## Create .venv with what running needs

run: $(VENV)/.runtime ## Serve on http://127.0.0.1:7337 (first time: installs)
	@exec $(BIN)/understudy serve $(ARGS)

claude: $(VENV)/.runtime ## Start Claude Code against Understudy
	@exec $(BIN)/understudy claude $(ARGS)

test: $(VENV)/.test ## Run the fast tests
	$(BIN)/pytest -n auto $(ARGS)

test-all: $(VENV)/.test ## Run the tests against real programs (tests/real; see CONTRIBUTING.md)
	$(BIN)/pytest tests/real -n auto -m 'not alone' $(ARGS) || test $$? -eq $(NO_TESTS)
	$(BIN)/pytest tests/real -m alone $(ARGS) || test $$? -eq $(NO_TESTS)

matrix: $(VENV)/.matrix ## Judge every dialect by its official SDK (tests/matrix)
	$(BIN)/pytest tests/matrix $(ARGS)

fuzz: $(VENV)/.fuzz ## Fuzz every parser and reader with 1,000,000 inputs, led by coverage
	@rm -rf build/fuzz/findings
	$(BIN)/python -m tests.fuzz.guided build/fuzz -runs=1000000 -print_final_stats=1 $(ARGS)
	@test -z "$$(ls build/fuzz/findings)" || { cat build/fuzz/findings/*.txt; exit 1; }

simulate: $(VENV)/.runtime ## Look for seeds under which a promise breaks (docs/simulation.md)
	@exec $(BIN)/understudy simulate $(ARGS)

# The type checkers see the package through links in build/typing: a default editable install is
# invisible to mypy, and from the repository root `import io` would find our io/ (CONTRIBUTING.md).
lint: $(VENV)/.lint $(VENV)/.matrix ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p $(TYPING)/understudy
	@for part in $(PACKAGE_PARTS); do \
	  if [ -e $$part ]; then ln -sfn ../../../$$part $(TYPING)/understudy/$$part; fi; done
	@ln -sfn ../../tests $(TYPING)/tests
	cd $(TYPING) && ../../$(BIN)/mypy --config-file ../../pyproject.toml -p understudy -p tests
	cd bench && ../$(BIN)/mypy --config-file ../pyproject.toml --explicit-package-bases *.py
	$(BIN)/pyright --warnings

format: $(VENV)/.lint ## Rewrite the sources in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## Measure the kernel, the scheduler, the gateway and the simulation
	$(BIN)/python bench/kernel.py $(ARGS)
	$(BIN)/python bench/slots.py
	$(BIN)/python bench/state.py
	$(BIN)/python bench/matcher.py
	$(BIN)/python bench/commands.py
	$(BIN)/python bench/gateway.py $(ARGS)
	$(BIN)/python bench/simulation.py $(ARGS)

classifier: $(VENV)/.train ## Teach the classifier of commands again (minutes on a CPU)
	$(BIN)/python -m understudy.tests.switching.teach io/classifier/commands.weights $(ARGS)

rehearsal: $(VENV)/.train ## Train the embedded model again (minutes on a CPU)
	$(BIN)/python -m understudy.io.engines.rehearsal.make $(ARGS)

clean: ## Remove .venv and all that was built
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first candidate that runs, is new enough and can make environments.
$(BIN)/python:
	@for candidate in $(CANDIDATES); do \
	  $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if ! $$candidate -c 'import ensurepip, venv' 2>/dev/null; then bare=$$candidate; continue; fi; \
	  echo "Creating $(VENV) with $$($$candidate --version) ($$candidate)"; \
	  rm -rf $(VENV); \
	  $$candidate -m venv $(VENV) && exit 0; \
	  rm -rf $(VENV); exit 1; \
	done; \
	if [ -n "$$bare" ]; then \
	  echo "$$bare is here, but not its venv module." >&2; \
	  echo "On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	else \
	  echo "Understudy needs Python 3.11 or newer; tried: $(CANDIDATES)." >&2; \
	  echo "On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; \
	  echo "On macOS: brew install python@3.13" >&2; \
	  echo "Or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	fi; exit 1

# pip 25.1 is the first that can install a dependency group.
$(VENV)/.runtime: pyproject.toml | $(BIN)/python
	@echo 'Installing Understudy and what it runs on (under a minute on a fast line)'
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime
	@echo 'Installing what the tests need'
	@$(PIP) install --group test
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	@echo 'Installing the linters'
	@$(PIP) install --group lint
	@touch $@

$(VENV)/.matrix: $(VENV)/.test
	@echo "Installing the providers' own SDKs"
	@$(PIP) install --group matrix
	@touch $@

# Wheels for Linux on x86-64 alone; the fuzzer itself is in C++.
$(VENV)/.fuzz: $(VENV)/.test
	@echo 'Installing the fuzzer'
	@$(PIP) install --group fuzz
	@touch $@

$(VENV)/.train: $(VENV)/.runtime
	@echo 'Installing what training needs'
	@$(PIP) install --editable '.[train]'
	@touch $@
