"""The public page « comment annuler »: for buyers before and after they buy. No sign-in, no cookie, nobody's data."""

from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from countermand.merchants.company import LANGUAGES, merchant_at, public_texts
from countermand.web.how_to_words import ASK, OTHER, OURS, TITLE, parts

KEPT_SECONDS = 300


@require_safe
def how_to(request: Any, code: str, language: str = "") -> HttpResponse:
    """This will say how to ask for a cancellation, in the shop's language or the one that the address names."""
    merchant = merchant_at(code=code)
    if merchant is None or (language and language not in LANGUAGES):
        raise Http404("no such shop")
    spoken = language or (merchant.language if merchant.language in LANGUAGES else "en")
    own = public_texts(merchant_id=merchant.id)
    facts = {
        "shop": merchant.name,
        "email": merchant.reply_to,
        "phone": merchant.phone,
        "parts": parts(own.get(spoken) or OURS[spoken]),
        "title": TITLE[spoken],
        "ask": ASK[spoken],
        "other": {"word": OTHER[spoken], "language": "en" if spoken == "fr" else "fr"},
        "code": merchant.code,
    }
    # Without the request: neither a reader's theme nor a token may end up in a page that is kept for all.
    with translation.override(spoken):
        answer = HttpResponse(render_to_string("web/public/how_to.html", facts))
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    answer.headers["Content-Language"] = spoken
    return answer
