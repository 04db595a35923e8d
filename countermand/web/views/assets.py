"""The stylesheet and the script."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from countermand.web.assets import BUNDLES, TYPES, bundle


@require_safe
def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """This will send a bundle; for a year when the digest is today's, else without keeping it.

    An old digest is answered with today's content: a page that was open during an upgrade keeps its looks.
    """
    if name not in BUNDLES:
        raise Http404
    found = bundle(name)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.zipped if zipped else found.plain, content_type=TYPES[name])
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    fresh = digest == found.digest
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-store"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
