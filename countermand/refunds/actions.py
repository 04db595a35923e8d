"""The verbs of this room: doors call these and nothing deeper."""

from countermand.refunds.attend import bounce, retry, settle
from countermand.refunds.cards import Card, issue_card
from countermand.refunds.credits import credit_code
from countermand.refunds.reimburse import Part, Reimbursed, preview_reimbursement, reimburse
from countermand.refunds.service import let_go, settle_service
from countermand.refunds.spend import Redeemed, redeem
from countermand.refunds.wish import GiveBack, LineWish

__all__ = [
    "Card",
    "GiveBack",
    "LineWish",
    "Part",
    "Redeemed",
    "Reimbursed",
    "bounce",
    "credit_code",
    "issue_card",
    "let_go",
    "preview_reimbursement",
    "redeem",
    "reimburse",
    "retry",
    "settle",
    "settle_service",
]
