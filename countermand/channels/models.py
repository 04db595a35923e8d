"""Where orders come from, each under terms."""

from django.db import models

from countermand.tenancy import TenantModel, owner

PRESETS = ("own_shop", "merchant_space", "rakuten_france", "amazon")


class Channel(TenantModel):
    """One place of sale. `revision` rises with each change of its terms: a plan made under old ones is refused."""

    merchant = owner()
    code = models.SlugField(max_length=64)
    name = models.CharField(max_length=200)
    terms = models.CharField(max_length=32)
    timezone = models.CharField(max_length=64)
    mode = models.CharField(max_length=8, default="live")
    overrides = models.JSONField(default=dict)
    revision = models.IntegerField(default=1)
    # Kept from selling by its marketplace between these (RK-10); open orders go on. Written by `channels.selling`.
    suspended_from = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "channel"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="channel_tenant"),
            models.UniqueConstraint(fields=["merchant", "code"], name="channel_code"),
            models.CheckConstraint(condition=models.Q(terms__in=PRESETS), name="channel_terms"),
            models.CheckConstraint(condition=models.Q(mode__in=("live", "test")), name="channel_mode"),
        ]
