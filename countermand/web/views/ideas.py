"""The page of ideas for alternatives and exchanges, linked from the contact step (EM-13)."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from countermand.web.access import member_view
from countermand.web.help_words import IDEAS
from countermand.web.pages import page


@member_view("read")
@require_safe
def ideas_help(request: Any) -> HttpResponse:
    """This will show what one may offer instead of a cancellation."""
    return page(request, "web/ideas.html", room="orders", ideas=IDEAS)
