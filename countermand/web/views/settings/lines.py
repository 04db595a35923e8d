"""The lines of the settings index: one each, in the order in which a shop sets itself up."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from countermand.web.access import Desk


@dataclass(frozen=True)
class Line:
    """One sub-page: `key` is the name of its address, `permission` what it takes to open it."""

    key: str
    word: Any
    about: Any
    icon: str
    permission: str = "read"


# (group, its lines). A new sub-page of the settings is one line here.
GROUPS: tuple[tuple[Any, tuple[Line, ...]], ...] = (
    (
        _("La boutique"),
        (
            Line("company", _("Entreprise"), _("Nom, expéditeur des e-mails, langue, fuseau horaire."), "store"),
            Line("channels", _("Canaux et conditions"), _("Ce que chaque canal permet, et d'où cela vient."), "scale"),
            Line("approval_rules", _("Validations"), _("Ce qui attend un second regard avant de partir."), "stamp"),
            Line("legal", _("Mentions légales"), _("Qui vend, tel que vos factures d'avoir le disent."), "stamp", "channels"),
            Line("team", _("Équipe"), _("Qui travaille ici, avec quel rôle ; inviter, retirer."), "users-round"),
            Line("practice", _("Mode entraînement"), _("S'exercer sur des commandes d'essai : rien ne part."), "graduation-cap"),
        ),
    ),
    (
        _("Les mots"),
        (
            Line("wordings", _("Motifs"), _("Vos propres mots, pour l'équipe et pour les clients."), "list-tree"),
            Line("templates", _("Modèles d'e-mails"), _("Ce que vos clients lisent, en français et en anglais."), "mail"),
            Line("reply_texts", _("Textes de messages"), _("Vos débuts de réponse, à rendre personnels avant d'envoyer."), "message-square-text"),
            Line("how_to", _("Comment annuler"), _("La page publique qui dit à vos clients comment demander."), "life-buoy"),
        ),
    ),
    (
        _("Les accès"),
        (
            Line("security", _("Votre accès"), _("Mot de passe, double authentification, code de caisse."), "shield-check"),
            Line("tokens", _("Clés de l'API"), _("Pour les programmes qui parlent à Countermand."), "key-round", "tokens"),
            Line("webhooks", "Webhooks", _("Vos programmes apprennent ce qui arrive, au moment où cela arrive."), "webhook", "tokens"),
            Line("inbound", _("Messages reçus"), _("Comment un canal ou un serveur de courrier remet ce que les clients écrivent."), "inbox", "tokens"),
            Line("activity", _("Journal d'activité"), _("Qui a fait quoi, et quand."), "history"),
            Line("mailbox", _("Boîte aux lettres"), _("Les e-mails des canaux d'essai, tels qu'ils seraient partis."), "mails"),
        ),
    ),
)  # fmt: skip


def lines_for(desk: Desk) -> list[dict[str, Any]]:
    """This will give the groups with the lines that a reader may open and that have a page."""
    groups = []
    for title, lines in GROUPS:
        shown = [{"line": line, "url": _url(line)} for line in lines if desk.allows(line.permission)]
        groups.append({"title": title, "lines": [each for each in shown if each["url"]]})
    return [group for group in groups if group["lines"]]


def _url(line: Line) -> str:
    try:
        return reverse(f"web:{line.key}")
    except NoReverseMatch:
        return ""
