"""A shop in which every page has something to show: one thing of each sort that an address may name."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import URLPattern, reverse

from countermand.acceptance.links import Named, token_of
from countermand.access import tokens
from countermand.access.models import ApiToken
from countermand.approvals.actions import Held, confirm_or_hold, hand_over, set_rules
from countermand.approvals.rules import Rule
from countermand.bulk.actions import choose_orders
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.correspondence.models import Message
from countermand.correspondence.reasons import add_wording
from countermand.documents.models import Document
from countermand.merchants.invitations import key_of
from countermand.merchants.models import Member
from countermand.merchants.team import invite
from countermand.offers.actions import make_offer
from countermand.orders.actions import fulfil
from countermand.refunds.actions import GiveBack, reimburse
from countermand.refunds.jobs import drain
from countermand.refunds.models import StoreCredit
from countermand.returns.actions import (
    Arrived,
    Coming,
    Verdict,
    ask_intercept,
    ask_return,
    receive_return,
)
from countermand.saved_views.actions import save_view
from countermand.stock.actions import put_item
from countermand.vouchers.actions import issue_voucher
from countermand.vouchers.rules import Offer
from countermand.web import urls
from countermand.webhooks.actions import subscribe, try_out
from countermand.webhooks.models import Delivery
from tests.actions.bookkeeper import known, write_up
from tests.web.desk import Shop, email_of, steps_taken
from tests.web.full_payouts import of_the_payouts
from tests.web.full_place import of_the_merchant
from tests.web.full_requests import of_the_requests
from tests.web.full_threads import of_the_threads

CONSENT = {"text": "d'accord", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}
CUSTOMER = {
    "name": "Marguerite Desbordes-Valmore",
    "email": "marguerite.desbordes-valmore@example.org",
    "phone": "+33 6 12 34 56 78",
    "language": "fr",
}


def furnished(shop: Shop) -> dict[str, Any]:
    """This will fill a shop and name one thing of each sort: parameter of an address → its value."""
    merchant_id, at = shop.merchant.id, datetime.now(UTC)
    here: dict[str, Any] = {"merchant_id": merchant_id, "by": email_of(shop.merchant, "agent"), "at": at}
    _articles(here)
    order_id = shop.order(customer=CUSTOMER, ship_by=(at + timedelta(days=2)).date().isoformat())
    steps_taken(shop, order_id)
    by_hand = shop.order(provider="manual", method="transfer", reference=None, customer=CUSTOMER)
    done = confirm(**here, order_id=by_hand, ask=Ask(reason="out_of_stock", lines=(("1", 1),)))
    for reason in ("out_of_stock", "customer_changed_mind", "wrong_address"):
        confirm(**here, order_id=shop.order(customer=CUSTOMER), ask=Ask(reason=reason, when="later"))
    confirm(**here, order_id=shop.order(reference="decline", customer=CUSTOMER), ask=Ask(reason="delay"))
    sale = shop.order(accepted=False, paid="authorized")
    shop.order(verification="pending", paid="authorized")
    credited = shop.order(customer=CUSTOMER)
    reimburse(**here, order_id=credited, wish=GiveBack(amount="8.00", method="store_credit", consent=CONSENT))
    drain(at=datetime.now(UTC))
    of_the_payouts(shop.merchant)
    return {
        "order_id": order_id,
        "sale.order_id": sale,
        "token": token_of(Named(merchant_id, sale, 1)),
        "cancellation_id": done.id,
        "refund_id": done.refunds[0],
        "sku": "MUG-BLEU",
        "message_id": _mail(merchant_id, by_hand, at),
        "token_id": _token(merchant_id),
        "credit_id": StoreCredit.of(merchant_id).latest("created_at").id,
        "view_id": _view(shop, at),
        "run_id": choose_orders(
            **here, orders=[(order_id, None), (credited, None)], role="agent", found_by="status:open"
        ).id,
        "case_id": hand_over(**here, order_id=credited, **_case(shop)).id,
        **_voucher(here, order_id),
        **_webhook(here),
        **_approval(shop, here),
        **_offer(shop, here),
        **_return(shop, here),
        **_document(shop, here),
        **_people(shop, here),
        **_words(shop, here),
        **of_the_requests(shop, here, customer=CUSTOMER),
        **of_the_threads(here, order_id),
        **of_the_merchant(shop),
    }


def params(name: str) -> list[str]:
    """This will list what the address of a page names."""
    pattern = next(each for each in urls.urlpatterns if isinstance(each, URLPattern) and each.name == name)
    return list(pattern.pattern.converters)


def address(name: str, here: dict[str, Any]) -> str:
    """This will write the address of a page for a furnished shop; "terms.code" is a `code` for `terms` alone."""
    named = {each: here.get(f"{name}.{each}", here.get(each)) for each in params(name)}
    missing = [each for each, value in named.items() if value is None]
    assert not missing, f"furnished() gives no {missing}: name one of that sort in tests/web/full_shop.py"
    return reverse(f"web:{name}", kwargs=named)


def _articles(here: dict[str, Any]) -> None:
    for sku, title, colour, on_hand in (
        ("MUG-BLEU", "Mug bleu", "bleu", None),
        ("MUG-ROUGE", "Mug rouge", "rouge", 4),
        ("MUG-JAUNE", "Mug jaune de Vallauris, émaillé à la main", "jaune", 0),
    ):
        fields = {
            "title": title,
            "product": "MUG",
            "options": {"couleur": colour},
            "interchangeable": ["couleur"],
        }
        fields |= {"price": "12.30", "currency": "EUR"} | ({} if on_hand is None else {"on_hand": on_hand})
        put_item(**here, sku=sku, fields=fields)


def _mail(merchant_id: int, order_id: UUID, at: datetime) -> UUID:
    mail = Message.of(merchant_id).filter(order_id=order_id).earliest("created_at")
    words = {"subject": "Commande 1001 : 1 article annulé", "html": "<p>Bonjour</p>", "text": "Bonjour"}
    Message.of(merchant_id).filter(id=mail.id).update(state="sent", sent_at=at, **words)
    return mail.id


def _token(merchant_id: int) -> UUID:
    tokens.issue(merchant_id=merchant_id, name="caisse", role="agent")
    return ApiToken.of(merchant_id).get(name="caisse").id


def _view(shop: Shop, at: datetime) -> UUID:
    owner = Member.objects.get(merchant=shop.merchant, role="owner")
    return save_view(member=owner, name="Mugs", q="sku:MUG-BLEU", shared=True, by="test", at=at).id


def _case(shop: Shop) -> dict[str, Any]:
    return {"note": "Le client veut parler à un responsable.", "to_role": "agent"}


def _voucher(here: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    offer = Offer("amount", "5.00", (here["at"] + timedelta(days=30)).date())
    made = issue_voucher(**here, offer=offer, order_id=order_id)
    return {"voucher_id": made.id, "voucher_code": made.code}


def _return(shop: Shop, here: dict[str, Any]) -> dict[str, Any]:
    """One return that came and is to be looked at, one that is expected, and a parcel called back."""
    for expected in (False, True):
        order_id = shop.order(customer=CUSTOMER)
        parcel = {"reference": "1", "carrier": "Colissimo", "tracking": "6A12345678901"}
        fulfil(**here, order_id=order_id, fulfilment=parcel | {"lines": [{"line": "1", "quantity": 2}]})
        coming = Coming(lines=(("1", 1),), kind="withdrawal")
        found = ask_return(**here, order_id=order_id, coming=coming)
        if not expected:
            receive_return(**here, return_id=found.id, arrived=Arrived(), verdict=Verdict())
            came = found.id
    called = ask_intercept(**here, order_id=order_id, parcel="1", reason="wrong_address")
    there = {"return.order_id": order_id, "call_back.order_id": order_id}
    return {"return_id": came, "intercept_id": called.id, **there}


def _webhook(here: dict[str, Any]) -> dict[str, Any]:
    hook = subscribe(**here, url="https://caisse.example/evenements/countermand", events=["*"]).webhook
    delivery = try_out(**here, webhook_id=hook.id)
    Delivery.of(here["merchant_id"]).filter(id=delivery.id).update(
        state="failed", tries=11, status=500, answer="<h1>Erreur</h1>", tried_at=here["at"], took_ms=231
    )
    return {"webhook_id": hook.id, "delivery_id": delivery.id}


def _approval(shop: Shop, here: dict[str, Any]) -> dict[str, Any]:
    rules = set_rules(
        merchant_id=shop.merchant.id, rules=[Rule("amount", above="20")], by="test", at=here["at"]
    )
    order_id = shop.order(customer=CUSTOMER)
    ask = Ask(reason="out_of_stock", role="agent")
    held = confirm_or_hold(**here, order_id=order_id, ask=ask, rules=rules, source="furnished")
    assert isinstance(held, Held)
    return {"approval_id": held.approval.id}


def _offer(shop: Shop, here: dict[str, Any]) -> dict[str, Any]:
    order_id = shop.order(customer=CUSTOMER)
    made = make_offer(**here, order_id=order_id, line="1", sku="MUG-ROUGE", quantity=1)
    return {"offer_id": made.id}


def _document(shop: Shop, here: dict[str, Any]) -> dict[str, Any]:
    known(shop.merchant)
    order_id = shop.order(invoice_number="F-77", customer=CUSTOMER)
    confirm(**here, order_id=order_id, ask=Ask(reason="out_of_stock", lines=(("1", 1),)))
    drain(at=datetime.now(UTC))
    write_up()
    paper = Document.of(shop.merchant.id).filter(order_id=order_id).latest("created_at")
    return {"document_id": paper.id}


def _people(shop: Shop, here: dict[str, Any]) -> dict[str, Any]:
    member = Member.objects.get(merchant=shop.merchant, role="viewer")
    invited = invite(**here, email=f"nouveau-{shop.merchant.code}@shop.example", role="agent")
    return {"member_id": member.id, "invitation_id": invited.id, "key": key_of(invited)}


def _words(shop: Shop, here: dict[str, Any]) -> dict[str, Any]:
    wording = add_wording(**here, reason="out_of_stock", label_fr="Plus en réserve", label_en="Sold out")
    return {
        "wording_id": wording.id,
        "kind": "cancellation",
        "language": "fr",
        "code": shop.merchant.code,
        "terms.code": "boutique",
        "inbound_key.code": "boutique",
        "rate.code": "boutique",
        "rate_csv.code": "boutique",
    }
