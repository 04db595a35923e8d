"""Keys to the API, and the memory that makes a repeated write harmless."""

from typing import ClassVar

from django.db import models

from countermand.tenancy import TenantModel, owner


class ApiToken(TenantModel):
    """A bearer token; only its SHA-256 is kept."""

    merchant = owner()
    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to within some minutes: no write per request

    class Meta(TenantModel.Meta):
        db_table = "api_token"
        abstract = False


class IdempotencyRecord(TenantModel):
    """The first answer to a write that carried a key; scope: merchant, method, path; kept 30 days."""

    id: ClassVar[None] = None  # type: ignore[assignment, misc]
    scope = models.BinaryField(max_length=32, primary_key=True)
    body_digest = models.BinaryField(max_length=32)
    status = models.SmallIntegerField(null=True)
    answer = models.TextField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta(TenantModel.Meta):
        db_table = "idempotency"
        abstract = False
