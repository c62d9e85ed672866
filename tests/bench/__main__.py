"""Sets up a throwaway database and Django, then measures. DATABASE_URL measures another database, which must be empty.

`python -m tests.bench` measures pages and steps, `python -m tests.bench letters` the making of letters,
`python -m tests.bench uploads` the uploads through a real server.
"""

import importlib
import os
import sys
import tempfile

import django
from django.conf import settings
from django.core.management import call_command


def main(what="report"):
    os.environ["DJANGO_SETTINGS_MODULE"] = "ikz.settings"
    with tempfile.TemporaryDirectory(prefix="ikz-bench-") as folder:
        os.environ["IKZ_VAR_DIR"] = folder
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.ALLOWED_HOSTS.append("testserver")
        settings.STATIC_ROOT.mkdir()
        django.setup()
        call_command("migrate", verbosity=0)
        # Models can be imported only now.
        return importlib.import_module(f"tests.bench.{what}").main()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
