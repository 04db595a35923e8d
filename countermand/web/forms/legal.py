"""« Mentions légales »: who sells, as credit notes must say it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.documents.identity import Identity

_GAPS = re.compile(r"[\s\u00a0\u202f.]")


class LegalForm(forms.Form):
    """One field per thing that stands on a credit note."""

    legal_name = forms.CharField(
        label=_("Dénomination"), max_length=200, help_text=_("Le nom complet : Le Petit Mug SARL.")
    )
    form = forms.CharField(
        label=_("Forme et capital"), max_length=200, required=False, help_text=_("SARL au capital de 8 000 €")
    )
    address = forms.CharField(
        label=_("Adresse du siège"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Comme sur une enveloppe, une ligne par ligne."),
    )
    siret = forms.CharField(label=_("SIRET"), max_length=24, required=False, help_text=_("14 chiffres."))
    register = forms.CharField(
        label=_("Registre"), max_length=100, required=False, help_text=_("RCS Lyon 732 829 320")
    )
    vat_number = forms.CharField(label=_("Numéro de TVA"), max_length=24, required=False)
    vat_exempt = forms.BooleanField(
        label=_("Franchise en base : TVA non applicable, art. 293 B du CGI"), required=False
    )
    note_prefix = forms.CharField(
        label=_("Série des factures d'avoir"),
        max_length=8,
        initial="AV",
        help_text=_("Suivie de l'année et du numéro : AV-2026-00001."),
    )
    receipt_prefix = forms.CharField(
        label=_("Série des reçus de remboursement"),
        max_length=8,
        initial="RR",
        help_text=_("Une autre série : un reçu n'est pas un avoir."),
    )

    @classmethod
    def of(cls, identity: Identity | None) -> "LegalForm":
        """This will make the form as it was last said."""
        if identity is None:
            return cls()
        said: dict[str, Any] = {name: getattr(identity, name) for name in cls.base_fields}
        return cls(initial={**said, "address": "\n".join(identity.address)})

    def identity(self) -> Identity:
        """This will read what was typed."""
        said = dict(self.cleaned_data)
        lines = tuple(line.strip() for line in said.pop("address").splitlines() if line.strip())
        for name in ("siret", "vat_number", "note_prefix", "receipt_prefix"):
            said[name] = _GAPS.sub("", said[name]).upper()
        return Identity(address=lines, **said)
