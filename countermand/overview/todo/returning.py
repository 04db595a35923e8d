"""What comes back and waits: returns that do not come, returns to look at, parcels called back without an answer."""

from countermand.overview.todo.waiting import Waiting

# A buyer has 14 days to send goods back (C. conso L221-23); then somebody asks what became of them.
PATIENCE = "interval '14 days'"
# A carrier answers within some days, or is asked again.
ANSWER = "interval '2 days'"

RETURN_DUE = Waiting(
    subject_id="r.id",
    order_id="r.order_id",
    since=f"r.informed_at + {PATIENCE}",
    due_on="r.due_on",
    detail="r.kind",
    units="(SELECT sum(x.asked)::int FROM return_line x WHERE x.part_of_id = r.id)",
    found=f"""
    FROM "return" r
    WHERE r.merchant_id = %(m)s AND r.state = 'asked' AND r.informed_at <= %(at)s::timestamptz - {PATIENCE}
    """,
)
RETURN_TO_INSPECT = Waiting(
    subject_id="r.id",
    order_id="r.order_id",
    since="r.back_at",
    due_on="r.due_on",
    detail="r.kind",
    units="(SELECT sum(x.received)::int FROM return_line x WHERE x.part_of_id = r.id)",
    found="""
    FROM "return" r WHERE r.merchant_id = %(m)s AND r.state = 'received'
    """,
)
INTERCEPT_SILENT = Waiting(
    subject_id="i.id",
    order_id="i.order_id",
    since=f"CASE i.state WHEN 'asked' THEN i.at + {ANSWER} ELSE i.answered_at + {PATIENCE} END",
    detail="i.asked_of",
    error="i.state",
    found=f"""
    FROM intercept i
    WHERE i.merchant_id = %(m)s AND (
        (i.state = 'asked' AND i.at <= %(at)s::timestamptz - {ANSWER})
        OR (i.state = 'accepted' AND i.answered_at <= %(at)s::timestamptz - {PATIENCE}))
    """,
)
