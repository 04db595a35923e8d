"""What the entries of a statement are called."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand.refusals import Refusal
from countermand.web import refusal_words

KIND = {
    "sale": _("Ventes"),
    "commission": _("Commission sur les ventes"),
    "reversal": _("Annulations"),
    "refund": _("Autres remboursements"),
    "commission_back": _("Commission rendue"),
    "commission_kept": _("Commission restée due"),
}
ONE = {
    "sale": _("vente"),
    "commission": _("commission"),
    "reversal": _("annulation"),
    "refund": _("remboursement"),
    "commission_back": _("commission rendue"),
    "commission_kept": _("commission restée due"),
}
ASKED_BY = {"buyer": _("le client"), "merchant": _("la boutique"), "platform": _("la plateforme")}
COLUMN = {"order": _("commande"), "amount": _("montant"), "kind": _("nature")}


def unreadable(refusal: Refusal) -> str:
    """This will say what is wrong with a platform's file, and where."""
    if refusal.code == "line_unreadable":
        said = gettext(
            "Ligne %(line)s : la nature ou le montant ne se lit pas. Corrigez-la, puis recommencez."
        )
        return said % refusal.facts
    if refusal.code == "column_missing":
        said = gettext("Il manque la colonne « %(column)s ». La première ligne nomme les colonnes.")
        return said % {"column": COLUMN[refusal.facts["column"]]}
    if refusal.code == "not_a_text_file":
        return gettext("Ce fichier n'est pas un CSV en UTF-8. Enregistrez-le ainsi, puis recommencez.")
    if refusal.code == "file_too_long":
        return gettext("Ce fichier a trop de lignes. Prenez un mois à la fois.")
    return refusal_words.say(refusal)
