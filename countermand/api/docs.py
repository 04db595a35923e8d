"""The page for people who write clients: the OpenAPI document as plain HTML, with nothing from elsewhere."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from countermand.api.asked import only_read
from countermand.api.openapi import document

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 6rem; }
h2 { margin-top: 3rem; text-transform: capitalize; }
details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .6rem 0; }
summary { cursor: pointer; }
summary code { font-weight: 600; }
code, td { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
:target { outline: 2px solid Highlight; outline-offset: 4px; }
"""
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
INTRODUCTION = """
Every request carries <code>Authorization: Bearer TOKEN</code>; <code>countermand api-token NAME</code> makes one.
Amounts are strings in major units (<code>"12.30"</code>), times carry their offset, unknown fields are refused.
Writes take an <code>Idempotency-Key</code>. Errors are <code>application/problem+json</code> with a stable
<code>code</code>. The document that this page is made of: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.
"""


@lru_cache(maxsize=1)
def _page() -> str:
    from countermand.api.main import api

    made = document(api)
    nouns: dict[str, list[SafeString]] = {}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            shown = _operation(path, method, operation)
            nouns.setdefault((operation.get("tags") or ["other"])[0], []).append(shown)
    chapters = format_html_join(
        "", "<h2>{}</h2>{}", ((noun, SafeString("".join(shown))) for noun, shown in nouns.items())
    )
    schemas = format_html_join(
        "",
        "{}",
        ((_schema(name, made["components"]["schemas"]),) for name in sorted(made["components"]["schemas"])),
    )
    return format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Countermand API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>{}</style></head>'
        "<body><main><h1>Countermand API</h1><p>{}</p>{}<h2>Shapes</h2>{}</main></body></html>",
        SafeString(STYLE),
        SafeString(INTRODUCTION),
        chapters,
        schemas,
    )


@only_read
def docs(request: HttpRequest) -> HttpResponse:
    """This will show the operations of the API."""
    return HttpResponse(_page(), headers={"Content-Security-Policy": POLICY})


def _operation(path: str, method: str, operation: dict[str, Any]) -> SafeString:
    rows = [
        (one["name"], one["in"], _kind(one["schema"]), one.get("description", ""))
        for one in operation["parameters"]
    ]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", media, _kind(content["schema"]), ""))
    for status, answer in operation["responses"].items():
        for media, content in answer.get("content", {}).items():
            rows.append((f"answer {status}", media, _kind(content["schema"]), ""))
    table = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
    said = operation.get("description", "").removeprefix("This will ")
    return format_html(
        "<details><summary><code>{} {}</code> {}</summary><table>{}</table></details>",
        *(method.upper(), path, said, table),
    )


def _schema(name: str, schemas: dict[str, Any]) -> SafeString:
    schema = schemas[name]
    required = schema.get("required", [])
    rows = [
        (field, "required" if field in required else "", _kind(content))
        for field, content in schema.get("properties", {}).items()
    ]
    table = format_html_join("", "<tr><th><code>{}</code></th><td>{}</td><td>{}</td></tr>", rows)
    return format_html(
        '<details id="{}"><summary><code>{}</code> {}</summary><table>{}</table></details>',
        *(name, name, schema.get("description", ""), table),
    )


def _kind(schema: dict[str, Any]) -> SafeString:
    """One line on what a value is."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return format_html('<a href="#{}">{}</a>', name, name)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return format_html_join(" or ", "{}", ((_kind(one),) for one in schema[key]))
    if schema.get("type") == "array":
        return format_html("list of {}", _kind(schema.get("items", {})))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return format_html_join(" | ", "<code>{}</code>", ((value,) for value in values))
    limits = [
        f"{name} {schema[name]}" for name in ("maxLength", "minimum", "maximum", "format") if name in schema
    ]
    return format_html("{}", ", ".join([schema.get("type", "any"), *limits]))
