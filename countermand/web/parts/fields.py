"""Fields of Django forms, drawn in our way. They keep what was typed and say what is wrong beside it."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Form
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def field(bound: BoundField, unit: str = "", hint: bool = True, label: str = "", **more: Any) -> SafeString:
    """{% field form.email %} — label, hint (help_text), error, widget.

    unit="€" stands after the widget; hint=False leaves the hint out; label says
    it in our words; anything else becomes an attribute of it: autocomplete, inputmode, rows,
    hx_get … Optional fields say so. Checkboxes stand before their label.
    """
    if label:
        bound.label = label
    if not hint:
        bound.help_text = ""  # here and not in the template, so that aria-describedby does not name it either
    return render_to_string(
        "web/parts/field.html",
        {
            "bound": bound,
            "unit": unit,
            "widget": bound.as_widget(attrs=_attributes(bound, more)),
            "is_check": isinstance(bound.field.widget, CheckboxInput),
        },
    )


@register.simple_tag
def segmented(bound: BoundField) -> SafeString:
    """{% segmented form.restock %} — a ChoiceField as two to four short answers side by side."""
    return _choosing("segmented", bound, {}, {})


@register.simple_tag
def choices(
    bound: BoundField, hints: Mapping[str, str] | None = None, effects: Mapping[str, str] | None = None
) -> SafeString:
    """{% choices form.method hints=hints effects=effects %} — a ChoiceField as a list, the consequence beside each.

    hints: value → sentence under the choice; effects: value → short figure at its right ("+21,26 €").
    """
    return _choosing("choices", bound, hints or {}, effects or {})


@register.simple_tag
def fields(form: Form) -> SafeString:
    """{% fields form %} — every visible field, the hidden ones, and what is wrong with the form as a whole."""
    return render_to_string("web/parts/fields.html", {"form": form})


def _attributes(bound: BoundField, more: Mapping[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_").replace("_", "-"): value for name, value in more.items()}


def _choosing(
    part: str, bound: BoundField, hints: Mapping[str, str], effects: Mapping[str, str]
) -> SafeString:
    chosen = bound.value()
    options = [
        {
            "value": value,
            "label": label,
            "id": f"{bound.auto_id}_{position}",
            "checked": str(value) == str(chosen if chosen is not None else ""),
            "hint": hints.get(str(value), ""),
            "effect": effects.get(str(value), ""),
        }
        for position, (value, label) in enumerate(bound.field.choices)  # type: ignore[attr-defined]
    ]
    return render_to_string(f"web/parts/{part}.html", {"bound": bound, "options": options})
