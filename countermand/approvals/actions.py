"""The verbs of this room: doors call these and nothing deeper."""

from countermand.approvals.asking import why_cancel as held_by
from countermand.approvals.deciding import NOT_THE_FACTS, acknowledge, approve, decline, renew, withdraw
from countermand.approvals.deeds import Gift
from countermand.approvals.gate import Held, confirm_or_hold, reimburse_or_hold
from countermand.approvals.handing import finish, hand_over, take
from countermand.approvals.many import confirm_many_allowed, judge_many_allowed, needed
from countermand.approvals.setting import rules_of, set_rules

__all__ = [
    "NOT_THE_FACTS",
    "Gift",
    "Held",
    "acknowledge",
    "approve",
    "confirm_many_allowed",
    "confirm_or_hold",
    "decline",
    "finish",
    "hand_over",
    "held_by",
    "judge_many_allowed",
    "needed",
    "reimburse_or_hold",
    "renew",
    "rules_of",
    "set_rules",
    "take",
    "withdraw",
]
