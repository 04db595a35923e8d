"""The link of a sale's mail, « Cliquez ici si l'article n'est plus disponible » (RK-2).

Signed with the instance's secret and bound to one line of one sale: no table holds it. It ends with the sale's own
clock, or after some days; and since a refusal is written once, it serves once in effect.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing

from countermand.acceptance.queries import accepted_units
from countermand.acceptance.rules import undecided
from countermand.correspondence.wording.letters import PHRASES
from countermand.merchants.models import Merchant
from countermand.payments import ledger as ledgers

LASTS = timedelta(days=14)
SALT = "countermand.acceptance.unavailable"


class Named(NamedTuple):
    """What a link is about."""

    merchant_id: int
    order_id: UUID
    position: int


def token_of(named: Named) -> str:
    """This will sign what a link is about."""
    return signing.dumps([named.merchant_id, str(named.order_id), named.position], salt=SALT)


def read_token(token: str) -> Named | None:
    """This will read a link; None where it is not ours, or too old."""
    try:
        merchant_id, order_id, position = signing.loads(token, salt=SALT, max_age=LASTS)
        return Named(int(merchant_id), UUID(order_id), int(position))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def links_of_sale(*, merchant_id: int, subject_id: UUID) -> dict[str, tuple[str, str]] | None:
    """This will give the links of a sale's letter: one for each line that nobody has decided about."""
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[subject_id], locked=False).get(subject_id)
    if ledger is None or ledger.order.status != "awaiting_acceptance":
        return None
    left = undecided(ledger.lines, accepted_units(merchant_id=merchant_id, order_id=subject_id))
    language = Merchant.objects.values_list("language", flat=True).get(id=merchant_id)
    say = PHRASES["fr" if language == "fr" else "en"]
    page = f"{settings.PUBLIC_URL}/commandes/{subject_id}/vente"
    found = {"{lien:vente}": (page, say["sale.open"])}
    for line in ledger.lines:
        token = token_of(Named(merchant_id, subject_id, line.position))
        address = f"{settings.PUBLIC_URL}/vente/{token}" if line.reference in left else page
        found[place_of(line.position)] = (address, say["sale.gone"])
    return found


def place_of(position: int) -> str:
    """This will give the place in a letter that a line's link takes."""
    return f"{{lien:{position}}}"
