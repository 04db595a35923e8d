"""SH-7: a suspicion stands on the order's page and on its row, with its signals and what to do."""

from typing import Any

from django.urls import reverse

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from tests.web.desk import Shop


def page_of(shop: Shop, order: Any) -> str:
    answer = shop["agent"].get(reverse("web:order", kwargs={"order_id": order}))
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#x27;", "'")


def test_SH7_risk_and_signals_stand_on_the_order_and_its_row(shop: Shop) -> None:
    order = shop.order(risk={"level": "high", "signals": ["carte d'un autre pays", "3 cartes essayées"]})
    quiet = shop.order()

    page = page_of(shop, order)
    assert "Risque de fraude élevé" in page and "3 cartes essayées" in page and "phrase neutre" in page
    rows = shop["agent"].get(reverse("web:orders")).content.decode()
    assert rows.count("risque de fraude") == 1
    assert "Risque de fraude" not in page_of(shop, quiet).replace("Risque de fraude ?", "")


def test_SH7_a_fraud_cancel_says_not_to_ship_what_is_left(shop: Shop, now: Any) -> None:
    order = shop.order()
    ask = Ask(reason="fraud_suspected", lines=(("1", 3),))
    confirm(merchant_id=shop.merchant.id, order_id=order, ask=ask, by="t", at=now)

    assert "Fraude soupçonnée : ne pas expédier" in page_of(shop, order)
    assert "ne pas expédier" in shop["agent"].get(reverse("web:orders")).content.decode()
