"""Who sells, and who works there."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from countermand.merchants.roles import ROLES
from countermand.tenancy import TenantModel, owner


class Merchant(models.Model):
    """A seller. Its small integer id stands in every row of every table."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="Europe/Paris")
    language = models.CharField(max_length=8, default="fr")
    contact_name = models.CharField(max_length=100, blank=True)  # EM-15: messages come from a person
    reply_to = models.EmailField(blank=True)
    stock_kept_by = models.CharField(max_length=16, default="manual")  # manual or automatic (EM-6, EM-7)
    # RK-6: articles are looked over as often; 0: no reminder.
    review_days = models.SmallIntegerField(default=30)
    # What needs a second person (SH-12): stands here so that who asks brings the rules along, at no statement more.
    approval_rules = models.JSONField(default=list, blank=True)
    phone = models.CharField(max_length=40, blank=True)  # SH-15: where customers ask
    two_factor_required = models.BooleanField(default=False)
    # SH-21: the twin of a shop on which its staff practise. Nothing of it leaves, and it counts for nothing.
    practice_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="twins")
    practice_ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "merchant"
        constraints = [
            models.UniqueConstraint(
                fields=["practice_of"],
                condition=Q(practice_ended_at__isnull=True),
                name="merchant_one_practice",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in. What they may do hangs on their memberships, never on the person."""

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=8, default="fr")
    is_active = models.BooleanField(default=True)
    is_staff = False
    is_superuser = False

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "person"

    def __str__(self) -> str:
        return self.first_name or self.email

    # Django's machinery asks these; nobody has rights outside a membership.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Member(models.Model):
    """A person's place at a merchant, with one role."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "member"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "user"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="member_role"),
        ]


class Invitation(TenantModel):
    """A place offered to somebody by e-mail. The link works once and for a while; only its digest is kept."""

    merchant = owner()
    email = models.EmailField()
    first_name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=32, unique=True)
    sent = models.IntegerField(default=1)  # a link that was sent again ends the one before
    by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "invitation"
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="invitation_role"),
        ]


class TillCode(models.Model):
    """The short code with which a member takes over a shared till; it opens nothing by itself."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="till_code")
    code = models.CharField(max_length=128)  # hashed as passwords are
    failures = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "till_code"


class TillSignIn(models.Model):
    """A member signed in on a browser with the password: for the day, their code is enough there."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    browser = models.BinaryField(max_length=32)  # digest of the browser's cookie
    at = models.DateTimeField()

    class Meta:
        db_table = "till_sign_in"
        constraints = [models.UniqueConstraint(fields=["browser", "member"], name="till_sign_in_once")]


class PublicText(TenantModel):
    """What the public page « comment annuler » says in one language, where the merchant wrote it (SH-15)."""

    merchant = owner()
    language = models.CharField(max_length=2)
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "public_text"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "language"], name="public_text_once"),
        ]
