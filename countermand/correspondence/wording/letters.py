"""What letters to colleagues say, by language."""

PHRASES = {
    "fr": {
        "subject": "Votre place chez {shop}",
        "hello": "Bonjour {name},",
        "hello.nobody": "Bonjour,",
        "invited": "{shop} vous ouvre une place pour travailler sur ses commandes dans Countermand.",
        "link": "Pour l'accepter, ouvrez ce lien et choisissez un mot de passe :",
        "lasts": "Le lien sert une seule fois, pendant sept jours. Si vous n'attendiez pas cet e-mail, laissez-le.",
    },
    "en": {
        "subject": "Your place at {shop}",
        "hello": "Hello {name},",
        "hello.nobody": "Hello,",
        "invited": "{shop} offers you a place to work on its orders in Countermand.",
        "link": "To accept it, open this link and choose a password:",
        "lasts": "The link works once, for seven days. If you did not expect this e-mail, leave it.",
    },
}
