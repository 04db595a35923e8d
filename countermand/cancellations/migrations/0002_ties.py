"""Refunds and messages stand below this room and cannot name it: their keys to it are made here."""

from django.db import migrations

TABLES = ("refund", "message")


class Migration(migrations.Migration):
    dependencies = [
        ("cancellations", "0001_initial"),
        ("refunds", "0001_initial"),
        ("correspondence", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_cancellation_tenant "
            "FOREIGN KEY (merchant_id, cancellation_id) REFERENCES cancellation (merchant_id, id)",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_cancellation_tenant",
        )
        for table in TABLES
    ]
