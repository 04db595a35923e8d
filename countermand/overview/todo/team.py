"""What waits for a colleague: cases handed to the reader, plans to approve, and what became of the reader's own (SH-12)."""

from countermand.overview.todo.waiting import Waiting

APPROVAL = Waiting(
    subject_id="a.id",
    order_id="a.order_id",
    since="a.asked_at",
    due_on="a.expires_at::date",
    amount_minor="a.amount_minor",
    detail="a.kind",
    who="a.asked_by",
    found="""
    FROM approval a
    WHERE a.merchant_id = %(m)s AND a.state = 'waiting' AND a.approver = ANY(%(roles)s) AND a.asked_by <> %(by)s
    """,
)
APPROVAL_ANSWERED = Waiting(
    subject_id="a.id",
    order_id="a.order_id",
    since="a.decided_at",
    amount_minor="a.amount_minor",
    error="a.state",
    detail="a.note",
    who="a.decided_by",
    found="""
    FROM approval a
    WHERE a.merchant_id = %(m)s AND a.asked_by = %(by)s AND a.told_at IS NULL AND a.state <> 'waiting'
    """,
)
HAND_OVER = Waiting(
    subject_id="h.id",
    order_id="h.order_id",
    since="h.at",
    error="h.state",
    detail="h.note",
    who="h.from_by",
    found="""
    FROM hand_over h
    WHERE h.merchant_id = %(m)s AND h.state <> 'done' AND CASE h.state
        WHEN 'open' THEN h.to_by = %(by)s OR h.to_role = ANY(%(roles)s) ELSE h.taken_by = %(by)s END
    """,
)
