"""Room: users, creditors, their environments and credentials, and who belongs to whom."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.roles import Role
from ropo_portal.encryption import EncryptedTextField
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope


class UserManager(BaseUserManager["User"]):
    """Makes users, who sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user with a usable or, without a password, an unusable password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a support user, who may enter the admin."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractUser):
    """A member of a creditor's staff, or of support."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, default="en")
    theme = models.CharField(_("theme"), max_length=5, default="auto")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_the_case"),)

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return self.name.split(" ", maxsplit=1)[0]


class Country(models.TextChoices):
    """Where a creditor is at home."""

    FINLAND = "FI", _("Finland")
    SWEDEN = "SE", _("Sweden")
    NORWAY = "NO", _("Norway")


CURRENCIES = {"FI": "EUR", "SE": "SEK", "NO": "NOK"}
TIME_ZONES = {"FI": "Europe/Helsinki", "SE": "Europe/Stockholm", "NO": "Europe/Oslo"}
LANGUAGES = {"FI": "fi", "SE": "sv", "NO": "nb"}


class ReferenceKind(models.TextChoices):
    """Which reference number a creditor's invoices carry."""

    VIITE = "viite", _("Finnish reference (viite)")
    RF = "rf", _("International reference (RF)")
    OCR = "ocr", _("Swedish OCR with check digit")
    OCR_LENGTH = "ocr-length", _("Swedish OCR with length and check digit")
    KID10 = "kid10", _("Norwegian KID, modulus 10")
    KID11 = "kid11", _("Norwegian KID, modulus 11")


# The kinds that banks of a country take; the first is the usual one.
REFERENCE_KINDS: dict[str, tuple[ReferenceKind, ...]] = {
    "FI": (ReferenceKind.VIITE, ReferenceKind.RF),
    "SE": (ReferenceKind.OCR, ReferenceKind.OCR_LENGTH),
    "NO": (ReferenceKind.KID10, ReferenceKind.KID11),
}


class ApprovalRule(models.TextChoices):
    """Which invoices leave only when a second person has agreed."""

    OFF = "off", _("None")
    ABOVE = "above", _("Those above an amount")
    ALL = "all", _("All")


class CreditorQuerySet(models.QuerySet["Creditor"]):
    """Reads of creditors."""

    def visible_to(self, scope: "Scope") -> Self:
        """Creditors to which the scope's user belongs."""
        return self.filter(pk__in=scope.creditor_ids)


class Creditor(models.Model):
    """A company whose receivables are handed to Ropo One. Amounts are in its country's currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=70)
    business_id = models.CharField(_("business id"), max_length=20)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    street = models.CharField(_("street address"), max_length=70)
    postcode = models.CharField(_("post code"), max_length=10)
    city = models.CharField(_("city"), max_length=50)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11)
    payment_term_days = models.PositiveSmallIntegerField(_("payment term, days"), default=14)
    default_vat_rate = models.DecimalField(_("usual VAT rate, %"), max_digits=5, decimal_places=2)
    late_interest = models.DecimalField(
        _("late interest, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    reference_kind = models.CharField(_("kind of reference"), max_length=12, choices=ReferenceKind.choices)
    reference_length = models.PositiveSmallIntegerField(_("length of reference"), null=True, blank=True)
    hold_seconds = models.PositiveIntegerField(
        _("hold before sending, seconds"),
        default=600,
        validators=[MinValueValidator(0), MaxValueValidator(86_400)],
    )
    sending_time = models.TimeField(_("sending time of a chosen day"), default=dt.time(9))
    approval_rule = models.CharField(
        _("invoices a second person approves"), max_length=5, choices=ApprovalRule.choices, default="off"
    )
    approval_limit = models.DecimalField(
        _("approval above"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    doubt_limit = models.DecimalField(
        _("a second look above"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CreditorQuerySet.as_manager()

    class Meta:
        verbose_name = _("creditor")
        verbose_name_plural = _("creditors")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(hold_seconds__lte=86_400), name="creditor_hold_within_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(country__in=["FI", "SE", "NO"]), name="creditor_country_known"
            ),
            models.CheckConstraint(
                condition=models.Q(approval_rule__in=["off", "all"], approval_limit=None)
                | models.Q(approval_rule="above", approval_limit__gte=0),
                name="creditor_approval_rule_has_its_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(doubt_limit=None) | models.Q(doubt_limit__gt=0),
                name="creditor_doubt_limit_above_zero",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def currency(self) -> str:
        """ISO code of the currency of this creditor's claims."""
        return CURRENCIES[self.country]

    def environment_names_left(self) -> "list[EnvironmentName]":
        """Return the environments the creditor may still get, those of its own country before the others."""
        taken = {environment.name for environment in self.environments.all()}
        left = [name for name in EnvironmentName if name not in taken]
        return sorted(left, key=lambda name: name != "sandbox" and name[:2].upper() != self.country)


class EnvironmentName(models.TextChoices):
    """Which Ropo One a creditor's documents go to."""

    SANDBOX = "sandbox", _("Sandbox")
    FI_TEST = "fi-test", _("Finland, test")
    FI_PRODUCTION = "fi-production", _("Finland, production")
    SE_TEST = "se-test", _("Sweden, test")
    SE_PRODUCTION = "se-production", _("Sweden, production")
    NO_TEST = "no-test", _("Norway, test")
    NO_PRODUCTION = "no-production", _("Norway, production")


class EnvironmentQuerySet(models.QuerySet["CreditorEnvironment"]):
    """Reads of environments."""

    def visible_to(self, scope: "Scope") -> Self:
        """Environments of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)


class CreditorEnvironment(models.Model):
    """A creditor's account at one Ropo One: credentials, switches and number series."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="environments")
    name = models.CharField(_("environment"), max_length=13, choices=EnvironmentName.choices)
    cid = models.CharField(_("customer number (cid)"), max_length=40, blank=True)
    apicode = EncryptedTextField(_("API code"), blank=True, default="")
    is_live = models.BooleanField(_("switched live"), default=False)
    sending_paused = models.BooleanField(_("sending paused"), default=False)
    paused_reason = models.CharField(_("reason of the pause"), max_length=200, blank=True)
    blocked_until = models.DateTimeField(_("resting until"), null=True, blank=True)
    last_checked_at = models.DateTimeField(_("connection tested"), null=True, blank=True)
    last_check_ok = models.BooleanField(_("connection works"), null=True)
    next_number = models.PositiveBigIntegerField(_("next invoice number"), default=1)

    objects = EnvironmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("environment")
        verbose_name_plural = _("environments")
        constraints = (
            models.UniqueConstraint(fields=("creditor", "name"), name="environment_one_of_each_name"),
            models.UniqueConstraint(fields=("id", "creditor"), name="environment_with_creditor"),
            # One account at one host has one queue of news and one number series: two owners would take each other's.
            models.UniqueConstraint(
                fields=("name", "cid"), condition=~models.Q(cid=""), name="environment_one_per_account"
            ),
            models.CheckConstraint(
                condition=models.Q(is_live=False) | ~models.Q(cid=""),
                name="environment_live_has_credentials",
            ),
        )

    def __str__(self) -> str:
        return f"{self.creditor.name} · {self.get_name_display()}"

    @property
    def history_label(self) -> str:
        """Its name in codes, as the history keeps it."""
        return f"{self.creditor.name} · {self.name}"

    @staticmethod
    def said_label(label: str) -> str:
        """Say a name in codes in the reader's language; an older one is words already."""
        creditor, dot, name = label.rpartition(" · ")
        return f"{creditor}{dot}{dict(EnvironmentName.choices).get(name, name)}"

    @property
    def stage(self) -> str:
        """`sandbox`, `test` or `production`."""
        return "sandbox" if self.name == EnvironmentName.SANDBOX else self.name.split("-")[1]

    @property
    def country(self) -> str:
        """Two letters; a sandbox speaks for its creditor's country."""
        return self.creditor.country if self.stage == "sandbox" else self.name[:2].upper()

    @property
    def currency(self) -> str:
        """ISO code of the environment's currency."""
        return CURRENCIES[self.country]

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which this environment's days begin."""
        return ZoneInfo(TIME_ZONES[self.country])

    @property
    def is_at_home(self) -> bool:
        """Whether it is in the creditor's own country, so that the creditor's usual choices hold."""
        return self.country == self.creditor.country

    @property
    def reference_kind(self) -> ReferenceKind:
        """The creditor's kind of reference where banks know it, elsewhere the country's usual one."""
        kind = ReferenceKind(self.creditor.reference_kind)
        fitting = REFERENCE_KINDS[self.country]
        return kind if kind in fitting else fitting[0]

    @property
    def reference_length(self) -> int | None:
        """The length the creditor agreed with its bank; an agreement of one country says nothing in another."""
        return self.creditor.reference_length if self.is_at_home else None

    @property
    def allows_test_ids(self) -> bool:
        """Whether identifiers of the test ranges are accepted here: everywhere but in production."""
        return self.stage != "production"

    @property
    def is_open(self) -> bool:
        """Whether documents may be posted here: production only once two people have switched it live."""
        return self.stage != "production" or self.is_live

    def needs_approval(self, amount: Decimal) -> bool:
        """Whether a second person has to agree; a limit in another currency than the amount's says nothing."""
        rule, limit = self.creditor.approval_rule, self.creditor.approval_limit
        if rule != ApprovalRule.ABOVE or limit is None:
            return bool(rule == ApprovalRule.ALL)
        return amount > limit or not self.is_at_home

    def today(self, at: dt.datetime) -> dt.date:
        """Return the environment's own day at a moment."""
        return at.astimezone(self.time_zone).date()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def visible_to(self, scope: "Scope") -> Self:
        """Memberships of the creditors whose members the user may manage."""
        return self.filter(creditor_id__in=scope.creditor_ids_for("member.edit"))


class Membership(models.Model):
    """A user's role at a creditor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=13, choices=Role.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(fields=("user", "creditor", "role"), name="membership_role_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
