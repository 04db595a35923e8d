"""What a marketplace writes to its merchants, by language. Figures are filled in; nothing here decides."""

from typing import Any

PHRASES: dict[str, dict[str, str]] = {
    "fr": {
        "hello": "Bonjour,",
        "signed": "L'équipe vendeurs de {marketplace}",
        "see": "Les commandes derrière ce chiffre, et de quoi répondre : {link}",
        "rate": "{channel} : {rate} % d'annulations sur les {days} derniers jours ({cancelled} sur {total} {units}).",
        "units.article": "articles",
        "units.order": "commandes",
        "warn.subject": "Taux d'annulation de {rate} % sur {channel} : la limite est proche",
        "watch.subject": "Taux d'annulation de {rate} % sur {channel} : à surveiller",
        "warn.limit": "Le taux doit rester en dessous de {limit} %. Il reste {distance} point.",
        "limit.subject": "Taux d'annulation de {rate} % sur {channel} : la limite est atteinte",
        "limit.limit": "Le taux doit rester en dessous de {limit} %. Il ne l'est plus : nous pouvons suspendre vos "
        "ventes sur ce canal pour un temps. C'est une personne qui en décide, et vous pourrez répondre.",
        "number.subject": "{count} annulations en {in_days} jours sur {channel}",
        "number.article": "Toutes portent sur l'article {subject} : son stock est sans doute faux.",
        "number.limit": "C'est {threshold} ou plus : nous vous écrivons avant que le taux n'en souffre.",
        "advice": "Ce qui aide :",
        "advice.stock": "Mettez le stock à zéro dès la première rupture, sur tous vos canaux à la fois.",
        "advice.refuse": "Un article manque sur une nouvelle vente ? Refusez-la avant de l'accepter : un refus ne compte pas.",
        "advice.case": "Le client veut se rétracter ? Faites passer sa demande par le service client avant d'annuler : "
        "elle ne compte alors pas.",
        "advice.official": "Le client veut annuler ? Qu'il le demande depuis son compte : une demande officielle ne compte pas.",
        "advice.alternative": "Appelez le client et proposez une autre couleur ou un article proche avant d'annuler.",
        "decided.subject": "Vos ventes sur {channel} sont suspendues du {start} au {end}",
        "decided": "Du {start} au {end}, vos articles ne se vendent plus sur {channel}.",
        "reason": "Motif :",
        "orders": "Vos commandes ouvertes restent à honorer : expédiez, annulez et remboursez comme d'habitude.",
        "appeal": "Si vous n'êtes pas d'accord, répondez une fois depuis votre page ; une personne lit et vous répond. {link}",
        "lifted.subject": "La suspension de vos ventes sur {channel} est levée",
        "lifted": "Vos articles se vendent de nouveau sur {channel}, dès maintenant.",
        "ended.subject": "La suspension de vos ventes sur {channel} est terminée",
        "ended": "Vos articles se vendent de nouveau sur {channel}.",
        "upheld.subject": "Votre réponse sur la suspension de {channel} : elle est maintenue",
        "upheld": "Nous avons lu votre réponse. La suspension reste jusqu'au {end}.",
        "answer": "Notre réponse :",
        "ticket.subject": "Réponse à votre ticket : {skus}",
        "ticket": "Vous nous avez demandé de corriger le stock de {skus}.",
        "hello.name": "Bonjour {name},",
        "invited.subject": "Votre place chez {marketplace}",
        "invited.agent": "{marketplace} vous ouvre une place : le service client et les tickets de ses commerçants.",
        "invited.manager": "{marketplace} vous ouvre une place de responsable : le service client, les tickets, les "
        "suspensions et l'équipe.",
        "invited.link": "Pour y entrer :",
        "invited.choose": "Choisir mon mot de passe",
        "invited.sign_in": "Me connecter",
        "invited.lasts": "Un lien pour choisir un mot de passe sert une seule fois, pendant trois jours ; ensuite, "
        "demandez qu'on vous le renvoie.",
        "sent_back.subject": "Commande {number} : votre demande de remboursement vous est renvoyée",
        "sent_back": "Vous nous avez demandé de rembourser {amount} sur la commande {number}. Nous ne pouvons pas "
        "encore le faire :",
        "sent_back.owed": "Le client attend toujours son argent, et l'échéance court.",
        "sent_back.link": "Répondez ici : la demande nous revient avec votre réponse. {link}",
    },
    "en": {
        "hello": "Hello,",
        "signed": "The seller team of {marketplace}",
        "see": "The orders behind this figure, and where to answer: {link}",
        "rate": "{channel}: {rate}% cancelled over the last {days} days ({cancelled} of {total} {units}).",
        "units.article": "items",
        "units.order": "orders",
        "warn.subject": "Cancellation rate of {rate}% on {channel}: close to the limit",
        "watch.subject": "Cancellation rate of {rate}% on {channel}: one to watch",
        "warn.limit": "The rate has to stay below {limit}%. {distance} points are left.",
        "limit.subject": "Cancellation rate of {rate}% on {channel}: the limit is reached",
        "limit.limit": "The rate has to stay below {limit}%. It no longer is: we may suspend your sales on this "
        "channel for a time. A person decides that, and you will be able to answer.",
        "number.subject": "{count} cancellations in {in_days} days on {channel}",
        "number.article": "All of them are about item {subject}: its stock is probably wrong.",
        "number.limit": "That is {threshold} or more: we write to you before the rate suffers from it.",
        "advice": "What helps:",
        "advice.stock": "Set the stock to zero at the first shortage, on all your channels at once.",
        "advice.refuse": "An item is missing on a new sale? Refuse it before accepting it: a refusal does not count.",
        "advice.case": "The customer wants to withdraw? Send the request through customer service before you cancel: "
        "it then does not count.",
        "advice.official": "The customer wants to cancel? Let them ask from their own account: an official request does not count.",
        "advice.alternative": "Call the customer and offer another colour or a similar item before you cancel.",
        "decided.subject": "Your sales on {channel} are suspended from {start} to {end}",
        "decided": "From {start} to {end}, your items are not sold on {channel}.",
        "reason": "Reason:",
        "orders": "Your open orders are still to be fulfilled: ship, cancel and refund as usual.",
        "appeal": "If you disagree, answer once from your page; a person reads it and answers you. {link}",
        "lifted.subject": "The suspension of your sales on {channel} is lifted",
        "lifted": "Your items are on sale again on {channel}, from now on.",
        "ended.subject": "The suspension of your sales on {channel} is over",
        "ended": "Your items are on sale again on {channel}.",
        "upheld.subject": "Your answer about the suspension of {channel}: it stands",
        "upheld": "We have read your answer. The suspension stays until {end}.",
        "answer": "Our answer:",
        "ticket.subject": "Answer to your ticket: {skus}",
        "ticket": "You asked us to correct the stock of {skus}.",
        "hello.name": "Hello {name},",
        "invited.subject": "Your place at {marketplace}",
        "invited.agent": "{marketplace} offers you a place: customer service and the tickets of its merchants.",
        "invited.manager": "{marketplace} offers you a manager's place: customer service, tickets, suspensions and "
        "the team.",
        "invited.link": "To come in:",
        "invited.choose": "Choose my password",
        "invited.sign_in": "Sign in",
        "invited.lasts": "A link to choose a password works once, for three days; after that, ask to have it sent again.",
        "sent_back.subject": "Order {number}: your request for a refund comes back to you",
        "sent_back": "You asked us to refund {amount} on order {number}. We cannot do it yet:",
        "sent_back.owed": "The customer is still waiting for the money, and the deadline runs on.",
        "sent_back.link": "Answer here: the request comes back to us with your answer. {link}",
    },
}


def figure(text: object, language: str) -> str:
    """This will write a rate as the language does: "5,26" or "5.26"."""
    said = str(text)
    return said.replace(".", ",") if language == "fr" else said


def language_of(merchant: Any) -> str:
    """This will name the language in which a merchant is written to."""
    return "fr" if merchant.language == "fr" else "en"
