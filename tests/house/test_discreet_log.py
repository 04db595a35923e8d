"""The log names nobody, whatever a database error quotes."""

import logging
import sys
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils.module_loading import import_string

from countermand.merchants.actions import add_member
from countermand.merchants.models import User


def written(message: str, *args: Any) -> str:
    """What stands in the log when this is logged while an error is being handled."""
    handler = settings.LOGGING["handlers"]["console"]
    formatter = import_string(settings.LOGGING["formatters"][handler["formatter"]]["()"])()
    error: Any = sys.exc_info()
    record = logging.LogRecord("countermand.api", logging.ERROR, __file__, 1, message, args, error)
    return str(formatter.format(record))


def test_an_error_of_the_database_quotes_no_person(merchant: Any) -> None:
    email = f"zelda-{merchant.code}@example.org"
    add_member(merchant=merchant, email=email, password="tisane-lilas-2026", role="viewer")
    try:
        User.objects.bulk_create([User(email=email)])
    except IntegrityError as error:
        assert email in str(error)  # what would have stood in the log
        text = written("a row of a file broke: %s", error)
    assert "person_email" in text and "Traceback" in text
    assert "zelda" not in text
