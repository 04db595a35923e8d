"""Parts that hold other parts: each is a block, {% card … %}…{% endcard %}."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from countermand.web.parts.marks import TONE_ICONS, _drawn

register = template.Library()


def _part(part: str, /, **facts: Any) -> SafeString:
    return render_to_string(f"web/parts/{part}.html", facts)


@register.simple_block_tag
def page_head(
    content: str, title: str, lead: str = "", back_url: str = "", back_label: str = "", mark: str = ""
) -> SafeString:
    """{% page_head title lead="" back_url="" back_label="" mark=badge %}buttons{% endpage_head %}

    One <h1>. `mark` is a badge beside it: {% state "order" order.state as mark %}.
    """
    return _part(
        "page_head",
        title=title,
        lead=lead,
        back_url=back_url,
        back_label=back_label,
        mark=mark,
        content=content,
    )


@register.simple_block_tag
def card(
    content: str, title: str = "", note: str = "", icon: str = "", level: int = 2, id: str = ""
) -> SafeString:
    """{% card "Client" note="" icon="user" level=2 id="" %}…{% endcard %}"""
    return _part("card", title=title, note=note, icon=icon, level=level, id=id, content=content)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """{% facts %}{% fact "Canal" %}Rakuten{% endfact %}…{% endfacts %} — a key-value list."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, key: str) -> SafeString:
    """{% fact "Téléphone" %}…{% endfact %} — within {% facts %}."""
    return format_html('<div class="facts-row"><dt>{}</dt><dd>{}</dd></div>', key, content)


@register.simple_block_tag
def table(content: str, caption: str = "", cards: bool = True, hide_caption: bool = True) -> SafeString:
    """{% table "Commandes" %}<thead>…<tbody>…{% endtable %}

    The caption names it for who does not see it (hide_caption=False shows it). On a phone rows become
    cards: the row's heading is <th scope="row">, other cells say their column in data-label. Classes: num (amounts),
    check, verbs on cells; data-row tabindex="-1" on rows that j and k walk; is-off on a cancelled row,
    struck on what is struck, keep on cells that stay in ink.
    """
    return _part("table", caption=caption, cards=cards, hide_caption=hide_caption, content=content)


@register.simple_block_tag
def callout(content: str, title: str = "", tone: str = "info", icon: str = "") -> SafeString:
    """{% callout "Le stock a bougé" tone="attention" %}<p>…</p>{% endcallout %} — tone info|attention|danger|done."""
    return _part("callout", title=title, tone=tone, icon=icon or TONE_ICONS[tone], content=content)


@register.simple_block_tag
def empty_state(content: str, title: str, icon: str = "check") -> SafeString:
    """{% empty_state "Rien n'attend." icon="check" %}<p>Taux à 1,2 %, limite 5 %.</p>{% endempty_state %}"""
    return _part("empty_state", title=title, icon=icon, content=content)


@register.simple_block_tag
def sheet(content: str, id: str, title: str) -> SafeString:
    """{% sheet "reasons" "Motifs" %}…{% endsheet %} — opened by {% button … opens="reasons" %}."""
    return _part("sheet", id=id, title=title, content=content)


@register.simple_block_tag
def stepper(content: str, label: str) -> SafeString:
    """{% stepper "Annuler 2 articles" %}{% step … %}…{% endstep %}{% endstepper %}"""
    return format_html('<ol class="stepper" role="list" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag
def step(
    content: str, number: int, name: str, state: str = "waiting", result: str = "", id: str = ""
) -> SafeString:
    """{% step 1 "Prévenir" state="done" result="Message envoyé à 14:03" %}…{% endstep %}

    state open|done|skipped|waiting. Done and skipped fold to their result line and open again on a press.
    """
    folds = state in ("done", "skipped")
    return _part(
        "step",
        number=number,
        name=name,
        state=state,
        result=result,
        id=id or slugify(f"step-{number}"),
        folds=folds,
        content=content,
    )


@register.simple_block_tag
def timeline(content: str, label: str = "") -> SafeString:
    """{% timeline "Historique" %}{% happened … %}{% endhappened %}{% endtimeline %} — newest first."""
    return _part("timeline", label=label, content=content)


@register.simple_block_tag
def happened(
    content: str, what: str, at: Any, by: str = "", icon: str = "circle-dot", tone: str = "", now: Any = None
) -> SafeString:
    """{% happened "2 articles annulés" at=event.at by="Mina" icon="x" tone="danger" %}more{% endhappened %}"""
    return _part(
        "happened",
        what=what,
        at=at,
        by=by,
        icon=icon,
        tone=tone,
        now=now,
        content=SafeString(content.strip()),
    )


@register.simple_block_tag
def receipt(content: str, label: str = "") -> SafeString:
    """{% receipt %}{% money_line … %}{% money_line … total=True %}{% endreceipt %}"""
    return _part("receipt", label=label, content=content)


@register.simple_block_tag
def bulk_bar(content: str) -> SafeString:
    """{% bulk_bar %}buttons{% endbulk_bar %} — inside the <form> of a table whose rows have
    <input type="checkbox" data-check name="order" value="…">; data-check-all ticks all. Shown once one is ticked."""
    return _part("bulk_bar", content=content)


@register.simple_tag
def tabs(items: Sequence[Any], label: str) -> SafeString:
    """{% tabs views "Vues" %} — each item has label, url, current and, if it is counted, count."""
    return _part("tabs", items=items, label=label)


@register.simple_tag
def toast(
    text: str, tone: str = "done", undo_url: str = "", csrf_token: str = "", swap: bool = False
) -> SafeString:
    """{% toast "Message retiré" undo_url=url csrf_token=csrf_token %} — swap=True sends it beside an htmx answer."""
    mark = _drawn(TONE_ICONS.get(tone, "check") + "", 20, "")
    return _part("toast", text=text, mark=mark, undo_url=undo_url, csrf_token=csrf_token, swap=swap)


@register.simple_tag
def pager(shown: str = "", before_url: str = "", after_url: str = "") -> SafeString:
    """{% pager "1 à 50" before_url="" after_url="?after=…" %}"""
    return _part("pager", shown=shown, before_url=before_url, after_url=after_url)
