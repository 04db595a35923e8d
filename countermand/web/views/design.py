"""/design: every part of the desk in each of its states, with the tag that makes it.

The specimens speak French only: they are samples, not words of the desk.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from countermand.lifecycle import ALL
from countermand.web import readable
from countermand.web.parts.figures import Bar, Point


class ExampleForm(forms.Form):
    """One field of each sort."""

    email = forms.EmailField(label="Adresse e-mail", help_text="Pour l'accusé de réception.")
    quantity = forms.IntegerField(label="Quantité à annuler", min_value=1, max_value=5)
    reason = forms.ChoiceField(
        label="Motif", choices=[("stock", "Rupture de stock"), ("asked", "Demande du client")]
    )
    message = forms.CharField(label="Message au client", widget=forms.Textarea, required=False)
    until = forms.DateField(
        label="Indisponible jusqu'au", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    amount = forms.DecimalField(label="Geste commercial", required=False)
    restock = forms.ChoiceField(
        label="Remettre en stock", choices=[("yes", "Oui"), ("no", "Non"), ("zero", "Mettre à zéro")]
    )
    method = forms.ChoiceField(
        label="Rembourser",
        choices=[
            ("original", "Sur la carte"),
            ("credit", "En avoir en boutique"),
            ("later", "Plus tard"),
        ],
    )
    tell = forms.BooleanField(label="Prévenir le client par e-mail", required=False)


FILLED = {"restock": "no", "method": "original", "reason": "stock", "quantity": 2, "tell": True}


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """This will show the parts while developing, or to whoever is signed in."""
    if not (settings.DEBUG or request.user.is_authenticated):
        raise Http404
    return render(request, "web/design/index.html", _facts())


def _facts() -> dict[str, Any]:
    now = timezone.now()
    first = {
        "email": "mina@",
        "quantity": 9,
        "restock": "no",
        "method": "original",
        "message": "",
        "reason": "stock",
    }
    return {
        "merchant": "Atelier Lilas",
        "room": "orders",
        "menu_counts": {"to_do": 4, "refunds": 2},
        "now": now,
        "ago_3h": now - timedelta(hours=3, minutes=4),
        "ago_1d": now - timedelta(days=1),
        "ago_9d": now - timedelta(days=9),
        "in_2d": now + timedelta(days=2),
        "in_3h": now + timedelta(hours=3, minutes=10),
        "late": now - timedelta(hours=5),
        **{name: ExampleForm(prefix=name, initial=FILLED) for name in ("blank", "sheet", "stepped", "whole")},
        "wrong": ExampleForm({f"wrong-{name}": value for name, value in first.items()}, prefix="wrong"),
        "method_hints": {
            "original": "Visa se terminant par 4242, sous 5 jours ouvrés.",
            "credit": "Avec l'accord du client, gardé au dossier.",
            "later": "Reste à rembourser avant le 26 mars (art. L. 216-7).",
        },
        "method_effects": {"original": readable.money(2126, "EUR"), "credit": readable.money(2126, "EUR")},
        "views": [
            {"label": "À préparer", "url": "#tabs", "current": True, "count": 128},
            {"label": "À expédier aujourd'hui", "url": "#tabs", "current": False, "count": 12},
            {"label": "Annulées", "url": "#tabs", "current": False, "count": 1034},
            {"label": "Toutes", "url": "#tabs", "current": False},
        ],
        "states": {thing: list(table) for thing, table in ALL.items()},
        "bars": [
            Bar("Rupture de stock", 61, readable.percent(0.61, 0)),
            Bar("Demande du client", 24, readable.percent(0.24, 0)),
            Bar("Adresse introuvable", 9, readable.percent(0.09, 0)),
            Bar("Prix faux", 6, readable.percent(0.06, 0)),
        ],
        "points": [
            Point(label, value / 1000, readable.percent(value / 1000))
            for label, value in zip(
                ("oct.", "nov.", "déc.", "janv.", "févr.", "mars"), (31, 38, 56, 47, 34, 28), strict=True
            )
        ],
    }
