"""The WSGI door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Most of the code is behind the addresses: it is read now, not while the first caller waits.
get_resolver().url_patterns  # noqa: B018
