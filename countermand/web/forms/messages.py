"""The forms of a thread: an answer to the buyer, and a message that came in another way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT
from countermand.threads.own import LANGUAGES, WRITABLE
from countermand.web import message_words
from countermand.web.forms.settings import SettingForm


class ReplyForm(forms.Form):
    """What is written to the buyer. `key` is one press of the button: the same one sends once."""

    prefix = "reply"
    kind = forms.ChoiceField(label=_("Type de message"))
    text = forms.CharField(
        label=_("Message"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 7})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["text"].needed = True  # type: ignore[attr-defined]


class CameInForm(forms.Form):
    """A message that the buyer sent another way: read on the platform's own page, or said in a letter."""

    prefix = "in"
    text = forms.CharField(
        label=_("Ce que le client a écrit"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReplyTextForm(SettingForm):
    """A text of the shop's own for messages."""

    name = forms.CharField(label=_("Nom du texte"), max_length=100, help_text=_("Pour l'équipe seulement."))
    kind = forms.ChoiceField(
        label=_("Type de message"), choices=[(kind, message_words.KIND[kind]) for kind in WRITABLE]
    )
    language = forms.ChoiceField(
        label=_("Langue"), choices=[(code, {"fr": "Français", "en": "English"}[code]) for code in LANGUAGES]
    )
    body = forms.CharField(
        label=_("Texte"),
        max_length=LONGEST_TEXT,
        help_text=_("Se remplissent seuls : {commande}, {prenom}, {nom}, {boutique}, {expediteur}."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
