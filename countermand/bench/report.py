"""What a bench found, as text for people and as JSON for machines."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """Rows of named figures, what they were measured under, and what is to be reached."""

    name: str
    scale: float = 1.0
    settings: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self, **figures: Any) -> None:
        """This will add one line of figures."""
        self.rows.append(figures)

    def goal(self, what: str, *, reached: float, wanted: float, most: bool = False) -> None:
        """This will hold a figure against what is to be reached; `most`: it is not to be above."""
        met = reached <= wanted if most else reached >= wanted
        self.goals.append({"what": what, "reached": reached, "wanted": wanted, "most": most, "met": met})

    def as_json(self) -> dict[str, Any]:
        """This will give everything as one object."""
        return {
            "bench": self.name,
            "scale": self.scale,
            "settings": self.settings,
            "rows": self.rows,
            "goals": self.goals,
            "notes": self.notes,
        }

    def as_text(self) -> str:
        """This will write a table: one line per row, the columns of all."""
        scale = "" if self.scale == 1 else f"  (scale {self.scale:g}: figures say little)"
        parts = [f"{self.name}{scale}", "  " + ", ".join(f"{k} {v}" for k, v in self.settings.items())]
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in self.rows:
            groups.setdefault(tuple(row), []).append(row)
        for columns, rows in groups.items():
            parts += ["", *_table(columns, rows)]
        parts += ["", *(_goal(goal) for goal in self.goals)] if self.goals else []
        parts += ["", *(f"  {note}" for note in self.notes)] if self.notes else []
        return "\n".join(parts)


def _table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> list[str]:
    cells = [[column.replace("_", " ") for column in columns]]
    cells += [[_plain(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    texts = [isinstance(rows[0][column], str) for column in columns]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if text else cell.rjust(width)
            for cell, width, text in zip(line, widths, texts, strict=True)
        ).rstrip()
        for line in cells
    ]


def _goal(goal: dict[str, Any]) -> str:
    sign = "at most" if goal["most"] else "at least"
    said = "reached" if goal["met"] else "NOT reached"
    return f"  {said}: {goal['what']} {_plain(goal['reached'])} ({sign} {_plain(goal['wanted'])})"


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return (
            f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}" if abs(value) < 10 else f"{value:,.1f}"
        )
    return f"{value:,}" if isinstance(value, int) else str(value)
