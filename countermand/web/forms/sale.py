"""How many units of a sale are accepted; the others are refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from countermand.orders.facts import LineFacts
from countermand.web.forms.typed import units_field


class SaleForm(forms.Form):
    """One number per line that nobody has decided about, proposed from what is there."""

    def __init__(
        self,
        *args: Any,
        lines: Sequence[LineFacts],
        undecided: Mapping[str, int],
        shelf: Mapping[str, int | None],
        nothing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.reference in undecided]
        self.undecided, self.shelf = undecided, shelf
        for line in self.lines:
            most, there = undecided[line.reference], shelf.get(line.reference)
            proposed = most if there is None else min(most, there)
            self.fields[self.name(line)] = units_field(
                most=most, label=line.title, initial=0 if nothing else proposed
            )

    @staticmethod
    def name(line: LineFacts) -> str:
        return f"accept-{line.position}"

    def chosen(self) -> tuple[dict[str, int], dict[str, int]]:
        """This will give the units accepted and refused: line reference -> units."""
        accepted, refused = {}, {}
        for line in self.lines:
            name, most = self.name(line), self.undecided[line.reference]
            units = self.cleaned_data.get(name) or 0 if self.is_bound else self.fields[name].initial
            accepted[line.reference], refused[line.reference] = units, most - units
        return accepted, refused

    def rows(self) -> list[dict[str, Any]]:
        """This will give each line with its field and what is there of it."""
        return [
            {
                "line": line,
                "units": self[self.name(line)],
                "most": self.undecided[line.reference],
                "there": self.shelf.get(line.reference),
                "short": self._short(line),
                "each": line.total // line.quantity,
            }
            for line in self.lines
        ]

    def _short(self, line: LineFacts) -> bool:
        there = self.shelf.get(line.reference)
        return there is not None and there < self.undecided[line.reference]
