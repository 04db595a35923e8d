"""What the OpenAPI document says of an answer, held against every answer that a test gets."""

import re
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter

from countermand.api.main import api as ninja
from countermand.api.schemas.approvals import HeldAnswer


@cache
def models() -> dict[tuple[str, str, int], Any]:
    """(method, path, status) -> the type that the document gives for the answer."""
    found = {}
    for router in ninja._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for status, model in operation.response_models.items():
                    if not hasattr(model, "model_fields"):
                        continue  # an answer without a body
                    kind = model.model_fields["response"].annotation
                    for method in operation.methods:
                        found[method, path.replace("{path:", "{"), status] = kind
    return found


def undeclared(value: Any, at: str = "") -> list[str]:
    """The fields of an answer that its type does not have."""
    if isinstance(value, BaseModel):
        # What was held back carries the preview besides, whose fields stand at the preview.
        extra = (
            [] if isinstance(value, HeldAnswer) else [f"{at}.{name}" for name in (value.model_extra or {})]
        )
        return extra + [
            x for name in type(value).model_fields for x in undeclared(getattr(value, name), f"{at}.{name}")
        ]
    if isinstance(value, list):
        return [x for one in value for x in undeclared(one, f"{at}[]")]
    if isinstance(value, dict):
        return [x for name, one in value.items() for x in undeclared(one, f"{at}.{name}")]
    return []


@cache
def _addresses() -> list[tuple[str, re.Pattern[str], str]]:
    """(method, pattern, path) of every address, the plain ones first."""
    paths = sorted({(method, path) for method, path, _ in models()}, key=lambda each: each[1].count("{"))
    return [(m, re.compile("^/api/v1" + re.sub(r"\{\w+\}", "[^/]+", p) + "$"), p) for m, p in paths]


def hold(*, method: str, address: str, status: int, content: bytes) -> None:
    """This will fail where an answer has a field that the document does not have, or lacks one that it has."""
    path = next((path for m, like, path in _addresses() if m == method and like.match(address)), None)
    kind = models().get((method, path or "", status))
    if kind is not None:
        extra = undeclared(TypeAdapter(kind).validate_json(content, strict=True))
        assert extra == [], f"{method} {path} {status} answers more than the document says: {extra}"
