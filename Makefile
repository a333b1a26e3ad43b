# `make help` lists the targets. Everything happens in .venv, which is made from the hashed locks.
SHELL = /bin/sh
.DEFAULT_GOAL = help
.NOTPARALLEL:
# Tests and servers start many processes: each shall find its modules compiled, whatever the shell prefers.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
# Processes that run tests side by side, and options for pytest, as in: make test WORKERS=1 TESTS="tests/events -k rsvp"
WORKERS ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
TESTS ?=

BIN = .venv/bin
# The development lock holds the same versions as the runtime lock, so who has it needs no other.
RUNTIME = $(if $(wildcard .venv/development.stamp),.venv/development.stamp,.venv/runtime.stamp)
DEVELOPMENT = .venv/development.stamp
CATALOGS = $(patsubst %.po,%.mo,$(wildcard forum/translations/*/LC_MESSAGES/messages.po))

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(RUNTIME) $(CATALOGS) ## Serve the demonstration town on 127.0.0.1:8000 (another port: PORT=)
	@exec env FORUM_ENVIRONMENT=$${FORUM_ENVIRONMENT:-demonstration} FORUM_PORT=$(PORT) $(BIN)/flask --app wsgi demo serve

.PHONY: install
install: $(DEVELOPMENT) $(CATALOGS) ## Make .venv with everything that tests and checks need

# pytest ends with 5 when nothing is left to run: all of TESTS may be marked `once`.
.PHONY: test
test: $(DEVELOPMENT) $(CATALOGS) ## Run every test, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.servers ensure
	@status=0; \
	echo "== on SQLite"; \
	FORUM_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n $(WORKERS) $(TESTS) || status=1; \
	echo "== on PostgreSQL"; \
	FORUM_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(WORKERS) -m "not soak and not once" $(TESTS) || \
		[ $$? = 5 ] || status=1; \
	exit $$status

# Side by side: types take longest and use one processor, and what each found is printed in one piece.
.PHONY: check
check: $(DEVELOPMENT) ## Check style, types, templates, tiers and translations
	@printf '%s\n' mypy "ruff check" "ruff format --check" "djlint --quiet --lint templates" "lint-imports --no-logo" \
		"python -m tests.catalogs" | \
	xargs -P $(WORKERS) -I {} sh -c 'said=$$($(BIN)/{} 2>&1); status=$$?; printf "== %s\n%s\n" "{}" "$$said"; exit $$status'

.PHONY: format
format: $(DEVELOPMENT) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

.PHONY: bench
bench: $(DEVELOPMENT) $(CATALOGS) ## Measure speed against floors of the same machine (a part: ONLY=visitor,rsvp)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(STRICT),--strict)

.PHONY: soak
soak: $(DEVELOPMENT) $(CATALOGS) ## Run the long tests: thousands of kills, hours of load
	@$(BIN)/python -m tests.servers ensure
	$(BIN)/python -m pytest -m soak --timeout 0 $(TESTS)

.PHONY: screenshots
screenshots: $(DEVELOPMENT) $(CATALOGS) ## Draw docs/screenshots anew from the demonstration town
	@$(BIN)/python -m tests.journeys.screenshots

.PHONY: record
record: $(DEVELOPMENT) $(CATALOGS) ## Write down anew what calendar programs show before and after each change
	@$(BIN)/python -m tests.servers ensure
	@$(BIN)/python -m tests.interop.recording

.PHONY: translations
translations: $(DEVELOPMENT) ## Bring new strings into the catalogs, empty, for a person to translate
	@$(BIN)/python -m tests.catalogs update

# No address of a package index goes into the locks: each installation uses its own.
COMPILE = uv pip compile --quiet setup.cfg --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock" $(UPGRADE)

.PHONY: lock
lock: ## Write the hashed locks again from setup.cfg (needs uv; newer versions: make lock UPGRADE=--upgrade)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	$(COMPILE) --extra redis --output-file requirements.txt
	$(COMPILE) --all-extras --constraint requirements.txt --output-file requirements-dev.txt
	echo uv | $(subst setup.cfg,-,$(COMPILE)) --output-file .ci/uv.txt
	@rm -rf *.egg-info

.PHONY: clean
clean: ## Remove what make made: .venv, caches, compiled catalogs (instance/ stays)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* htmlcov *.egg-info
	rm -f $(CATALOGS)
	find forum tests bench migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.venv/runtime.stamp: requirements.txt
	@.ci/venv $<
	@touch $@

.venv/development.stamp: requirements-dev.txt
	@.ci/venv $<
	@touch $@

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
