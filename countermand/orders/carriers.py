"""Where a parcel can be followed: the carrier's own page, where we know how it is addressed. Pure."""

from urllib.parse import quote

# By how people write the carrier's name, in small letters without spaces.
PAGES = {
    "colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "laposte": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "lettresuivie": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "dpd": "https://trace.dpd.fr/fr/trace/{}",
}


def tracking_url(carrier: str, tracking: str) -> str:
    """This will give the address at which a parcel is followed; "" for a carrier that we do not know, or no number."""
    name = "".join(letter for letter in carrier.lower() if letter.isalnum())
    page = PAGES.get(name)
    return page.format(quote(tracking.strip(), safe="")) if page and tracking.strip() else ""
