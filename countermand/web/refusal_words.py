"""Every refusal as a sentence for the person at the desk: what stands in the way, and what to do next."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand.refusals import Refusal

WORDS = {
    "already_cancelled": _(
        "Tout est déjà annulé. Il reste, s'il le faut, à rembourser ou à remettre en stock."
    ),
    "already_shipped": _("Tout est parti. Attendez le retour des articles, puis remboursez."),
    "nothing_open": _("Ce qui n'est pas annulé est déjà parti. Attendez le retour, puis remboursez."),
    "not_accepted_yet": _(
        "Cette vente n'est pas encore acceptée. Refusez la vente : elle ne compte pas dans le taux."
    ),
    "not_refused_yet": _("Refusez d'abord l'article, puis mettez son stock à zéro."),
    "stock_counted_since": _(
        "Le stock de cet article a été compté depuis le refus : changez-le sur la page du produit."
    ),
    "not_verified_yet": _(
        "Le paiement est en cours de vérification. Attendez qu'elle soit finie : rien ne doit partir."
    ),
    "already_verified": _("Le paiement est déjà vérifié : la commande peut partir, ou être annulée."),
    "already_accepted": _("Cette vente est déjà acceptée : elle ne se refuse plus, elle s'annule."),
    "already_confirmed": _("Tous les colis sont déjà confirmés."),
    "nothing_shipped": _("Rien n'est parti, ou tout est déjà revenu."),
    "address_fixed": _(
        "L'adresse ne se change pas : expédiez à celle de la commande, ou annulez et laissez le client commander à nouveau."
    ),
    "in_progress": _("Quelqu'un d'autre agit sur cette commande. Réessayez dans un instant."),
    "plan_changed": _("La commande a changé depuis l'aperçu. Relisez le nouvel aperçu, puis confirmez."),
    "terms_forbid": _("Les conditions du canal ne le permettent pas. Choisissez une autre réponse."),
    "refund_owed": _(
        "Le client a payé : remboursez maintenant ou plus tard. Seul le propriétaire peut y renoncer, avec un motif."
    ),
    "held_by_request": _("Une demande du client attend sa réponse. Répondez-y d'abord."),
    "unknown_request": _("Cette demande n'attend plus de réponse. Rechargez la page."),
    "unknown_route": _("Dites par où la demande est venue."),
    "still_unofficial": _("Ce canal ne la reconnaît pas encore. Donnez ce qui la rend officielle."),
    "case_reference_required": _("Donnez la référence du dossier, ou laissez sa date vide."),
    "in_future": _("Cette date est à venir. Corrigez-la."),
    "shipment_unconfirmed": _(
        "L'expédition n'est pas confirmée. Rappelez le colis : revenu, il s'annule sans frais."
    ),
    "shipment_confirmed": _("L'expédition est confirmée : c'est un retour."),
    "return_open": _("Un retour est déjà attendu pour ces articles. Réceptionnez-le."),
    "return_over": _("Ce retour est déjà clos. Rechargez la page."),
    "not_received": _("Ce retour n'est pas encore arrivé. Comptez-le d'abord."),
    "parcel_back": _("Ce colis est déjà revenu."),
    "before_shipment": _("Cette date est avant le départ du colis. Corrigez-la."),
    "intercept_open": _("Ce colis est déjà rappelé. Notez la réponse sur sa page."),
    "intercept_over": _("Ce rappel est déjà clos. Rechargez la page."),
    "unknown_parcel": _("Ce colis n'est pas dans la commande. Rechargez la page."),
    "unknown_condition": _("Choisissez dans quel état l'article est revenu."),
    "condition_required": _("Dites dans quel état chaque article est revenu."),
    "shipping_owed": _("Tout revient après une rétractation : la livraison standard se rend aussi."),
    "unknown_when": _("Choisissez maintenant ou plus tard."),
    "not_yet": _("Ce jour n'est pas encore venu."),
    "reason_required": _("Choisissez un motif."),
    "unknown_reason": _("Ce motif n'existe pas. Choisissez-en un dans la liste."),
    "unknown_initiator": _("Dites qui demande l'annulation."),
    "message_required": _("Ce canal demande un message au client. Écrivez-le."),
    "message_too_long": _("Le message est trop long. Raccourcissez-le."),
    "reply_not_allowed": _("Cette réponse n'est pas permise ici. Écrivez un autre message."),
    "message_needs_email": _("La commande n'a pas d'adresse à qui écrire. Appelez le client."),
    "unknown_message_kind": _("Choisissez un type de message dans la liste."),
    "name_taken": _("Un autre texte porte déjà ce nom. Choisissez-en un autre."),
    "too_many_texts": _("Cent textes au plus : retirez-en un d'abord."),
    "mail_too_large": _("Cet e-mail est trop gros : deux mégaoctets au plus."),
    "not_a_mail": _("Cela ne se lit pas comme un e-mail."),
    "unknown_address": _("Aucune commande n'a cette adresse."),
    "invalid_lines": _("Choisissez au moins un article à annuler."),
    "unknown_line": _("Cet article n'est pas dans la commande. Rechargez la page."),
    "duplicate_line": _("Cet article est nommé deux fois. Rechargez la page."),
    "invalid_quantity": _("Indiquez un nombre d'unités, au moins 1."),
    "quantity_too_large": _("C'est plus qu'il n'en reste. Baissez le nombre."),
    "amount_too_large": _("C'est plus que ce qui peut être rendu. Baissez le montant."),
    "invalid_amount": _("Écrivez un montant en chiffres, comme 12,30."),
    "too_many_decimals": _("Cette devise a moins de décimales. Corrigez le montant."),
    "fee_not_allowed": _("Aucun frais n'est permis pour ce motif. Laissez le champ vide."),
    "consent_required": _(
        "L'argent revient comme il est venu, sauf accord du client. Notez son accord : ce qu'il a dit et par quel moyen."
    ),
    "email_required": _(
        "Un avoir est tenu pour une adresse e-mail, et la commande n'en a pas. Choisissez un autre moyen."
    ),
    "unknown_method": _("Choisissez un moyen de remboursement dans la liste."),
    "nothing_to_refund": _("Il n'y a rien à rendre. Pour un geste commercial, indiquez un montant."),
    "not_retryable": _(
        "Ce remboursement n'attend pas d'être relancé. Rechargez la page pour voir où il en est."
    ),
    "not_settleable": _(
        "Ce remboursement ne se règle pas à la main. Rechargez la page pour voir où il en est."
    ),
    "evidence_required": _("Dites comment il a été payé : reçu, référence du virement."),
    "already_undone": _("C'est déjà retiré. Rechargez la page pour voir la commande."),
    "voucher_not_for_fraud": _("Aucun bon quand une fraude est soupçonnée. Annulez sans bon."),
    "voucher_too_large": _(
        "C'est plus que ce que vous pouvez offrir seul : 20 %, ou la valeur des articles annulés. Baissez, ou demandez à un responsable."
    ),
    "invalid_percent": _("Indiquez un pourcentage entier, de 1 à 100."),
    "invalid_expiry": _("Choisissez un jour entre aujourd'hui et dans cinq ans."),
    "unknown_kind": _("Choisissez un pourcentage ou un montant."),
    "voucher_redeemed": _("Ce bon est déjà utilisé. Il ne vaut qu'une fois."),
    "voucher_withdrawn": _("Ce bon a été retiré. Il ne vaut plus."),
    "voucher_expired": _("Ce bon a expiré. Un responsable peut en faire un autre."),
    "voucher_not_yet": _(
        "L'annulation qui l'accompagne peut encore être retirée. Réessayez dans un instant."
    ),
    "invalid_last_digits": _("Indiquez les quatre derniers chiffres de la carte."),
    "too_late": _(
        "Le délai pour revenir en arrière est passé. Appelez le client et passez la commande à nouveau."
    ),
    "nothing_to_restock": _("Il ne reste rien à remettre en stock."),
    "without_stock_keeping": _("Cet article n'a pas de stock suivi. Comptez-le d'abord."),
    "stock_below_zero": _("Il n'y en a pas tant en rayon. Comptez, puis indiquez ce qui reste."),
    "nothing_cancelled": _("Rien n'a été annulé : il n'y a rien à repasser."),
    "invalid_days": _("Indiquez un nombre de jours de 1 à 365."),
    "text_required": _("Écrivez la note."),
    "text_too_long": _("Le texte est trop long. Raccourcissez-le."),
    "skip_reason_required": _("Dites pourquoi vous passez cette étape."),
    "stock_kept_elsewhere": _("Un autre système tient ce stock. Ouvrez un ticket : son support le corrige."),
    "unknown_deed": _("Choisissez ce qui est fait au stock."),
    "unknown_keeper": _("Dites qui tient ce stock : la boutique ou un autre système."),
    "ticket_closed": _("Ce ticket est déjà clos."),
    "offer_needs_email": _(
        "La commande n'a pas d'adresse e-mail. Proposez au téléphone, puis notez la réponse."
    ),
    "stock_step_open": _("Réglez d'abord le stock de l'article remplacé, ou dites pourquoi vous passez."),
    "nothing_to_ship": _("Il ne reste rien à expédier. Décochez l'envoi, puis confirmez."),
    "unknown_answer": _("Dites si le client accepte ou refuse."),
    "not_sellable": _("Cet article n'est plus en vente en nombre suffisant. Proposez-en un autre."),
    "no_alternative": _("Cet article ne remplace pas celui-là. Choisissez-en un dans la liste."),
    "price_missing": _("Cet article n'a pas de prix dans cette devise. Donnez-lui en un, puis proposez-le."),
    "offer_open": _("Une proposition attend déjà pour cet article. Retirez-la pour en faire une autre."),
    "offer_answered": _("Cette proposition a déjà sa réponse. Rechargez la page."),
    "offer_expired": _("Cette proposition est échue. Faites-en une autre."),
    "offer_not_accepted": _("Le client ne l'a pas encore acceptée. Notez d'abord sa réponse."),
    "payment_missing": _("L'autre article est plus cher : notez d'abord ce que le client a payé en plus."),
    "not_captured_yet": _("Le paiement n'est pas encore encaissé. Encaissez-le, puis échangez."),
    "unknown_outcome": _("Dites ce que l'échange a donné."),
    "unknown_means": _("Dites par quel moyen."),
    "invalid_name": _("Donnez un nom, de 100 caractères au plus."),
    "unknown_role": _("Choisissez un rôle dans la liste."),
    "unknown_filter": _(
        "Ce filtre n'existe pas. Filtres : status, channel, reason, placed, total, sku, number, owed."
    ),
    "invalid_filter": _(
        "Ce filtre n'est pas écrit comme il faut. Exemples : status:cancelled, placed:>=2026-11-01, total:>50."
    ),
    "invalid_period": _("Choisissez un premier jour avant le dernier, sur dix ans au plus."),
    "invalid_day": _("Écrivez le jour ainsi : 2026-11-01."),
    "invalid_visits": _("Indiquez un nombre de visites, à partir de 0."),
    "visits_required": _("Indiquez un jour et son nombre de visites."),
    "skus_required": _("Indiquez au moins un article."),
    "too_many_items": _("Mille articles au plus à la fois : faites-en plusieurs listes."),
    "too_many_days": _("Mille jours au plus à la fois : faites-en plusieurs fichiers."),
    "feedback_given": _("Un avis est déjà noté pour cette annulation."),
    "invalid_score": _("Choisissez une note de 1 à 5."),
    "invalid_cursor": _("Cette page n'existe plus. Revenez au début de la liste."),
    "cursor_differs": _("Cette page n'existe plus. Revenez au début de la liste."),
    "already_member": _("Cette personne a déjà sa place ici. Changez son rôle dans la liste."),
    "already_invited": _("Une invitation attend déjà à cette adresse. Renvoyez-la, ou retirez-la."),
    "already_answered": _("Cette invitation est close. Rechargez la page."),
    "last_owner": _("Une boutique garde au moins un propriétaire. Nommez-en un autre d'abord."),
    "in_practice": _("Cela se règle dans la vraie boutique. Quittez d'abord l'entraînement."),
    "sign_in_first": _(
        "Cette adresse a déjà un compte. Connectez-vous, puis ouvrez le lien encore une fois."
    ),
    "sender_required": _("Donnez le prénom de qui signe : vos clients écrivent à une personne."),
    "reply_required": _("Donnez une adresse e-mail que quelqu'un lit."),
    "unknown_timezone": _("Choisissez un fuseau horaire dans la liste."),
    "unknown_language": _("Choisissez une langue dans la liste."),
    "invalid_override": _("Cette valeur n'est pas permise ici. Choisissez-en une autre."),
    "label_required": _("Donnez-lui un nom pour l'équipe."),
    "wording_exists": _("Ce nom existe déjà. Choisissez-en un autre, ou changez celui qui existe."),
    "too_many": _("La liste est longue assez. Rangez d'abord ce qui ne sert plus."),
    "loose_brace": _(
        "Une accolade { ou } est seule. Enlevez-la, ou écrivez le nom d'une variable entre les deux."
    ),
    "invalid_till_code": _("Écrivez 4 à 8 chiffres."),
    "weak_till_code": _("Ce code se devine. Évitez les suites et les chiffres tous pareils."),
    "not_at_this_till": _("Connectez-vous d'abord avec votre mot de passe sur cet appareil."),
    "no_till_code": _("Aucun code n'est choisi. Connectez-vous avec votre mot de passe."),
    "till_locked": _(
        "Trop de codes faux. Attendez un quart d'heure, ou connectez-vous avec le mot de passe."
    ),
    "wrong_till_code": _("Ce n'est pas le bon code. Réessayez."),
    "invalid_url": _("Écrivez une adresse entière, comme https://boutique.example/webhooks."),
    "not_https": _("L'adresse commence par https://."),
    "blocked_address": _("Cette adresse n'est pas publique. Donnez celle que l'on joint depuis l'internet."),
    "unknown_event": _("Cet événement n'existe pas. Choisissez dans la liste."),
    "too_many_webhooks": _("Il y a déjà 20 webhooks. Retirez-en un d'abord."),
    "already_decided": _("Quelqu'un d'autre a déjà répondu. Rechargez la page pour voir où c'en est."),
    "not_a_withdrawal": _("Ce n'est pas une rétractation : répondez par l'annulation, ou déclinez."),
    "approval_expired": _("Personne n'a répondu à temps. Refaites la demande depuis la commande."),
    "approval_needed": _(
        "Un responsable doit valider. Une annulation se demande commande par commande ; un échange, transmettez-le-lui."
    ),
    "own_approval": _("Nul ne valide sa propre demande. Demandez à un collègue."),
    "unknown_member": _("Choisissez à qui transmettre."),
    "unknown_rule": _("Choisissez quand la règle s'applique."),
    "duplicate_rule": _("Cette règle existe déjà."),
    "too_many_rules": _("C'est assez de règles. Retirez-en une d'abord."),
    "not_found": _("Cela n'existe pas, ou plus."),
    "forbidden": _("Votre rôle ne le permet pas. Demandez à un responsable ou au propriétaire."),
}
# Said of one variable of a mail's text.
ABOUT_A_NAME = {
    "unknown_variable": _("La variable %(name)s n'existe pas. Prenez-en une de la liste à côté."),
    "variable_alone": _("%(name)s remplit tout un paragraphe : laissez une ligne vide avant et après."),
    "variable_needed": _("Gardez %(name)s dans le texte : le client doit lire ce qui lui est rendu."),
}
WORDS |= {
    "held_for_fraud": _(
        "Une fraude est soupçonnée : n'expédiez pas. Vérifiez d'abord, puis dites que le colis peut partir."
    ),
    "original_only": _("En cas de fraude soupçonnée, l'argent revient seulement là d'où il est venu."),
    "nothing_chosen": _("Cochez au moins une commande."),
    "too_many_orders": _("C'est plus de 5 000 commandes. Ajoutez un filtre, puis recommencez."),
    "already_begun": _("C'est déjà lancé : regardez ce qu'il en devient."),
    "not_judged": _("Regardez d'abord ce qui se passera."),
    "search_required": _("Posez d'abord un filtre ou cherchez un mot : une vue garde une recherche."),
    "too_many_views": _("Vous avez déjà douze vues. Retirez-en une, puis gardez celle-ci."),
    "unknown_choice": _("Choisissez une réponse dans la liste."),
    "broken": _("Cette commande n'a pas pu être traitée. Ouvrez-la pour l'annuler à part."),
}
WORDS |= {
    "legal_name_required": _("Écrivez la dénomination complète du vendeur."),
    "address_required": _("Écrivez l'adresse du siège, une ligne par ligne."),
    "invalid_siret": _("Ce SIRET n'est pas juste. Recopiez ses 14 chiffres."),
    "vat_required": _("Écrivez le numéro de TVA, ou cochez la franchise en base."),
    "invalid_vat_number": _(
        "Ce numéro de TVA n'est pas juste. Il commence par deux lettres, comme FR44732829320."
    ),
    "invalid_prefix": _(
        "Une à huit lettres ou chiffres, et une série différente pour chaque sorte de document."
    ),
    "not_issued": _("Ce document n'a pas encore son numéro. Réessayez dans un instant."),
    "address_missing": _(
        "La commande n'a pas d'adresse e-mail. Téléchargez le document et remettez-le autrement."
    ),
    "card_exists": _("Cette carte existe déjà. Rechargez la page pour en faire une autre."),
}
WORDS |= {
    "say_why": _("Dites pourquoi : le commerçant le lira."),
    "wrong_period": _("Choisissez une fin après le début, dans un an au plus."),
    "already_suspended": _("Une suspension est déjà ouverte pour ce canal. Décidez-la d'abord."),
    "suspension_over": _("Cette suspension n'est plus en cours. Rechargez la page."),
    "already_appealed": _("Vous avez déjà répondu à cette suspension. Une personne lit et vous répond."),
    "appeal_answered": _("Cette réponse a déjà reçu la sienne. Rechargez la page."),
    "nothing_appealed": _("Le commerçant n'a pas répondu à cette suspension."),
    "already_acknowledged": _("Cette alerte a déjà été lue."),
    "ticket_answered": _("Ce ticket a déjà sa réponse."),
    "channel_suspended": _("Ce canal est suspendu pour l'instant : rien de nouveau ne s'y vend."),
    "seat_taken": _("Ce canal vend déjà sur une autre place de marché."),
    "operator_exists": _("Cette personne travaille déjà ici."),
    "last_manager": _("Il faut garder au moins un responsable."),
    "signs_in": _("Cette personne a déjà son mot de passe : elle se connecte."),
    "not_sent_back": _(
        "Le service client n'attend pas de réponse ici. Rechargez la page pour voir où il en est."
    ),
    "settled_in_future": _("Cette date est à venir. Notez quand l'argent est parti."),
    "basket_exists": _("Ce panier est déjà là avec un autre contenu."),
}
# Why a verb is not offered, as short as a row allows.
WHY_NOT = {
    "held_for_fraud": _("fraude soupçonnée : ne pas expédier"),
    "already_cancelled": _("déjà annulée"),
    "already_shipped": _("tout est parti"),
    "nothing_open": _("rien d'ouvert"),
    "not_accepted_yet": _("pas encore acceptée"),
    "not_verified_yet": _("paiement en vérification"),
    "in_progress": _("acceptation en cours"),
    "already_accepted": _("déjà acceptée"),
    "already_verified": _("déjà vérifié"),
    "already_confirmed": _("tout est confirmé"),
    "nothing_shipped": _("rien n'est parti"),
    "nothing_to_ship": _("rien à expédier"),
    "forbidden": _("lecture seule"),
    "nothing_to_refund": _("rien à rendre"),
    "nothing_to_restock": _("rien à remettre en stock"),
    "terms_forbid": _("les conditions du canal ne le permettent pas"),
}


def say(refusal: Refusal) -> str:
    """This will say a refusal in the reader's language; an unforeseen one still says what to do."""
    if refusal.code == "quantity_too_large" and "open" in refusal.facts:
        return gettext("Il n'en reste que %(open)s à annuler.") % {"open": refusal.facts["open"]}
    if refusal.code in ABOUT_A_NAME:
        return str(ABOUT_A_NAME[refusal.code]) % {"name": "{" + str(refusal.facts.get("name", "")) + "}"}
    return str(
        WORDS.get(refusal.code, _("Cela n'est pas possible pour l'instant. Rechargez la page et réessayez."))
    )


def why_not(code: str) -> Any:
    """This will say in a few words why a verb is not offered."""
    return WHY_NOT.get(code) or WORDS.get(code) or ""
