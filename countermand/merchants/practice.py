"""Practice (SH-21): a twin of the shop with orders of its own, on which staff may try everything.

The twin is a merchant, so nothing of it counts in the shop's figures; its channels are in test mode for good,
so no money moves; its mails stay in the local mailbox (correspondence/jobs.py). To begin anew ends the
twin and makes another: history is never deleted.
"""

from datetime import datetime

from countermand.merchants.actions import add_merchant
from countermand.merchants.company import locked
from countermand.merchants.history import tell
from countermand.merchants.models import Member, Merchant
from countermand.refusals import Refusal

CODE = "entrainement"
ALIKE = ("contact_name", "reply_to", "phone", "stock_kept_by", "review_days", "approval_rules")


def practises(merchant_id: int) -> bool:
    """This will say whether a merchant is a twin to practise on."""
    return Merchant.objects.filter(id=merchant_id, practice_of__isnull=False).exists()


def twin_of(*, merchant_id: int) -> Merchant | None:
    """This will find the twin on which a shop practises now."""
    return Merchant.objects.filter(practice_of=merchant_id, practice_ended_at=None).first()


def open_twin(*, merchant_id: int, by: str, at: datetime) -> tuple[Merchant, bool]:
    """This will find the shop's twin or make one, and say whether it is new: then it has no orders yet.

    In the caller's transaction, as all here: a twin comes with its orders or not at all (demo/practice.py).
    """
    shop = locked(merchant_id)
    if shop.practice_of_id is not None:
        raise Refusal("in_practice", "this is the twin already")
    found = twin_of(merchant_id=merchant_id)
    if found is not None:
        return found, False
    number = Merchant.objects.filter(practice_of=shop).count() + 1
    twin = add_merchant(
        code=f"{CODE}-{shop.id}-{number}", name=shop.name, timezone=shop.timezone, language=shop.language
    )
    twin.practice_of = shop
    for name in ALIKE:
        setattr(twin, name, getattr(shop, name))
    twin.save(update_fields=["practice_of", *ALIKE])
    tell("practice.opened", merchant_id=merchant_id, by=by, at=at, number=number)
    return twin, True


def end_twin(*, merchant_id: int, by: str, at: datetime) -> None:
    """This will end the shop's twin: nobody enters it any more. Without one nothing happens."""
    locked(merchant_id)
    twin = twin_of(merchant_id=merchant_id)
    if twin is None:
        return
    twin.practice_ended_at = at
    twin.save(update_fields=["practice_ended_at"])
    Member.objects.filter(merchant=twin).delete()
    tell("practice.ended", merchant_id=merchant_id, by=by, at=at)


def join(*, twin: Merchant, member: Member) -> Member:
    """This will let a member of the shop into the twin, with the role that they have in the shop."""
    if twin.practice_of_id != member.merchant_id:
        raise Refusal("not_found", "no such practice")
    place, _made = Member.objects.update_or_create(
        merchant=twin, user_id=member.user_id, defaults={"role": member.role}
    )
    return place
