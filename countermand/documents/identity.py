"""Who the merchant is before the law: « Mentions légales »."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from countermand import sql
from countermand.documents.models import Document, LegalIdentity
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.refusals import Refusal

PREFIX = re.compile(r"[A-Z0-9]{1,8}", re.ASCII)
VAT = re.compile(r"[A-Z]{2}[A-Z0-9]{2,13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a credit note says of its seller. `address`: lines as on an envelope."""

    legal_name: str
    address: tuple[str, ...]
    form: str = ""
    siret: str = ""
    register: str = ""
    vat_number: str = ""
    vat_exempt: bool = False
    note_prefix: str = "AV"
    receipt_prefix: str = "RR"


def identity_of(*, merchant_id: int) -> Identity | None:
    """This will say who the merchant is before the law, or None while nobody has said so."""
    row = LegalIdentity.of(merchant_id).first()
    if row is None:
        return None
    said = {name: getattr(row, name) for name in Identity.__dataclass_fields__}
    return Identity(**{**said, "address": tuple(row.address)})


@sql.verb
def say_identity(*, merchant_id: int, identity: Identity, by: str, at: datetime) -> None:
    """This will write down who the merchant is before the law; credit notes that waited for it are due now.

    Documents that were issued keep what was true then. Refuses `legal_name_required`, `address_required`,
    `invalid_siret`, `vat_required`, `invalid_vat_number`, `invalid_prefix`.
    """
    _judge(identity)
    said = {**asdict(identity), "address": list(identity.address), "changed_at": at, "changed_by": by}
    LegalIdentity.across_merchants.update_or_create(merchant_id=merchant_id, defaults=said)
    Document.of(merchant_id).filter(state="due").update(not_before=at, error="")
    record(
        [
            event(
                kind="merchant.identified",
                merchant_id=merchant_id,
                at=at,
                by=by,
                subject=("merchant", None),
            )
        ]
    )
    ping()


def _judge(identity: Identity) -> None:
    if not identity.legal_name.strip():
        raise Refusal("legal_name_required", "who sells, by its full name", field="legal_name")
    if not identity.address:
        raise Refusal("address_required", "the seat's address", field="address")
    if identity.siret and not is_siret(identity.siret):
        raise Refusal("invalid_siret", "14 digits whose check digit fits", field="siret")
    if not identity.vat_number and not identity.vat_exempt:
        raise Refusal("vat_required", "a VAT number, or that no VAT is charged", field="vat_number")
    if identity.vat_number and not VAT.fullmatch(identity.vat_number):
        raise Refusal(
            "invalid_vat_number", "two letters, then 2 to 13 letters and digits", field="vat_number"
        )
    for name in ("note_prefix", "receipt_prefix"):
        if not PREFIX.fullmatch(getattr(identity, name)):
            raise Refusal("invalid_prefix", "1 to 8 capital letters and digits", field=name)
    if identity.note_prefix == identity.receipt_prefix:
        raise Refusal("invalid_prefix", "a receipt is no credit note: two prefixes", field="receipt_prefix")


def is_siret(digits: str) -> bool:
    """This will say whether a SIRET is well formed: 14 digits, by Luhn's rule (La Poste's own by their plain sum)."""
    if not re.fullmatch(r"\d{14}", digits, re.ASCII):
        return False
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    luhn = sum(value - 9 if value > 9 else value for value in doubled)
    plain = sum(map(int, digits))
    return luhn % 10 == 0 or (digits.startswith("356000000") and plain % 5 == 0)
