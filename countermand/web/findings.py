"""What figures say, in a sentence: the title of each chart of the Performance page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from countermand.performance.report import Part, Performance
from countermand.web import readable

# Who or what makes how much of it: "Les ruptures de stock font 61 % des annulations".
REASON = {
    "customer_changed_mind": lazy("Les changements d'avis font %(share)s des annulations"),
    "budget": lazy("Le budget des clients fait %(share)s des annulations"),
    "better_offer": lazy("De meilleures offres ailleurs font %(share)s des annulations"),
    "doubt": lazy("Les doutes des clients font %(share)s des annulations"),
    "ordered_by_mistake": lazy("Les commandes passées par erreur font %(share)s des annulations"),
    "out_of_stock": lazy("Les ruptures de stock font %(share)s des annulations"),
    "item_unavailable": lazy("Les produits indisponibles font %(share)s des annulations"),
    "listing_error": lazy("Les annonces erronées font %(share)s des annulations"),
    "cannot_deliver": lazy("Les livraisons impossibles font %(share)s des annulations"),
    "wrong_address": lazy("Les adresses erronées font %(share)s des annulations"),
    "delay": lazy("Les retards de livraison font %(share)s des annulations"),
    "price_error": lazy("Les prix erronés font %(share)s des annulations"),
    "fraud_suspected": lazy("Les soupçons de fraude font %(share)s des annulations"),
    "payment_declined": lazy("Les paiements refusés font %(share)s des annulations"),
    "damaged": lazy("Les articles abîmés font %(share)s des annulations"),
    "technical_error": lazy("Les erreurs techniques font %(share)s des annulations"),
    "supplier": lazy("Les défauts du fournisseur font %(share)s des annulations"),
    "business_decision": lazy("Les décisions commerciales font %(share)s des annulations"),
    "other": lazy("Les autres motifs font %(share)s des annulations"),
}
LEVER = {
    "product": lazy("%(share)s se jouent sur le produit : annonce, prix, qualité"),
    "stock": lazy("%(share)s se jouent sur le stock"),
    "relations": lazy("%(share)s se jouent dans la relation client : conseil, délais, livraison"),
    "none": lazy("%(share)s ne tiennent ni au produit, ni au stock, ni à la relation client"),
}
ASKED = {
    "buyer": lazy("Les clients demandent %(share)s des annulations"),
    "merchant": lazy("Vous décidez %(share)s des annulations"),
    "platform": lazy("La plateforme décide %(share)s des annulations"),
}
LEVER_WORD = {
    "product": lazy("Produit"),
    "stock": lazy("Stock"),
    "relations": lazy("Relation client"),
    "none": lazy("Hors de portée"),
}
ASKED_WORD = {
    "buyer": lazy("le client"),
    "merchant": lazy("vous"),
    "platform": lazy("la plateforme"),
}


def share(part: int, whole: int) -> str:
    """This will write a share in whole per cents."""
    return readable.percent(part / whole if whole else 0, 0)


def of_parts(words: dict[str, Any], parts: list[Part], whole: int) -> str:
    """This will say what the largest part makes of the whole."""
    return str(words[parts[0].key]) % {"share": share(parts[0].all, whole)}


def of_items(found: Performance) -> str:
    """This will say how much the articles called off most often make together."""
    whole = sum(part.articles for part in found.asked)
    first = found.items[0]
    if len(found.items) > 3 and first.articles * 4 < whole:
        three = sum(part.articles for part in found.items[:3])
        return _("Trois articles font %(share)s des unités annulées") % {"share": share(three, whole)}
    said = {"title": first.title, "share": share(first.articles, whole)}
    return _("« %(title)s » fait %(share)s des unités annulées") % said


def of_members(found: Performance, name: str) -> str:
    """This will say who wrote most of them down, without blame: it is work done."""
    said = {"name": name, "share": share(found.members[0].all, found.all)}
    return _("%(name)s a traité %(share)s des annulations") % said


def of_trend(found: Performance) -> str:
    """This will say where the rate goes, against the same number of days before."""
    now, before = found.rate, found.before
    if not found.judged:
        return _("Trop peu de ventes pour lire une tendance")
    if before.total < found.minimum:
        return _("Le taux est à %(rate)s") % {"rate": per_cent(now.before)}
    points = round((float(now.before) - float(before.before)), 2)
    if abs(points) < 0.1:
        return _("Le taux est stable, à %(rate)s") % {"rate": per_cent(now.before)}
    said = {"rate": per_cent(now.before), "points": readable.number(abs(points))}
    whole = int(abs(points))  # French counts 1,9 as one still
    if points > 0:
        return (
            ngettext(
                "Le taux monte de %(points)s point, à %(rate)s",
                "Le taux monte de %(points)s points, à %(rate)s",
                whole,
            )
            % said
        )
    return (
        ngettext(
            "Le taux baisse de %(points)s point, à %(rate)s",
            "Le taux baisse de %(points)s points, à %(rate)s",
            whole,
        )
        % said
    )


def of_room(found: Performance) -> str:
    """This will say how far the limit is in what a merchant counts, "" where there is none."""
    room = found.rate.room
    if room is None or not found.judged:
        return ""
    if found.rate.breached:
        return _("la limite n'est plus tenue")
    if not room:
        return _("la prochaine annulation atteint la limite")
    return ngettext(
        "encore %(n)s annulation avant la limite", "encore %(n)s annulations avant la limite", room
    ) % {"n": readable.number(room)}


def per_cent(rate: str) -> str:
    """This will write a rate of two decimals as the reader does: "4.35" as "4,35 %"."""
    return readable.percent(float(rate) / 100, 2)
