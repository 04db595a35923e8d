"""Lists that are short enough to be read whole: answered page by page like every other."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from countermand.api.bearer import bearer_of
from countermand.api.once import answer
from countermand.overview import cursors
from countermand.refusals import Refusal

PAGE = ("limit", "cursor")


def short_list(
    request: HttpRequest,
    rows: Sequence[Any],
    *,
    key: Callable[[Any], str],
    shape: Callable[[Any], dict[str, Any]],
    limit: int,
    cursor: str | None,
) -> HttpResponse:
    """This will answer a page of rows in their order, from behind the row that `cursor` names by its `key`.

    Refuses `invalid_limit`, and `cursor_differs` for a cursor of another list, or whose row is there no more.
    """
    cursors.checked(limit)
    filters = sorted((name, value) for name, value in request.GET.items() if name not in PAGE)
    asked = [bearer_of(request).merchant_id, request.path, filters]
    begin = 0
    if cursor:
        [last] = cursors.read(cursor, asked=asked)
        begin = next((place for place, row in enumerate(rows, 1) if key(row) == last), 0)
        if not begin:
            raise Refusal("cursor_differs", "where it stood is no more: begin anew", field="cursor")
    page = rows[begin : begin + limit]
    more = begin + limit < len(rows)
    goes_on = cursors.make(place=[key(page[-1])], asked=asked) if more else None
    return answer({"items": [shape(row) for row in page], "next": goes_on})
