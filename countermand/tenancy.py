"""Every row belongs to one merchant: the base of all models, and the keys that prove it.

Two merchants' rows can never be tied: foreign keys between them carry `merchant_id` too, so the
database itself refuses a line of one merchant on an order of another (docs/decisions/0000, Tables).
"""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models.fields.related import lazy_related_operation

from countermand import ids


class TenantModel(models.Model):
    """A row of one merchant. `of(merchant_id)` is the one door for questions."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    # No constraint of its own: the composite keys imply it, and a lock on the one merchant's row at
    # every insert would be shared by everybody. Rows without a composite key declare `owner()`.
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    # Named so that it cannot be used by chance: only the worker, the audit and set-up look across.
    across_merchants = models.Manager()

    class Meta:
        abstract = True
        default_manager_name = "across_merchants"
        base_manager_name = "across_merchants"

    @classmethod
    def of(cls, merchant_id: int) -> "models.QuerySet[Self]":
        """This will start a question about one merchant's rows only."""
        return cls.across_merchants.filter(merchant_id=merchant_id)


def owner() -> "models.ForeignKey[Any, Any]":
    """This will declare `merchant` with a constraint of its own: for rows that hang on nothing else."""
    return models.ForeignKey("merchants.Merchant", models.PROTECT, related_name="+", db_index=False)


def one_of(field: str, words: Iterable[str]) -> models.Q:
    """This will make the condition that a column holds one of some words (each of letters and underscores).

    A pattern, since the server reads a check's text anew at each statement that writes its table, and a
    list of words is ten times as long.
    """
    return models.Q(**{f"{field}__regex": f"^({'|'.join(words)})$"})


class InTenant(models.BaseConstraint):
    """The composite foreign key (merchant_id, column) -> (merchant_id, id) of one field."""

    def __init__(self, *, column: str, table: str, name: str) -> None:
        super().__init__(name=name)
        self.column = column
        self.table = table

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """This will have the key made after the tables, since it may point to one that is not made yet."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (merchant_id, %(column)s) "
            "REFERENCES %(target)s (merchant_id, id)",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
            column=schema_editor.quote_name(self.column),
            target=schema_editor.quote_name(self.table),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._delete_constraint_sql(schema_editor.sql_delete_constraint, model, self.name)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """This will leave the judgement to the database."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InTenant) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column, "table": self.table}


class Within(models.ForeignKey):
    """A foreign key to a row of the same merchant; brings its own `InTenant` constraint along."""

    def __init__(self, to: Any, **options: Any) -> None:
        options.setdefault("on_delete", models.PROTECT)
        options.setdefault("related_name", "+")
        options.setdefault("db_index", False)
        options["db_constraint"] = False  # the composite one implies it
        super().__init__(to, **options)

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return  # a migration's model gets the key by the migration's own AddConstraint

        def tie(model: Any, related: Any, field: Any) -> None:
            table = related._meta.db_table
            key = InTenant(column=field.column, table=table, name=f"{model._meta.db_table}_{name}_tenant")
            if all(constraint.name != key.name for constraint in model._meta.constraints):
                model._meta.constraints = [*model._meta.constraints, key]
                model._meta.original_attrs["constraints"] = model._meta.constraints

        lazy_related_operation(tie, cls, self.remote_field.model, field=self)
