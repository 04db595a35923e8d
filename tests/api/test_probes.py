"""What a supervisor and a reader of the documentation see, without a token."""

import json
import re

import psycopg
from django.db import connection

from countermand import heartbeat

from .conftest import Api, problem_of


def test_alive_needs_nothing(database: None) -> None:
    assert Api("").get("/healthz").status_code == 200


def test_ready_needs_the_database_and_a_worker(database: None) -> None:
    problem_of(Api("").get("/readyz"), 503)
    settings = connection.get_connection_params()
    wanted = {
        name: settings[name] for name in ("dbname", "user", "password", "host", "port") if settings.get(name)
    }
    with psycopg.connect(**wanted, autocommit=True) as worker:
        heartbeat.hold(worker)
        assert Api("").get("/readyz").status_code == 200


def test_the_document_needs_no_token_and_lists_every_address(database: None) -> None:
    made = Api("").get("/openapi.json").json()
    assert made["openapi"].startswith("3.1")
    assert "/api/v1/orders/{order_id}/cancellations" in made["paths"]
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            # What a channel hands in is signed with its secret instead.
            signed = path.startswith("/api/v1/inbound/")
            assert operation.get("security") == (None if signed else [{"Token": []}]), (path, method)
            assert "default" in operation["responses"]


def test_every_reference_of_the_document_leads_somewhere(database: None) -> None:
    text = Api("").get("/openapi.json").content.decode()
    schemas = json.loads(text)["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/(\w+)"', text)) <= set(schemas)


def test_the_page_for_people_loads_nothing_from_elsewhere(database: None) -> None:
    answer = Api("").get("/api/docs")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "/orders/{order_id}/cancellations" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_head_is_a_get_without_its_content(database: None) -> None:
    answer = Api("")("HEAD", "/openapi.json")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == "application/json"
    assert Api("")("HEAD", "/orders").status_code == 401
