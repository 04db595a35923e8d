"""An issued document is never changed and never deleted: the database itself refuses it."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION document_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'document % is issued: it is corrected by a further one', OLD.label USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER document_frozen BEFORE UPDATE OR DELETE ON document
    FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION document_is_frozen();
"""
THAWED = "DROP TRIGGER document_frozen ON document; DROP FUNCTION document_is_frozen();"


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FROZEN, THAWED)]
