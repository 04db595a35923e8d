"""RK-9 and RK-10's proposal: what the desk makes of a rate by the clock, exactly once."""

from typing import Any

from countermand.events.models import Event
from countermand.marketplace.models import Alert, Suspension
from tests.actions.place import seated


def kinds(merchant: Any) -> list[str]:
    return sorted(Alert.of(merchant.id).filter(closed_at=None).values_list("kind", flat=True))


def test_RK9_near_the_limit_a_warning_with_advice_goes_to_the_owners(merchant: Any) -> None:
    # 1 of 25 is 4.00 %: where the terms warn, still below 5 %
    place = seated(merchant)
    place.sales(25, cancelled=1)
    place.judged()
    [alert] = Alert.of(merchant.id).all()
    assert (alert.kind, alert.facts["rate"], alert.facts["cancelled"], alert.facts["total"]) == (
        "warn",
        "4.00",
        1,
        25,
    )
    [letter] = place.letters("alert")
    assert letter.subject == "Taux d'annulation de 4,00 % sur Les Halles en ligne : la limite est proche"
    assert letter.recipient == f"owner-{merchant.code}@shop.example"
    assert "Refusez-la avant de l'accepter" in letter.text.replace("\n", " ")
    assert "service client avant d'annuler" in letter.text.replace("\n", " ")
    assert (letter.from_name, letter.reply_to) == ("Les Halles", "vendeurs@halles.example")
    assert not Suspension.of(merchant.id).exists()


def test_RK9_just_below_the_warning_nothing_is_raised(merchant: Any) -> None:
    place = seated(merchant)
    place.sales(26, cancelled=1)  # 3.85 %
    place.judged()
    assert kinds(merchant) == []


def test_RK10_five_per_cent_exactly_is_at_the_limit_and_is_proposed(merchant: Any) -> None:
    place = seated(merchant)
    place.sales(20, cancelled=1)
    place.judged()
    assert kinds(merchant) == ["limit"]
    [proposed] = Suspension.of(merchant.id).all()
    assert (proposed.state, proposed.proposed_by, proposed.facts["rate"]) == ("proposed", "worker", "5.00")
    assert proposed.alert == Alert.of(merchant.id).get()
    # The merchant hears of the alert; of a proposal that nobody decided they do not.
    assert len(place.letters("alert")) == 1 and not place.letters("suspension")
    assert not Event.of(merchant.id).filter(kind__startswith="suspension").exists()
    house = Event.of(place.marketplace.house_id).filter(kind__startswith="suspension")
    assert list(house.values_list("kind", flat=True)) == ["suspension.proposed"]


def test_RK10_too_few_to_judge_are_neither_alerted_nor_proposed(merchant: Any) -> None:
    place = seated(merchant, overrides={"alert_count": 0})
    place.sales(9, cancelled=3)  # 33 %, of nine
    place.judged()
    assert kinds(merchant) == [] and not Suspension.of(merchant.id).exists()
    place.sales(1)  # the tenth
    place.judged(later=2)
    assert kinds(merchant) == ["limit"] and Suspension.of(merchant.id).exists()


def test_RK9_an_alert_is_raised_once_for_each_crossing(merchant: Any) -> None:
    place = seated(merchant, overrides={"alert_count": 0})
    orders = place.sales(20, cancelled=1)
    for minutes in (0, 2, 4):
        place.judged(later=minutes)
    assert len(place.letters("alert")) == 1
    place.sales(10)  # 1 of 30: 3.33 %, below the warning: closed, and its proposal lapses
    place.judged(later=6)
    assert kinds(merchant) == []
    assert list(Suspension.of(merchant.id).values_list("state", flat=True)) == ["lapsed"]
    place.call_off(orders[5])  # 2 of 30: 6.67 %, crossed a second time
    place.judged(later=8)
    assert kinds(merchant) == ["limit"]
    assert len(place.letters("alert")) == 2
    assert sorted(Suspension.of(merchant.id).values_list("state", flat=True)) == ["lapsed", "proposed"]


def test_RK9_who_comes_down_from_the_limit_is_not_written_to_for_it(merchant: Any) -> None:
    place = seated(merchant)
    place.sales(20, cancelled=1)
    place.judged()
    place.sales(4)  # 1 of 24: 4.17 %, near the limit still
    place.judged(later=2)
    assert kinds(merchant) == ["warn"]
    assert len(place.letters("alert")) == 1
    assert not Alert.of(merchant.id).filter(closed_at=None, acknowledged_at=None).exists()


def test_RK9_a_number_of_cancellations_in_few_days_alerts_whatever_the_rate(merchant: Any) -> None:
    place = seated(merchant)
    place.sales(200, cancelled=2)
    place.judged()
    assert kinds(merchant) == []
    place.sales(1, cancelled=1)  # the third in seven days, at 1.49 %
    place.judged(later=2)
    [alert] = Alert.of(merchant.id).filter(kind="number")
    assert (alert.facts["count"], alert.facts["threshold"], alert.facts["in_days"]) == (3, 3, 7)
    [letter] = place.letters("alert")
    assert letter.subject == "3 annulations en 7 jours sur Les Halles en ligne"


def test_RK9_under_terms_that_count_by_article_the_alert_names_it(merchant: Any) -> None:
    place = seated(merchant, terms="amazon", overrides={"limit": "", "warn": ""})
    place.sales(30, cancelled=1, sku="BOL-VERT")
    place.sales(30, cancelled=2, sku="MUG-BLEU")
    place.judged()
    [alert] = Alert.of(merchant.id).all()
    assert (alert.kind, alert.subject, alert.facts["count"]) == ("number", "MUG-BLEU", 2)
    assert "article MUG-BLEU" in place.letters("alert")[0].text


def test_RK9_what_the_buyer_asked_through_the_case_does_not_alert(merchant: Any) -> None:
    place = seated(merchant, terms="merchant_space")
    orders = place.sales(20)
    for order_id in orders[:3]:
        place.call_off(order_id, reason="customer_changed_mind", initiated_by="buyer")
    place.judged()
    assert kinds(merchant) == []


def test_RK9_the_letter_is_in_the_merchants_language(merchant: Any) -> None:
    merchant.language = "en"
    merchant.save()
    place = seated(merchant)
    place.sales(20, cancelled=1)
    place.judged()
    [letter] = place.letters("alert")
    assert letter.subject == "Cancellation rate of 5.00% on Les Halles en ligne: the limit is reached"
    assert "The seller team of Les Halles" in letter.text
