# Commands for a fresh machine: `make demo`, `make test`, `make prove`. All may be repeated; all end with 0.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATASET := data/demo
WORKBENCH := audit/site/workbench
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The locks are complete. Were pip to resolve them, it would refuse an extra of a package that has a newer release.
LOCKED := --no-deps --only-binary :all: --require-hashes --requirement
INSTALL_LOCKED := $(PIP_INSTALL) $(LOCKED)
REPLAY := $(BIN)/release-audit replay data/sample --
# Whoever is on the last tests takes some of those that wait for another.
PYTEST := $(BIN)/pytest -n auto --dist worksteal --durations 30
# Branches are counted where they are asked for: it takes a fifth of the time. What runs after `make test` adds to its own.
ifneq ($(filter coverage,$(MAKECMDGOALS)),)
PYTEST += --cov --cov-append --cov-report= --cov-fail-under 0
endif
# What is run once more on the least releases that pyproject.toml admits, and on the newest: a minute of the core each.
CORE := tests/crawl/decode tests/dataset/test_claim.py tests/dataset/test_commit.py tests/dataset/test_history.py \
	tests/queries/test_queries.py tests/cli/test_help.py tests/cli/test_flags.py tests/cli/test_status.py
UV_LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	--no-emit-find-links --python-version 3.11

# Each of the hundreds of programs that the tests start would compile all its modules again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo report notebooks test checks lint types unit prove coverage format torture fuzz attack bench docs pages wheel lock servers lockers checkers engines clients newest workbench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/run.stamp ## crawl the recorded sample over loopback and show which releases grew late
	@$(REPLAY) $(BIN)/release-audit crawl --whole-index --moved-index --dataset $(DATASET)
	@echo
	@$(BIN)/release-audit flags late-releases --dataset $(DATASET) --limit 10
	@echo
	@echo "The dataset is plain Parquet in $(DATASET). Any DuckDB reads it; so does this:"
	@echo
	@echo "  $(BIN)/release-audit sql --dataset $(DATASET) \\"
	@echo "    \"select project, count(*) as file_count from files group by project order by 2 desc limit 5\""

report: $(VENV)/notebooks.stamp ## write the report and the executed notebooks into data/out (a minute; crawls the sample if need be)
	@test -e $(DATASET)/files.parquet || $(REPLAY) $(BIN)/release-audit crawl --whole-index --dataset $(DATASET)
	@mkdir -p data/out
	@$(BIN)/release-audit report --dataset $(DATASET) --out data/out/report.html
	@echo "open data/out/report.html"
	@echo "running the notebooks (half a minute)"
	@echo notebooks/*.ipynb | RELEASE_AUDIT_DATASET=$(abspath $(DATASET)) xargs -P 2 -n 3 $(BIN)/jupyter nbconvert \
		--log-level=WARN --execute --ExecutePreprocessor.extra_arguments=--log-level=ERROR \
		--to notebook --output-dir data/out/notebooks
	@echo "notebooks with their answers are in data/out/notebooks"

notebooks: $(VENV)/notebooks.stamp ## open the notebooks in JupyterLab, on the sample (make demo crawls it)
	@RELEASE_AUDIT_DATASET=$(abspath $(DATASET)) JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab notebooks

test: $(VENV)/test.stamp checks unit ## lint, types and the quick tests: some minutes (installs what they need)

# Types take one core, and SQL all of them.
checks: $(VENV)/test.stamp
	@$(MAKE) --no-print-directory --jobs 2 lint types

lint: $(VENV)/test.stamp ## rules and format: ruff of Python, sqlfluff of SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/sqlfluff lint --processes 0 --nocolor --disable-progress-bar queries audit

types: $(VENV)/test.stamp ## mypy, strict
	@$(BIN)/mypy

servers: $(VENV)/servers.stamp ## install the indexes of others that the tests crawl

lockers: $(VENV)/lockers.stamp ## install what makes the lock files that the tests scan

checkers: $(VENV)/checkers.stamp ## install what checks the site's pages: a validator and axe (needs npm)

engines: $(VENV)/engines.stamp ## install ClickHouse and Spark, on which portable queries are proved (Spark wants Java 17 or newer)

clients: $(VENV)/clients.stamp $(VENV)/old-clients.stamp workbench ## install the clients that the tests open exports with

workbench: $(WORKBENCH)/built/workbench.js ## build the SQL workbench of release-audit site from npm (needs npm; a wheel made afterwards holds it)

unit: $(VENV)/test.stamp ## the quick tests
	@$(BIN)/coverage erase
	@$(PYTEST) -m "not slow"

prove: $(VENV)/test.stamp $(VENV)/servers.stamp $(VENV)/lockers.stamp $(VENV)/checkers.stamp $(VENV)/engines.stamp $(VENV)/clients.stamp $(VENV)/old-clients.stamp $(VENV)/lowest.stamp $(WORKBENCH)/built/workbench.js newest ## the slow proofs: installers, indexes of others, other engines, a browser, terminals, crashes, the documents' commands, more examples
	@$(PYTEST) -m "slow or hypothesis" --hypothesis-profile prove
	@for each in lowest newest; do \
		echo "the core on the $$each releases"; \
		$(VENV)/$$each/bin/python -m pytest -q -n auto -p no:cacheprovider -m "not slow" $(CORE) || exit; \
	done

coverage: $(VENV)/test.stamp ## hold the branches that the tests ran against the least: `make test prove coverage`
	@$(BIN)/coverage report

format: $(VENV)/test.stamp ## let ruff and sqlfluff correct what they can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --processes 0 --nocolor --disable-progress-bar queries audit

torture: $(VENV)/test.stamp ## kill a crawl at 100 random moments, and end whatever writes before each file operation (half an hour)
	@$(BIN)/python -m tests.torture --kills 100
	@$(BIN)/python -m tests.crashes

fuzz: $(VENV)/test.stamp ## feed 120,000 mutated documents to the decoders (some minutes)
	@FUZZ_EXAMPLES=20000 $(BIN)/pytest -q tests/property/test_decoder_fuzz.py tests/property/test_odd_files.py

attack: $(VENV)/test.stamp ## attack the program as a hostile index, folder, settings file or question would (a few minutes)
	@$(BIN)/python -m tests.attack

bench: $(VENV)/bench.stamp $(VENV)/engines.stamp ## measure crawls against bare loops, statistics and years of nights (needs nginx; an hour and a half); see benchmarks/README.md
	@$(BIN)/python -m benchmarks

docs: $(VENV)/docs.stamp ## build the documentation into data/out/site (offline)
	@$(BIN)/python -m sphinx -W --keep-going -q -d data/out/trees docs data/out/site
	@echo "open data/out/site/index.html"

pages: $(VENV)/docs.stamp ## write again what the documentation takes from the program, and run its commands
	@$(BIN)/python -m docs

wheel: $(VENV)/test.stamp ## build a wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: $(VENV)/test.stamp ## renew the locked requirements
	@$(PIP_INSTALL) uv
	@$(UV_LOCK) pyproject.toml --group build --output-file requirements/run.txt
	@$(UV_LOCK) pyproject.toml --group build --extra report --output-file requirements/report.txt
	@$(UV_LOCK) pyproject.toml --group build --extra all --output-file requirements/all.txt
	@$(UV_LOCK) pyproject.toml --extra all --group test --output-file requirements/test.txt
	@$(UV_LOCK) pyproject.toml --extra all --group bench --output-file requirements/bench.txt
	@$(UV_LOCK) pyproject.toml --extra all --group docs --output-file requirements/docs.txt
	@$(UV_LOCK) pyproject.toml --extra all --group notebooks --output-file requirements/notebooks.txt
	@$(UV_LOCK) pyproject.toml --extra all --group core --resolution lowest-direct --output-file requirements/lowest.txt
	@$(UV_LOCK) --group servers --output-file requirements/servers.txt
	@$(UV_LOCK) --group lockers --output-file requirements/lockers.txt
	@$(UV_LOCK) --group engines --output-file requirements/engines.txt
	@$(UV_LOCK) --group clients --output-file requirements/clients.txt
	@$(UV_LOCK) --group old-clients --output-file requirements/old-clients.txt

clean: ## drop the virtual environment and all output
	@rm -rf $(VENV) data/demo data/out dist build .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/all.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing the locked requirements into $(VENV) (once)"
	@$(INSTALL_LOCKED) requirements/all.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "installing what the tests need into $(VENV) (once)"
	@$(INSTALL_LOCKED) requirements/test.txt
	@touch $@

# What they need would not fit beside what we need, so they have an environment of their own.
$(VENV)/servers.stamp: requirements/servers.txt | $(VENV)/bin/python
	@echo "installing the indexes that the tests crawl into $(VENV)/servers (once)"
	@$(PYTHON) -m venv $(VENV)/servers
	@$(VENV)/servers/bin/python -m pip install --quiet --disable-pip-version-check $(LOCKED) requirements/servers.txt
	@touch $@

# They bring other releases of what we need, and of each other's.
$(VENV)/lockers.stamp: requirements/lockers.txt | $(VENV)/bin/python
	@echo "installing what makes the lock files that the tests scan into $(VENV)/lockers (once)"
	@$(PYTHON) -m venv $(VENV)/lockers
	@$(VENV)/lockers/bin/python -m pip install --quiet --disable-pip-version-check $(LOCKED) requirements/lockers.txt
	@touch $@

# The least releases that are promised, where the rest has the newest.
$(VENV)/lowest.stamp: requirements/lowest.txt | $(VENV)/bin/python
	@echo "installing the least releases that are promised into $(VENV)/lowest (once)"
	@$(PYTHON) -m venv $(VENV)/lowest
	@$(VENV)/lowest/bin/python -m pip install --quiet --disable-pip-version-check $(LOCKED) requirements/lowest.txt
	@touch $@

# The newest releases of this day, which the locks may not have yet: so each run asks the index.
newest: $(VENV)/test.stamp
	@echo "installing the newest releases that pyproject.toml admits into $(VENV)/newest"
	@test -x $(VENV)/newest/bin/python || $(PYTHON) -m venv $(VENV)/newest
	@$(BIN)/python -m pip --python $(VENV)/newest install --quiet --disable-pip-version-check --only-binary :all: \
		--upgrade --upgrade-strategy eager --editable '.[all]' --group core

# They are no Python packages. Without npm their tests are skipped, as those of the browser are without one.
$(VENV)/checkers.stamp: tests/site/npm/package-lock.json tests/site/npm/.npmrc | $(VENV)/bin/python
	@mkdir -p $(VENV)/checkers
	@cp tests/site/npm/package.json tests/site/npm/package-lock.json tests/site/npm/.npmrc $(VENV)/checkers
	@if command -v npm >/dev/null; then \
		echo "installing what checks the site's pages into $(VENV)/checkers (once)"; \
		npm ci --silent --prefix $(VENV)/checkers && touch $@; \
	else \
		echo "no npm: apt-get install nodejs npm (or another system's packages) brings what checks the site's pages"; \
	fi

# PySpark comes as source alone; what builds it is its own choice.
$(VENV)/engines.stamp: requirements/engines.txt | $(VENV)/bin/python
	@echo "installing ClickHouse and Spark, on which portable queries are proved, into $(VENV)/engines (once)"
	@$(PYTHON) -m venv $(VENV)/engines
	@$(VENV)/engines/bin/python -m pip install --quiet --disable-pip-version-check $(LOCKED) requirements/engines.txt --no-binary pyspark
	@touch $@

# Without npm a site has no workbench, and its tests are skipped.
$(WORKBENCH)/built/workbench.js: $(WORKBENCH)/package.json $(WORKBENCH)/package-lock.json $(WORKBENCH)/build.mjs $(wildcard $(WORKBENCH)/src/*.js)
	@if command -v npm >/dev/null; then \
		echo "building the workbench into $(WORKBENCH)/built"; \
		npm ci --silent --prefix $(WORKBENCH) && npm run --silent build --prefix $(WORKBENCH); \
	else \
		echo "no npm: apt-get install nodejs npm (or another system's packages) brings what builds the workbench"; \
	fi

# Releases of DuckDB that are older than ours.
$(VENV)/clients.stamp $(VENV)/old-clients.stamp: $(VENV)/%.stamp: requirements/%.txt | $(VENV)/bin/python
	@echo "installing what the tests open exports with into $(VENV)/$* (once)"
	@$(PYTHON) -m venv $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install --quiet --disable-pip-version-check $(LOCKED) requirements/$*.txt
	@touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/test.stamp
	@echo "installing what the benchmarks need into $(VENV) (once)"
	@$(INSTALL_LOCKED) requirements/bench.txt
	@touch $@

$(VENV)/docs.stamp: requirements/docs.txt $(VENV)/run.stamp
	@echo "installing what the documentation needs into $(VENV) (once)"
	@$(INSTALL_LOCKED) requirements/docs.txt
	@touch $@

$(VENV)/notebooks.stamp: requirements/notebooks.txt $(VENV)/run.stamp
	@echo "installing what the notebooks need into $(VENV) (once)"
	@$(INSTALL_LOCKED) requirements/notebooks.txt
	@touch $@
