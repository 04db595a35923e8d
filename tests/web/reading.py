"""What a page says, and where it stands: for the tests that read it as a person does."""

from typing import Any

from django.urls import reverse


def text(answer: Any) -> str:
    """This will give the page's text with plain blanks and apostrophes."""
    return str(answer.content.decode()).replace("&#x27;", "'").replace("\u202f", " ").replace("\u00a0", " ")


def url(name: str, **place: Any) -> str:
    """This will give a page's address by its name."""
    return reverse(f"web:{name}", kwargs=place)
