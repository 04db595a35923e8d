"""Verbs on what an order stands on: articles, channels, people, rates, whoever is told."""

from datetime import UTC, datetime

from countermand.access.idempotency import once
from countermand.access.tokens import issue, revoke
from countermand.approvals.actions import (
    set_rules,
)
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import change_channel, open_channel
from countermand.channels.models import Channel
from countermand.merchants.actions import add_member, add_merchant
from countermand.merchants.models import Merchant
from countermand.overview.moments import events_feed
from countermand.performance.actions import supply_visits
from countermand.performance.fold import fold
from countermand.performance.jobs import keep_up
from countermand.stock.actions import add_stock, count_stock, make_available, make_unavailable, put_item
from countermand.stock.bulk import put_items
from countermand.stock.jobs import put_back_on_sale
from countermand.stock.selling import put_on_sale, remind_every, review, take_off_sale
from countermand.webhooks import actions as webhooks
from countermand.webhooks import jobs as telling
from tests.races import settings_stories
from tests.races.bulk_runs import keep_a_view
from tests.races.scene import Scene
from tests.races.verb import Verb, here, there

HELD = (Rule("amount", "manager", above="1000.00"),)  # judged, and let through


def _cancel(scene: Scene, **wish: object) -> object:
    return confirm(**here(scene), ask=Ask(reason="out_of_stock", **wish))  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "fold rates": Verb(lambda s: fold(), "lease", ("fold",)),
    "supply visits": Verb(
        lambda s: supply_visits(
            channel_id=Channel.of(s.merchant_id).values_list("id", flat=True)[0],
            visits={datetime.now(UTC).date(): 120},
            **there(s),  # type: ignore[arg-type]
        ),
        "",
        ("supply_visits",),
    ),
    "add days up": Verb(lambda s: keep_up(), "lease", ("mark_days", "add_up_days")),
    "describe item": Verb(
        lambda s: put_item(sku="MUG", fields={"title": "Mug"}, **there(s)), "items", ("put_item",)
    ),  # type: ignore[arg-type]
    "count stock": Verb(lambda s: count_stock(sku="MUG", on_hand=40, **there(s)), "items", ("count_stock",)),  # type: ignore[arg-type]
    "add stock": Verb(lambda s: add_stock(sku="MUG", quantity=3, **there(s)), "items", ("add_stock",)),  # type: ignore[arg-type]
    "off sale": Verb(
        lambda s: make_unavailable(sku="MUG", days=2, **there(s)), "items", ("make_unavailable",)
    ),  # type: ignore[arg-type]
    "on sale": Verb(lambda s: make_available(sku="MUG", **there(s)), "items", ("make_available",)),  # type: ignore[arg-type]
    "no longer sold": Verb(lambda s: take_off_sale(skus=["MUG"], **there(s)), "items", ("take_off_sale",)),  # type: ignore[arg-type]
    "sold again": Verb(lambda s: put_on_sale(skus=["MUG"], **there(s)), "items", ("put_on_sale",)),  # type: ignore[arg-type]
    "looked over": Verb(lambda s: review(skus=["MUG"], **there(s)), "items", ("review",)),  # type: ignore[arg-type]
    "look every": Verb(lambda s: remind_every(days=14, **there(s)), "", ("remind_every",)),  # type: ignore[arg-type]
    "items in bulk": Verb(
        lambda s: put_items(items=[(f"N{s.order_id}", {"title": "Nouveau", "on_hand": 3})], **there(s)),  # type: ignore[arg-type]
        "items",
        ("write",),
    ),
    "make rules": Verb(
        lambda s: set_rules(rules=HELD, **there(s)),  # type: ignore[arg-type]
        "merchant",
        ("set_rules",),
    ),
    "back on sale": Verb(lambda s: put_back_on_sale(at=s.later), "items", ("put_back_on_sale",)),
    "once": Verb(
        lambda s: once(
            merchant_id=s.merchant_id,
            method="POST",
            path=f"/orders/{s.order_id}/cancellations",
            key="one",
            body={},
            act=lambda: (201, str(_cancel(s, lines=(("1", 1),)))),
        ),
        "key order payments items",
        ("once",),
    ),
    "open a channel": Verb(
        lambda s: open_channel(
            code="autre",
            name="Autre",
            terms="own_shop",
            timezone="Europe/Paris",
            mode="test",
            overrides={},
            **there(s),  # type: ignore[arg-type]
        ),
        "channel",
        ("open_channel",),
    ),
    "issue a token": Verb(
        lambda s: issue(name="caisse", role="agent", **there(s)),  # type: ignore[arg-type]
        "token",
        ("issue",),
    ),
    "revoke a token": Verb(lambda s: revoke(token_id=s.token, **there(s)), "token", ("revoke",)),  # type: ignore[arg-type]
    "add a merchant": Verb(
        lambda s: add_merchant(code=f"n{s.order_id}", name="N"), "merchant", ("add_merchant",)
    ),
    "add a member": Verb(
        lambda s: add_member(
            merchant=Merchant.objects.get(id=s.merchant_id),
            email=f"{s.order_id}@example.test",
            password="un long mot de passe",
            role="agent",
        ),
        "member",
        ("add_member",),
    ),
    "keep a view": Verb(keep_a_view, "none", ("save_view", "forget_view")),
    "subscribe": Verb(
        lambda s: webhooks.subscribe(url="https://shop.example/", events=["*"], **there(s)),  # type: ignore[arg-type]
        "none",
        ("subscribe",),
    ),
    "change a webhook": Verb(
        lambda s: webhooks.change(webhook_id=s.webhook, events=["refund.*"], **there(s)),  # type: ignore[arg-type]
        "webhook",
        ("change",),
    ),
    "end a webhook": Verb(
        lambda s: webhooks.remove(webhook_id=s.webhook, **there(s)),  # type: ignore[arg-type]
        "webhook deliveries",
        ("remove",),
    ),
    "change a secret": Verb(
        lambda s: webhooks.rotate(webhook_id=s.webhook, **there(s)),  # type: ignore[arg-type]
        "webhook",
        ("rotate",),
    ),
    "try a webhook out": Verb(
        lambda s: webhooks.try_out(webhook_id=s.webhook, **there(s)),  # type: ignore[arg-type]
        "webhook",
        ("try_out",),
    ),
    "tell once more": Verb(
        lambda s: webhooks.send_again_delivery(delivery_id=s.delivery, **there(s)),  # type: ignore[arg-type]
        "webhook deliveries",
        ("send_again_delivery",),
    ),
    "plan webhooks": Verb(
        lambda s: telling.plan_deliveries(
            merchant_id=s.merchant_id,
            webhook_id=s.webhook,
            at=datetime.now(UTC),
            feed=events_feed,
        ),
        "webhook deliveries",
        ("plan_deliveries",),
    ),
    "carry webhooks": Verb(
        lambda s: telling.deliver(webhook_id=s.webhook), "webhook deliveries", ("settle_delivery",)
    ),
    "change terms": Verb(
        lambda s: change_channel(code="boutique", changes={"overrides": {"restock": False}}, **there(s)),  # type: ignore[arg-type]
        "channel",
        ("change_channel",),
    ),
    # Settings: each a whole story (settings_stories.py). They take the merchant's row, which no order's verb takes.
    "lead the team": Verb(
        settings_stories.of_the_team,
        "merchant",
        ("invite", "invite_again", "take_up", "withdraw_invitation", "change_role", "remove_member"),
    ),
    "take the till": Verb(settings_stories.of_the_till, "till", ("set_till_code", "came_in", "judge")),
    "say it otherwise": Verb(
        settings_stories.of_the_words,
        "merchant",
        (
            "change_company",
            "write_public_text",
            "add_wording",
            "move_wording",
            "change_wording",
            "write_template",
            "drop_template",
        ),
    ),
    "set all channels": Verb(settings_stories.of_the_channels, "channel", ("change_everywhere",)),
    "write to a colleague": Verb(settings_stories.of_the_letters, "lease", ("write_letter", "settle_letter")),
    "practise": Verb(settings_stories.of_practice, "merchant", ("practise", "begin_anew")),
}
