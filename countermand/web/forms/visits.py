"""How many people came: one day typed, or many from a file (SH-17)."""

import csv
import io
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from countermand.performance.actions import MOST_DAYS, MOST_VISITS

MOST_BYTES = 200_000


class VisitsForm(forms.Form):
    """`told` is what it comes to: day -> visits."""

    day = forms.DateField(
        label=lazy("Jour"),
        error_messages={"required": lazy("Indiquez le jour, ou choisissez un fichier.")},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    visits = forms.IntegerField(
        label=lazy("Visites"),
        min_value=0,
        max_value=MOST_VISITS,
        error_messages={"required": lazy("Indiquez combien de visites il y a eu.")},
    )
    file = forms.FileField(
        label=lazy("Ou un fichier CSV"),
        required=False,
        help_text=lazy("Une ligne par jour : 2026-11-20;412"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.files.get("file"):
            self.fields["day"].required = self.fields["visits"].required = False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        if said.get("file"):
            said["told"] = self._of_file(said["file"])
        else:
            said["told"] = {said["day"]: said["visits"]}
        return said

    def _of_file(self, file: Any) -> dict[date, int]:
        told: dict[date, int] = {}
        if file.size > MOST_BYTES:
            self.add_error("file", _("Ce fichier est trop grand : un jour par ligne, mille jours au plus."))
            return told
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("Enregistrez ce fichier en UTF-8."))
            return told
        rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",")
        for number, row in enumerate(rows, 1):
            if not any(row) or (number == 1 and not row[0][:1].isdigit()):
                continue  # an empty line, or the names of the columns
            try:
                day, visits = date.fromisoformat(row[0].strip()), int(row[1])
            except (ValueError, IndexError):
                said = {"n": number}
                self.add_error(
                    "file", _("Ligne %(n)s : écrivez le jour et le nombre, 2026-11-20;412.") % said
                )
                return {}
            told[day] = visits
        if not told or len(told) > MOST_DAYS:
            self.add_error("file", _("Ce fichier doit contenir de un à mille jours."))
        return told
