"""The OpenAPI document: what ninja makes of the operations, with what is true of all of them."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from countermand.api.asked import only_read
from countermand.api.schemas.answers import ProblemAnswer
from countermand.overview import cursors

WRITES = ("post", "put", "patch", "delete")
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same body, the first 2xx answer comes again with Idempotent-Replayed: true.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
PROBLEM = {"$ref": "#/components/schemas/ProblemAnswer"}


def document(api: NinjaAPI) -> dict[str, Any]:
    """This will make the document: keys on writes, problems on everything."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    model = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    made["components"]["schemas"] |= model.pop("$defs", {}) | {"ProblemAnswer": model}
    for operations in made["paths"].values():
        for method, operation in operations.items():
            operation["responses"]["default"] = {
                "description": "A problem: 4xx and 5xx",
                "content": {"application/problem+json": {"schema": PROBLEM}},
            }
            for parameter in operation["parameters"]:
                if parameter["name"] == "limit":
                    parameter["schema"] |= {"minimum": 1, "maximum": cursors.MOST}
            if method in WRITES and not operation["operationId"].endswith("_preview"):
                operation["parameters"] = [*operation["parameters"], KEY]
    return made


@lru_cache(maxsize=1)
def _text() -> str:
    from countermand.api.main import api

    return json.dumps(document(api), ensure_ascii=False)


@only_read
def openapi_json(request: HttpRequest) -> HttpResponse:
    """This will hand out the OpenAPI document."""
    return HttpResponse(_text(), content_type="application/json")
