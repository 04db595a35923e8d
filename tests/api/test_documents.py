"""Documents, store credit and gift cards through the REST door."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from tests.actions.bookkeeper import known, write_up
from tests.actions.refund_desk import drain_now
from tests.api.conftest import Api, placed, problem_of

CONSENT = {"text": "d'accord", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}


def cancelled(api: Api, **order: Any) -> dict[str, Any]:
    made = placed(api, **order)
    answer = api.post(f"/orders/{made['id']}/cancellations", {"reason": "out_of_stock"})
    assert answer.status_code == 201, answer.content
    drain_now()
    write_up()
    return made


def credited(api: Api, **refund: Any) -> dict[str, Any]:
    order = placed(api)
    body = {"amount": "8.00", "method": "store_credit", "consent": CONSENT, **refund}
    assert api.post(f"/orders/{order['id']}/refunds", body).status_code == 201
    drain_now()
    return api.get("/store-credits").json()["items"][0]  # type: ignore[no-any-return]


def test_credit_note_through_the_api(merchant: Any, api: Api, stranger: Api) -> None:
    known(merchant)
    order = cancelled(api)
    [note] = api.get(f"/documents?order={order['id']}").json()["items"]
    assert (note["kind"], note["state"], note["amount"], note["invoice_number"]) == (
        *("credit_note", "issued", "38.80"),
        "F-77",
    )
    said = api.get(f"/documents/{note['id']}").json()["content"]
    # The order of docs/api.md: 31.90 and 4.90 with 20 % inside, and a fee of 2.00 without tax.
    assert said["rates"] == [
        {"rate": "20", "net": "30.66", "tax": "6.14", "gross": "36.80"},
        {"rate": "0", "net": "2.00", "tax": "0.00", "gross": "2.00"},
    ]
    assert [line["quantity"] for line in said["lines"]] == [3, 1, 1]
    made = api.get(f"/documents/{note['id']}.pdf")
    assert made["Content-Type"] == "application/pdf"
    assert note["number"] in PdfReader(BytesIO(made.content)).pages[0].extract_text()
    for path in (f"/documents/{note['id']}", f"/documents/{note['id']}.pdf"):
        problem_of(stranger.get(path), 404, "not_found")
    problem_of(stranger.post(f"/documents/{note['id']}/send"), 404, "not_found")
    assert stranger.get("/documents").json() == {"items": [], "next": None}


def test_documents_are_listed_page_by_page_and_sent_once_per_key(merchant: Any, api: Api) -> None:
    for _ in range(3):
        cancelled(api, invoice_number=None)
    first = api.get("/documents?limit=2&kind=receipt").json()
    rest = api.get(f"/documents?limit=2&kind=receipt&cursor={first['next']}").json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    problem_of(api.get(f"/documents?cursor={first['next']}"), 422, "cursor_differs")
    problem_of(api.get("/documents?kind=invoice"), 422, "unknown_kind")
    path = f"/documents/{rest['items'][0]['id']}/send"
    assert api.post(path).json()["message"] == api.post(path).json()["message"]


def test_a_document_that_waits_has_no_pdf_yet(merchant: Any, api: Api) -> None:
    order = cancelled(api)
    [note] = api.get(f"/documents?order={order['id']}").json()["items"]
    assert (note["number"], note["waits_for"]) == (None, "legal_identity")
    problem_of(api.get(f"/documents/{note['id']}.pdf"), 409, "not_issued")


def test_SG7_a_credit_is_read_and_spent(merchant: Any, api: Api, stranger: Api) -> None:
    credit = credited(api)
    found = api.get("/store-credits?customer_email=ZOE@example.org").json()["items"]
    assert [one["id"] for one in found] == [credit["id"]] and "code" not in found[0]
    spent = api.post(f"/store-credits/{credit['id']}/redeem", {"amount": "3.00", "order_number": "CAISSE-9"})
    assert (spent.json()["redeemed"], spent.json()["balance"]) == ("3.00", "5.00")
    entries = api.get(f"/store-credits/{credit['id']}").json()["entries"]
    assert (entries[0]["amount"], entries[0]["order_number"]) == ("-3.00", "CAISSE-9")
    problem_of(stranger.get(f"/store-credits/{credit['id']}"), 404, "not_found")
    [row] = api.get("/store-credits/liability").json()["items"]
    assert (row["kind"], row["issued"], row["spent"], row["open"], row["live"]) == (
        *("store_credit", "8.00", "3.00", "5.00"),
        False,
    )


def test_SG7_a_gift_card_is_made_once_per_key_and_found_by_its_code(merchant: Any, api: Api) -> None:
    body = {"amount": "50.00", "currency": "EUR", "note": "vendue"}
    made = [api.post("/store-credits", body, Idempotency_Key="card-1").json() for _ in range(2)]
    assert made[0] == made[1] and len(made[0]["code"]) == 19
    [found] = api.get(f"/store-credits?code={made[0]['code'].lower()}").json()["items"]
    assert (found["id"], found["balance"], found["last4"]) == (made[0]["id"], "50.00", made[0]["code"][-4:])
    problem_of(api.post("/store-credits", {"amount": "0", "currency": "EUR"}), 422, "invalid_amount")
    problem_of(api.post("/store-credits", {"amount": "10", "currency": "XXX9"}), 422, "unknown_currency")
