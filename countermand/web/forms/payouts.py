"""The platform's own statement, to be held against ours."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

MOST_BYTES = 5_000_000


class TheirsForm(forms.Form):
    """One CSV file, read once and not kept."""

    file = forms.FileField(
        label=lazy("Relevé de la plateforme (CSV)"),
        help_text=lazy(
            "Colonnes : commande, montant, nature (vente, commission, annulation, remboursement)."
        ),
        error_messages={
            "required": lazy("Choisissez le fichier CSV de la plateforme."),
            "empty": lazy("Ce fichier est vide."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        """This will refuse a file that no statement of a month can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("Ce fichier est trop gros : 5 Mo au plus."))
        return file
