# Ten verbs at most; `make` alone lists them. Each does its own set-up on a machine with
# Python >= 3.11, make and git.

UV := $(shell command -v uv || echo .tools/bin/uv)
BIN := .venv/bin
PAGE := src/skypicket/web/page/built/index.html
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench peers data wheel clean

help:  ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST)

demo: .venv/.warm $(PAGE)  ## watch the built-in night (ARGS="--speed 60" and so on)
	$(BIN)/skypicket demo $(ARGS)

test: lint peers .venv/.warm $(PAGE)  ## everything: lint, types, house rules, documentation, all tests
	$(BIN)/pytest $(ARGS)

lint: .venv/.synced  ## format, lint, types, layers
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: .venv/.synced  ## bring reference pages and schemas up to date, then build the documentation
	$(BIN)/python scripts/build_schemas.py
	$(BIN)/python scripts/build_reference.py
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: .venv/.warm $(PAGE)  ## measure, beside what must be reached (ARGS="--only capture")
	@UV=$(UV) scripts/peers/pypi.sh stonesoup
	@scripts/peers/autoferry.sh
	$(BIN)/python bench/run.py $(ARGS)

peers: .venv/.synced  ## get the foreign programs that tests compare with
	@scripts/peers/debian.sh
	@UV=$(UV) scripts/peers/pypi.sh libasterix

data: .venv/.synced  ## build the shipped borders, places and basemap anew (SPECS=DIR: ASTERIX tables too)
	@for script in $$(grep -l '^# /// script' scripts/build_*.py); do \
	  echo "$$script"; $(UV) run --quiet --script "$$script" || exit; \
	done
	@[ -z "$(SPECS)" ] || $(BIN)/python scripts/build_asterix_tables.py "$(SPECS)"

wheel: .venv/.synced $(PAGE)  ## build the wheel into dist/, the page in it
	@[ -f $(PAGE) ] || { echo "A wheel needs the page, and that could not be built."; exit 4; }
	$(UV) build --wheel --quiet

clean:  ## remove all that was made here, the environment too
	rm -rf .venv .tools dist build docs/_build .mypy_cache .ruff_cache .pytest_cache
	rm -rf .hypothesis .import_linter_cache .grimp_cache bench/results
	rm -rf ui/node_modules $(dir $(PAGE))
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the verbs stand on; files, so that nothing is done twice ------------------------------

.tools/bin/uv:
	@scripts/get_uv.sh

.venv/.synced: pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --quiet --compile-bytecode
	@touch $@

# Compiles the kernels, so that the first night does not wait for them, and anew when one changed:
# a compiled kernel does not notice that one inside it did.
.venv/.warm: .venv/.synced $(shell find src -path '*/_kernels*' -name '*.py')
	@echo "Compiling the kernels; this takes about a minute ..."
	@$(BIN)/python scripts/warm.py
	@touch $@

# The page, anew when its sources changed. Without Node and network it stays unbuilt, and the
# server shows its plain page.
$(PAGE): $(shell find ui -type f -not -path 'ui/node_modules/*') scripts/build_page.sh | .venv/.synced
	@UV=$(UV) scripts/build_page.sh
