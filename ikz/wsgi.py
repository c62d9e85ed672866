import os

from django.core.wsgi import get_wsgi_application

from ikz import checks_of_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikz.settings")

application = get_wsgi_application()
checks_of_settings.stop_if_unsafe()
