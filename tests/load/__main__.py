"""`python -m tests.load traffic|growth …`: sets up Django on DATABASE_URL, which must be empty, then measures."""

import argparse
import importlib
import os
import sys
import tempfile
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("what", choices=["traffic", "growth"])
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000])
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--requests", type=int, default=20_000)
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "ikz.settings"
    with tempfile.TemporaryDirectory(prefix="ikz-load-") as folder:
        os.environ["IKZ_VAR_DIR"] = folder
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/ikz.sqlite3")
        settings.ALLOWED_HOSTS.append("testserver")
        django.setup()
        for command in ("migrate", "load_register", "load_programmes"):
            call_command(command, stdout=StringIO(), verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        # Models can be imported only now.
        return importlib.import_module(f"tests.load.{given.what}").main(given, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
