"""What a mail to a buyer says, and what it must not say."""

import re
from datetime import date
from string import Formatter
from typing import Any

import pytest

from countermand.correspondence.blocks import one_line
from countermand.correspondence.delays import DELAYS, arrival
from countermand.correspondence.rendering import Mail, Sender, preview
from countermand.correspondence.wording import ENGLISH, FRENCH, wording
from countermand.lifecycle import MESSAGE
from countermand.payments.models import METHODS
from countermand.reasons import REASONS
from tests.actions.correspondents import facts

FRIDAY = date(2026, 11, 20)
NB = "\u00a0"


def mail(
    language: str = "fr", *, kind: str = "cancellation", name: str = "Jeanne Dupont", **others: Any
) -> Mail:
    sender = Sender("Camille", "Le Petit Mug")
    return preview(facts=facts(**others), sender=sender, name=name, language=language, on=FRIDAY, kind=kind)


def words(text: str) -> str:
    """The text as one line with plain spaces."""
    return re.sub(r"\s+", " ", text)


def test_SG6_the_mail_says_how_much_comes_back_by_what_and_by_when() -> None:
    text = words(mail().text)
    assert "Le remboursement de 21,26 € est en cours, sur la carte qui a servi au paiement" in text
    assert "attendu entre le 25 et le 30 novembre" in text


def test_SG6_the_subject_says_the_fact() -> None:
    assert words(mail().subject) == "Commande 1001 : 2 articles annulés, 21,26 € seront remboursés"
    assert words(mail("en").subject) == "Order 1001: 2 items cancelled, €21.26 will be refunded"


def test_SG6_a_whole_order_and_one_article_have_their_own_words() -> None:
    whole = words(mail(whole=True, refund_minor=3880, remaining=[]).subject)
    assert whole == "Commande 1001 annulée : 38,80 € seront remboursés"
    line = {"title": "Mug bleu", "sku": "MUG-BLEU", "quantity": 1, "amount_minor": 150}
    single = words(mail(lines=[line], refund_minor=150).subject)
    assert single == "Commande 1001 : 1 article annulé, 1,50 € sera remboursé"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("when", ["now", "later", "none", "platform"])
def test_EM10_no_mail_claims_that_the_money_has_arrived(language: str, when: str) -> None:
    written = mail(language, when=when)
    for part in (written.subject, written.text, written.html):
        # "seront remboursés" and "will be refunded" announce; the same words alone would claim.
        claims = re.sub(r"(ser(a|ont) remboursée?s?|[Tt]o be refunded|will be refunded)", "", part)
        assert not re.search(r"remboursée?s?\b|refunded\b|crédité|credited|reçu votre argent", claims)


def test_SG8_a_refund_later_announces_a_second_mail() -> None:
    written = mail(when="later", methods=[])
    assert words(written.subject) == "Commande 1001 : 2 articles annulés, remboursement de 21,26 € à suivre"
    assert "vous recevez un autre e-mail quand il part" in words(written.text)
    assert "attendu entre" not in words(written.text)


def test_SG8_the_second_mail_says_how_much_by_what_and_by_when() -> None:
    second = mail(kind="refund")
    assert words(second.subject) == "Commande 1001 : remboursement de 21,26 € en cours"
    text = words(second.text)
    assert "Nous vous remboursons 21,26 € sur votre commande 1001." in text
    assert "attendu entre le 25 et le 30 novembre" in text


@pytest.mark.parametrize(
    ("method", "how", "by_what", "by_when"),
    [
        ("card", "original", "sur la carte", "attendu entre le 25 et le 30 novembre"),
        ("wallet", "original", "sur le portefeuille", "attendu entre le 21 et le 23 novembre"),
        ("transfer", "original", "par virement", "attendu entre le 22 et le 25 novembre"),
        ("card", "store_credit", "en avoir en boutique", "disponible aussitôt"),
        ("card", "gift_card", "sur une carte cadeau", "disponible aussitôt"),
        ("store_credit", "original", "en avoir en boutique", "disponible aussitôt"),
        ("card", "manual", "par un règlement que nous faisons nous-mêmes", "fait au plus tard le 4 décembre"),
        ("cash", "original", "en espèces, au magasin", "fait au plus tard le 4 décembre"),
    ],
)
def test_SH18_the_delay_depends_on_the_means(method: str, how: str, by_what: str, by_when: str) -> None:
    text = words(mail(methods=[{"method": method, "amount_minor": 2126, "how": how}]).text)
    assert by_what in text
    assert by_when in text


def test_SH18_several_means_are_listed_each_with_its_amount() -> None:
    two = [
        {"method": "card", "amount_minor": 2000, "how": "original"},
        {"method": "gift_card", "amount_minor": 126, "how": "original"},
    ]
    text = words(mail(methods=two).text)
    assert "– 20,00 € sur la carte qui a servi au paiement, attendu entre le 25 et le 30 novembre" in text
    assert "– 1,26 € sur une carte cadeau, disponible aussitôt" in text


def test_SH18_every_means_of_payment_has_a_delay_with_its_source() -> None:
    assert set(METHODS) <= set(DELAYS)
    assert all(delay.least <= delay.most and delay.source == "ours" for delay in DELAYS.values())
    assert arrival(how="original", method="card", leaves_on=FRIDAY)[1:] == (
        date(2026, 11, 25),
        date(2026, 11, 30),
    )


def test_the_first_of_a_month_is_said_as_people_say_it() -> None:
    sender = Sender("", "Le Petit Mug")
    written = preview(facts=facts(), sender=sender, name="", language="fr", on=date(2026, 11, 21))
    assert "attendu entre le 26 novembre et le 1er décembre" in words(written.text)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_SH7_a_suspicion_is_never_told(language: str) -> None:
    written = mail(language, reason="fraud_suspected")
    for part in (written.subject, written.text, written.html):
        assert not re.search(
            r"fraud|soupçon|suspect|suspicious|risque|vérification|voucher|bon d'achat", part, re.I
        )


@pytest.mark.parametrize("table", [FRENCH, ENGLISH])
def test_SH11_every_reason_has_words_for_buyers(table: Any) -> None:
    assert set(table.reasons) == set(REASONS)
    assert all(sentence.endswith(".") for sentence in table.reasons.values())
    assert table.reason("a code of tomorrow") == table.reasons["other"]


def test_SH11_private_motives_are_not_repeated() -> None:
    assert len({FRENCH.reasons[code] for code in ("budget", "better_offer", "doubt")}) == 1


def test_both_languages_say_the_same_things() -> None:
    assert set(FRENCH.means) == set(ENGLISH.means) == set(DELAYS)
    assert set(FRENCH.phrases) == set(ENGLISH.phrases)
    for key, text in FRENCH.phrases.items():
        assert _fields(text) == _fields(ENGLISH.phrases[key]), key


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("table", [FRENCH, ENGLISH])
def test_the_tone_is_calm(table: Any) -> None:
    said = [*table.phrases.values(), *table.reasons.values(), *table.means.values()]
    assert not [text for text in said if "!" in text or "succès" in text.lower() or "success" in text.lower()]
    assert not [text for text in said if re.search(r"\b(tu|ton|ta|tes)\b", text) and table is FRENCH]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR_be", "fr"), ("en", "en"), ("de", "en"), ("", "en")],
)
def test_other_languages_are_written_to_in_english(language: str, expected: str) -> None:
    assert wording(language).language == expected


def test_amounts_are_written_as_the_language_does_and_do_not_break() -> None:
    dear = mail(
        refund_minor=123456, lines=[{"title": "Vase", "sku": "", "quantity": 1, "amount_minor": 123456}]
    )
    assert f"1\u202f234,56{NB}€" in dear.text
    assert f"1\u202f234,56{NB}€" in dear.html
    yen = mail(
        currency="JPY",
        refund_minor=1234,
        methods=[{"method": "card", "amount_minor": 1234, "how": "original"}],
    )
    assert f"1\u202f234{NB}JPY" in yen.text


def test_the_text_is_as_good_as_the_html() -> None:
    written = mail(message="Je vous appelle demain.\nCamille", shipping_minor=490, refund_minor=2616)
    plain = words(re.sub(r"<[^>]+>", " ", written.html.split("<body")[1]))
    for said in (
        "Votre commande 1001 change : 2 articles annulés.",
        "Notre stock est épuisé",
        "Je vous appelle demain.",
        "2 × Mug bleu",
        "MUG-BLEU",
        "Ce que vous recevez toujours",
        "1 × Mug bleu",
        "Frais de livraison",
        "4,90 €",
        "26,16 €",
        "Camille, Le Petit Mug",
    ):
        assert said in words(written.text), said
        assert said in plain.replace(" ,", ","), said


def test_what_is_listed_adds_up_to_what_goes_back() -> None:
    def rows(**others: Any) -> list[int]:
        text = mail(**others).text
        listed = text.split("Votre remboursement\n")[1].split("\n\n")[0].splitlines()
        return [
            int(re.sub(r"[^\d\u2212-]", "", line.split("—")[1]).replace("\u2212", "-")) for line in listed
        ]

    for others in (
        {},
        {"shipping_minor": 490, "refund_minor": 2616},
        {"shipping_minor": 490, "fees_minor": 200, "fee_minor": 300, "refund_minor": 2516},
        {"refund_minor": 1000},  # half of it was paid: only that comes back
    ):
        *parts, total = rows(**others)
        assert sum(parts) == total, others


def test_nothing_paid_nothing_promised() -> None:
    text = words(mail(refund_minor=0, methods=[]).text)
    assert "Il n'y a rien à vous rembourser" in text
    assert "0,00" not in text


def test_what_was_only_reserved_is_not_called_a_refund() -> None:
    held = [{"method": "card", "amount_minor": 3690, "how": "original", "kind": "void"}]
    written = mail(refund_minor=0, whole=True, methods=held)
    assert "Les 36,90 € réservés sur votre moyen de paiement ne sont pas débités." in words(written.text)
    assert words(written.subject) == "Commande 1001 annulée"


def test_EM10_the_platform_refunds_where_the_terms_say_so() -> None:
    written = mail(when="platform")
    assert "Le service client de la place de marché s'occupe de votre remboursement de 21,26 €." in words(
        written.text
    )


def test_EM15_the_mail_is_signed_by_a_person_of_the_shop() -> None:
    assert mail().text.rstrip().endswith("Bien à vous,\nCamille, Le Petit Mug")
    assert "Répondez simplement à cet e-mail" in mail().text
    nobody = preview(
        facts=facts(), sender=Sender("", "Le Petit Mug", False), name="", language="fr", on=FRIDAY
    )
    assert nobody.text.startswith("Bonjour,\n")
    assert "Répondez" not in nobody.text


def test_a_title_cannot_become_markup_or_a_header() -> None:
    evil = '<img src=x onerror=alert(1)>"&\r\nBcc: all@example.org\u202e'
    line = {"title": evil, "sku": "A\nB", "quantity": 1, "amount_minor": 100}
    written = mail(lines=[line], number="1\r\nBcc: x", message="<script>1</script>", name=evil)
    assert "\n" not in written.subject and "\r" not in written.subject
    assert "<img" not in written.html and "<script" not in written.html and "\u202e" not in written.html
    assert "&lt;img" in written.html


def test_a_long_order_does_not_make_an_endless_mail() -> None:
    lines = [{"title": f"Mug {i}", "sku": f"M{i}", "quantity": 2, "amount_minor": 100} for i in range(2000)]
    written = mail(lines=lines, refund_minor=200_000, remaining=[])
    assert "et 3800 autres" in written.text
    assert len(written.html) < 100_000


def test_one_line_keeps_what_is_to_be_read() -> None:
    assert one_line(" Café\tbleu\u2028nuit\x00 ") == "Café bleu nuit"
    assert one_line(None) == ""


def test_a_failed_mail_may_be_sent_again() -> None:
    assert "planned" in MESSAGE["failed"]
