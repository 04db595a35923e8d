"""Help beside the work: a few sentences for each page and each step, and the page of ideas (EM-13, SH-21).

One page's help is one entry here, under the name of its address.
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Help(NamedTuple):
    """What a page is for, and what to do on it, one sentence each."""

    title: Any
    points: tuple[Any, ...]


PAGES: dict[str, Help] = {
    "to_do": Help(
        _("À traiter"),
        (
            _("Ce qui attend une personne, le plus ancien d'abord."),
            _("Chaque ligne dit qui attend, depuis quand, et la seule chose à faire."),
        ),
    ),
    "orders": Help(
        _("Commandes"),
        (
            _("Cherchez un numéro, un nom, une adresse, un article."),
            _("Les filtres s'ajoutent aux mots : status:open, placed:>=2026-11-01, total:>50."),
        ),
    ),
    "order": Help(
        _("Une commande"),
        (
            _("À gauche les articles et ce qu'on peut encore en faire, à droite le client."),
            _("« Annuler » montre d'abord tout ce qui suivra : rien ne bouge avant le dernier bouton."),
        ),
    ),
    "cancel": Help(
        _("Annuler"),
        (
            _("Trois étapes : prévenir le client, régler le stock, annuler."),
            _("Le reçu à droite suit vos choix : ce qui est rendu, par quel moyen, vers quand."),
            _("Vous pouvez revenir en arrière pendant quelques secondes après."),
        ),
    ),
    "refunds": Help(
        _("Remboursements"),
        (
            _("Ce qui est dû, ce qui est en route, ce qui a échoué."),
            _("Un remboursement à la main attend que vous disiez comment il a été payé."),
        ),
    ),
    "items": Help(
        _("Produits et stock"),
        (
            _("Vendable = en stock moins réservé par les commandes ouvertes."),
            _("« Indisponible jusqu'au » arrête la vente sans toucher au compte."),
        ),
    ),
    "performance": Help(
        _("Performance"),
        (
            _("Le taux : annulations qui comptent, sur les commandes de la période."),
            _("Chaque canal compte à sa façon ; la limite est tracée."),
        ),
    ),
    "settings": Help(_("Réglages"), (_("Une page par sujet. Chaque changement se lit dans le journal."),)),
    "team": Help(
        _("Équipe"),
        (
            _("Lecture seule : voit tout, ne change rien."),
            _("Agent : annule, rembourse, note les échanges, compte le stock."),
            _("Responsable : règle aussi les remboursements à la main, les textes et les conditions."),
            _("Propriétaire : tient l'équipe et les clés, et peut renoncer à ce qui est dû."),
        ),
    ),
    "wordings": Help(
        _("Motifs"),
        (
            _("Un motif garde ses règles : stock, taux, frais."),
            _("Vos mots s'y ajoutent : un nom pour l'équipe, une phrase pour le client."),
        ),
    ),
    "template": Help(
        _("Modèle d'e-mail"),
        (
            _("Les mots entre accolades sont remplis pour chaque client."),
            _("Regardez l'aperçu, envoyez-vous un essai, puis enregistrez."),
        ),
    ),
    "terms": Help(
        _("Conditions d'un canal"),
        (
            _("Chaque valeur dit d'où elle vient : une règle, un fait vérifié, ou votre réglage."),
            _("Un champ vide suit la règle. Un changement vaut dès la prochaine annulation."),
        ),
    ),
    "practice": Help(
        _("Mode entraînement"),
        (
            _("Une copie de la boutique avec des commandes d'essai."),
            _("Rien ne part, rien ne compte : essayez tout."),
        ),
    ),
}
STEPS: dict[str, Help] = {
    "contact": Help(
        _("Prévenir le client"),
        (
            _("Appelez avant d'annuler : un e-mail automatique ne remplace pas un échange."),
            _("Proposez d'abord autre chose, ou d'attendre, puis notez ce que le client a dit."),
            _("Pas de réponse : notez quand rappeler."),
        ),
    ),
    "stock": Help(
        _("Régler le stock"),
        (
            _("Dites à zéro ce qui manque vraiment : sinon la prochaine vente sera annulée aussi."),
            _("Une rupture de quelques jours se met « indisponible jusqu'au »."),
        ),
    ),
    "cancel": Help(
        _("Annuler"),
        (
            _("Annulez seulement ce qui manque : le reste peut partir."),
            _("Choisissez le motif vrai : il décide du stock et du taux."),
            _("Relisez le reçu, puis l'e-mail que le client recevra."),
        ),
    ),
}
IDEAS: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (
        _("Proposer le même, autrement"),
        (
            _("La même chose dans une autre couleur ou une autre taille, au même prix."),
            _("Le modèle juste au-dessus, au prix de ce que le client a payé."),
            _("Deux plus petits à la place d'un grand, quand cela fait le même usage."),
        ),
    ),
    (
        _("Proposer d'attendre"),
        (
            _("Dites une date sûre, pas « bientôt » : notez-la, et tenez-la."),
            _("Envoyez tout de suite ce qui est là, le reste à son arrivée, sans second port."),
        ),
    ),
    (
        _("Échanger"),
        (
            _("Un article de la même gamme ; la différence est rendue, ou offerte."),
            _("Un article d'exposition ou au carton abîmé, à prix réduit, si le client est d'accord."),
        ),
    ),
    (
        _("Quand rien ne convient"),
        (
            _("Annulez aussitôt, remboursez aussitôt, et dites vers quand l'argent arrive."),
            _(
                "Un bon d'achat ou un avoir, seulement si le client le préfère : demandez, puis notez son accord."
            ),
        ),
    ),
    (
        _("Les mots qui aident"),
        (
            _("« Je préfère vous appeler avant que vous n'attendiez pour rien. »"),
            _("« Il m'en reste un en vert, il peut partir ce soir. Cela vous irait ? »"),
            _("« Je vous rembourse 32,40 € sur votre carte, vous les avez vers le 26. »"),
        ),
    ),
)
