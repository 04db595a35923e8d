"""Icons, buttons, badges, clocks: the smallest parts, many to a page, so they are made without a template."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from lucide.templatetags.lucide import lucide

from countermand.web import readable
from countermand.web.states import saying

register = template.Library()

TONE_ICONS = {"attention": "triangle-alert", "danger": "octagon-alert", "done": "check", "info": "info"}
KINDS = ("primary", "quiet", "danger", "link")


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, css: str) -> SafeString:
    more = {"class": css} if css else {}
    drawn = lucide(name, size=size, aria_hidden="true", focusable="false", **more)
    return mark_safe(drawn)  # noqa: S308


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "", css: str = "") -> SafeString:
    """{% icon "truck" %} — beside a word. Alone it needs {% icon "truck" label=_("expédiée") %}."""
    drawn = _drawn(name + "", size, css + "")
    if not label:
        return drawn
    return format_html('{}<span class="visually-hidden">{}</span>', drawn, label)


@register.simple_tag
def badge(word: str, tone: str = "", icon: str = "") -> SafeString:
    """{% badge "à accepter" tone="attention" icon="clock" %} — a tone without an icon takes its own."""
    mark = icon or TONE_ICONS.get(tone, "")
    drawn = _drawn(mark + "", 16, "") if mark else ""
    return format_html('<span class="badge{}">{}{}</span>', f" badge-{tone}" if tone else "", drawn, word)


@register.simple_tag
def state(thing: str, now: str) -> SafeString:
    """{% state "order" order.state %} — thing: order, payment, cancellation, refund, message."""
    said = saying(thing, now)
    return badge(said.word, tone=said.tone, icon=said.icon)


def attributes(pairs: Iterable[tuple[str, Any]]) -> SafeString:
    """This will write attributes: False, None and "" leave one out, True writes it bare, `_` becomes `-`."""
    kept = [
        (name.rstrip("_").replace("_", "-"), value) for name, value in pairs if value not in ("", None, False)
    ]
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in kept
        ),
    )


@register.simple_tag
def button(
    label: str,
    kind: str = "quiet",
    url: str = "",
    icon: str = "",
    small: bool = False,
    icon_only: bool = False,
    icon_last: bool = False,
    opens: str = "",
    verb: str = "",
    refused: str = "",
    **more: Any,
) -> SafeString:
    """{% button "Annuler" kind="danger" icon="x" name="do" value="cancel" %}

    kind primary|quiet|danger|link; url makes it a link; opens="sheet-id" opens a side sheet; verb="cancel"
    lets a key of the keyboard press it on its row; refused="why not" disables it and says so; icon_only
    keeps the label for readers and as title; icon_last puts the icon behind the word. Anything else becomes an attribute: type (default submit),
    name, value, form, formaction, title, hx_post, data_x …
    """
    css = f"button button-{kind}" + (" button-small" if small else "") + (" button-icon" if icon_only else "")
    drawn = _drawn(icon + "", 16 if small else 20, "") if icon else ""
    words = format_html('<span class="visually-hidden">{}</span>', label) if icon_only else label
    inside = format_html("{}{}", words, drawn) if icon_last else format_html("{}{}", drawn, words)
    if icon_only:
        more.setdefault("title", label)
    if refused:
        more |= {"aria_disabled": "true", "title": refused}
        said = format_html('<span class="visually-hidden"> ({})</span>', refused)
        return format_html(
            '<button type="button" class="{}"{}>{}{}</button>', css, attributes(more.items()), inside, said
        )
    more |= {"data_verb": verb, "data_opens": opens}
    # A sheet's button is a link to it: without a script :target opens it.
    address = url or (f"#{opens}" if opens else "")
    if address:
        more.pop("type", None)
        return format_html('<a href="{}" class="{}"{}>{}</a>', address, css, attributes(more.items()), inside)
    more.setdefault("type", "submit")
    return format_html('<button class="{}"{}>{}</button>', css, attributes(more.items()), inside)


@register.simple_tag
def clock(due_at: datetime, then: str = "", now: datetime | None = None) -> SafeString:
    """{% clock due_at then="sinon l'acheteur est remboursé d'office" %} — a deadline: when, how long, what then.

    Attention within a day, danger once it has passed.
    """
    now = now or timezone.now()
    left = due_at - now
    late = left <= timedelta(0)
    tone = " clock-danger" if late else " clock-attention" if left <= timedelta(days=1) else ""
    words = gettext("échu %(ago)s") if late else gettext("échéance %(ago)s")
    words = words % {"ago": readable.ago(due_at, now)}
    return format_html(
        '<span class="clock{}">{}<span><time datetime="{}" title="{}">{}</time>{}</span></span>',
        tone,
        _drawn("clock-alert" if tone else "clock", 16, ""),
        due_at.isoformat(),
        readable.whole_moment(due_at),
        words,
        format_html(" · {}", then) if then else "",
    )


@register.simple_tag
def diff(old: str, new: str) -> SafeString:
    """{% diff "24,90 €" "12,45 €" %} — what it was, struck, and what it becomes; one of them where nothing changes."""
    if str(old) == str(new):
        return format_html('<span class="amount">{}</span>', new)
    return format_html(
        '<span class="diff"><del><span class="visually-hidden">{} </span>{}</del> '
        '<ins><span class="visually-hidden">{} </span>{}</ins></span>',
        gettext("avant"),
        old,
        gettext("après"),
        new,
    )


@register.simple_tag
def keys(*names: str) -> SafeString:
    """{% keys "j" "k" %} — keys of the keyboard."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((name,) for name in names))
