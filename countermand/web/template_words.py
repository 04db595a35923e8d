"""What each variable of a mail's text stands for, in a few words."""

from django.utils.translation import gettext_lazy as _

ABOUT = {
    "commande": _("numéro de la commande"),
    "prenom": _("premier mot du nom du client"),
    "nom": _("nom du client"),
    "boutique": _("nom de la boutique"),
    "expediteur": _("prénom de qui signe"),
    "montant": _("total à rendre"),
    "objet": _("l'objet que nous écririons"),
    "bonjour": _("« Bonjour Ana, »"),
    "annonce": _("ce qui est annulé, et pourquoi"),
    "message": _("ce que l'équipe a écrit au client"),
    "articles": _("les articles annulés"),
    "restants": _("les articles que le client reçoit toujours"),
    "remboursement": _("montant, moyen et date du remboursement"),
    "repondre": _("« Répondez simplement à cet e-mail. »"),
    "signature": _("prénom et boutique"),
}
