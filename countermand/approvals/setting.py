"""The verb that changes what needs a second person."""

from collections.abc import Sequence
from datetime import datetime

from countermand import sql
from countermand.approvals import rules as judging
from countermand.approvals.rules import Rule
from countermand.events.record import event, record
from countermand.merchants.models import Merchant


@sql.verb
def set_rules(*, merchant_id: int, rules: Sequence[Rule], by: str, at: datetime) -> tuple[Rule, ...]:
    """This will put these rules in place of those that held; what waits already goes on waiting.

    Refuses what `rules.judged` refuses.
    """
    found = judging.judged(rules)
    merchant = Merchant.objects.select_for_update(no_key=True).get(id=merchant_id)
    merchant.approval_rules = judging.rows_of(found)
    merchant.save(update_fields=["approval_rules"])
    changed = event(
        kind="merchant.rules_changed",
        merchant_id=merchant_id,
        at=at,
        by=by,
        subject=("merchant", None),
        rules=merchant.approval_rules,
    )
    record([changed])
    return found


def rules_of(*, merchant_id: int) -> tuple[Rule, ...]:
    """This will read the rules that hold now."""
    return judging.of_rows(Merchant.objects.only("approval_rules").get(id=merchant_id).approval_rules)
