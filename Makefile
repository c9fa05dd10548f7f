# Ett kommando per uppgift; CI och människor kör samma. `make` ensamt listar dem.
PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
ifdef PORT
export PORT
endif

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-bench plotly demo test check audit sbom chromium office bench lock docs screenshots provider

help: ## visa den här listan
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The service's user may not write here: without bytecode each of its processes would compile all of the program at every
# start, which takes a start from 5 s to 11.
setup: $(VENV)/.setup ## bygg .venv från den låsta beroendelistan
	@$(BIN)/python -m compileall -q src >/dev/null 2>&1 || :

setup-dev: $(VENV)/.setup-dev ## som setup, och det som tester och kontroller behöver
	@:

setup-bench: $(VENV)/.setup-bench ## som setup, och de prognosprogram som mätningarna jämför med
	@:

plotly: setup ## hämta Plotlys mindre paket, om setup inte kunde (kräver npm)
	@$(BIN)/python tools/plotly_bundle.py

demo: setup ## hela tjänsten med demodata på http://127.0.0.1:8050 (PORT= byter port)
	@$(BIN)/lagesbild demo

test: setup-dev chromium office provider check ## allt som CI kör: kontroller, enhetstester, databas och webbläsare
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: setup-dev ## stil, typer och våningarnas importregler
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

audit: setup-dev ## fråga om något som Lägesbild är byggt av har en känd svaghet (AUDIT=--may-be-unasked: även utan svar)
	@$(BIN)/python tools/audit.py $(AUDIT)

sbom: setup-dev ## materialförteckningen (CycloneDX) i build/sbom.json, ur de låsta listorna
	@$(BIN)/python tools/sbom.py

bench: setup-bench ## mätningarna i benchmarks/, en tabell
	@$(BIN)/python -m benchmarks

lock: ## räkna om de låsta beroendelistorna (kräver uv; UV= pekar ut det)
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --custom-compile-command "make lock" --extra build -o requirements.lock
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --custom-compile-command "make lock" --extra dev -c requirements.lock -o requirements-dev.lock
	$(UV) pip compile --group pyproject.toml:bench --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -c requirements.lock \
	    --override benchmarks/overrides.txt -o requirements-bench.lock

docs: setup ## skriv om tabellerna i README och docs/data-formats.md från koden
	@$(BIN)/python docs/generate.py

screenshots: setup-dev chromium ## bilderna i docs/images, från en tjänst som redan kör på PORT
	@$(BIN)/python docs/screenshots.py http://127.0.0.1:$(or $(PORT),8050)

# The browser tests need a real Chromium: Debian's, installed when we may, asked for when we may not.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installerar Chromium för webbläsartesterna ..."; \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	    else \
	        echo "Webbläsartesterna behöver Chromium. Installera det med: sudo apt-get install chromium" >&2; exit 2; \
	    fi; }

# One test opens presentations as a reader would: with LibreOffice, whose Impress is enough (86 MB of packages, 272 MB
# installed, a minute).
office:
	@command -v soffice >/dev/null || command -v libreoffice >/dev/null || { \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installerar LibreOffice Impress för testerna av presentationer ..."; \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-impress >/dev/null; \
	    else \
	        echo "Testerna av presentationer behöver LibreOffice. Installera det med: sudo apt-get install libreoffice-impress" >&2; exit 2; \
	    fi; }

# Login is tried at a real OpenID provider, which npm fetches; without npm those tests are skipped and say so.
PROVIDER := tests/auth/provider
provider:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(PROVIDER)/node_modules/.stamp; else \
	    echo "npm saknas: testerna av inloggning hos en riktig identitetstjänst hoppas över." >&2; fi

$(PROVIDER)/node_modules/.stamp: $(PROVIDER)/package-lock.json
	@echo "Hämtar identitetstjänsten för testerna av inloggning ..."
	@npm ci --prefix $(PROVIDER) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Stamp files make a second call instant. pip is told no index: the machine's own settings decide.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Lägesbild behöver Python 3.11 eller senare; peka ut det med PYTHON=" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "Python saknar venv. Installera det med: sudo apt-get install python3-venv" >&2; exit 2; }
	@echo "Skapar $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.setup: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installerar de låsta beroendena ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python tools/plotly_bundle.py
	@touch $@

$(VENV)/.setup-dev: requirements-dev.lock $(VENV)/.setup
	@echo "Installerar det som testerna behöver ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# --no-deps: the list is whole, and pip would refuse what benchmarks/overrides.txt sets aside
$(VENV)/.setup-bench: requirements-bench.lock $(VENV)/.setup
	@echo "Installerar det som mätningarna jämför med ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	@touch $@
