"""The history table, cut by month: old months can be moved away whole."""

from django.db import migrations

# A sequence of its own: identity columns of tables in parts are newer than the oldest PostgreSQL we run on.
TABLE = """
CREATE SEQUENCE event_id_seq;
CREATE TABLE event (
    id bigint NOT NULL DEFAULT nextval('event_id_seq'),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    merchant_id integer NOT NULL,
    at timestamptz NOT NULL,
    kind varchar(40) NOT NULL,
    by varchar(100) NOT NULL,
    order_id uuid,
    subject_type varchar(24) NOT NULL,
    subject_id uuid,
    facts jsonb NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_order ON event (order_id, id);
CREATE INDEX event_feed ON event (merchant_id, xid, id);
CREATE TABLE event_default PARTITION OF event DEFAULT;
ALTER SEQUENCE event_id_seq OWNED BY event.id;
"""

# The worker's clock calls this too, so that next month's table is there before next month is.
MONTHS = """
CREATE FUNCTION event_make_months(first date, months integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    start date := date_trunc('month', first);
    made integer := 0;
BEGIN
    FOR i IN 0 .. months - 1 LOOP
        IF to_regclass(format('event_%s', to_char(start, 'YYYY_MM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)',
                'event_' || to_char(start, 'YYYY_MM'), start, (start + interval '1 month')::date);
            made := made + 1;
        END IF;
        start := start + interval '1 month';
    END LOOP;
    RETURN made;
END $$;
SELECT event_make_months(current_date, 4);
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE event"),
        migrations.RunSQL(MONTHS, "DROP FUNCTION event_make_months"),
    ]
