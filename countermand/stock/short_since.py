"""Since when an article is short: kept by the database itself, whoever moves the counters (EM-14).

Counters change in many statements, the hottest of them in `confirm`. A trigger that is entered only where
shortness begins or ends costs those nothing, and no verb can forget it.
"""

from typing import Any

from django.db import models

SHORT = "({row}.allocated > {row}.on_hand OR {row}.unavailable_until IS NOT NULL)"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION item_keep_short_since() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    NEW.short_since := CASE WHEN {SHORT.format(row="NEW")} THEN NEW.updated_at END;
    RETURN NEW;
END
$body$
"""
TRIGGER = f"""
CREATE TRIGGER item_short_since BEFORE UPDATE ON item FOR EACH ROW
WHEN ({SHORT.format(row="NEW")} IS DISTINCT FROM {SHORT.format(row="OLD")})
EXECUTE FUNCTION item_keep_short_since()
"""


class KeptShortSince(models.BaseConstraint):
    """Makes the trigger together with the table."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """This will have the trigger made after the table."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return FUNCTION + ";" + TRIGGER

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return "DROP TRIGGER item_short_since ON item"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """This will leave it to the database."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptShortSince) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)
