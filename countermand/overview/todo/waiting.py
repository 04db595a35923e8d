"""One kind of waiting: where it is found, and which of the list's columns it has."""

from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class Waiting:
    """SQL expressions by column; `found` is FROM and all behind it. `since`: when it began to wait for a person.

    `detail`, `who`, `error`: a text of its own, whom it comes from, the code of what went wrong or became of it.
    """

    found: str
    subject_id: str
    since: str
    order_id: str = "NULL::uuid"
    item_id: str = "NULL::uuid"
    due_on: str = "NULL::date"
    amount_minor: str = "NULL::bigint"
    error: str = "NULL::text"
    detail: str = "NULL::text"
    who: str = "NULL::text"
    units: str = "NULL::int"

    @property
    def rows(self) -> str:
        """This will write the statement that finds the rows, with every column."""
        names = [field.name for field in fields(self)][1:]
        return (
            "SELECT "
            + ", ".join(
                f"{expression} AS {name}" for name, expression in zip(names, astuple(self)[1:], strict=True)
            )
            + self.found
        )

    @property
    def ones(self) -> str:
        """This will write the statement that finds as many rows, and nothing of them: to be counted."""
        return "SELECT 1" + self.found
