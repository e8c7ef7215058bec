"""Room: debtors, by creditor."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import LANGUAGES, Creditor
from ropo_portal.encryption import EncryptedTextField, keyed_hash, masked
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import check_business_id, check_personal_id, new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL
NATIONAL_ID_PURPOSE = "debtor.national_id"
# Where letters go: the nearest first. Ropo's three-letter codes are known for exactly these.
COUNTRIES = {
    "FI": _("Finland"), "SE": _("Sweden"), "NO": _("Norway"), "DK": _("Denmark"), "IS": _("Iceland"),
    "AX": _("Åland"), "FO": _("Faroe Islands"), "GL": _("Greenland"), "SJ": _("Svalbard and Jan Mayen"),
    "EE": _("Estonia"), "LV": _("Latvia"), "LT": _("Lithuania"), "AU": _("Australia"), "AT": _("Austria"),
    "BE": _("Belgium"), "BG": _("Bulgaria"), "CA": _("Canada"), "HR": _("Croatia"), "CY": _("Cyprus"),
    "CZ": _("Czechia"), "FR": _("France"), "DE": _("Germany"), "GR": _("Greece"), "HU": _("Hungary"),
    "IE": _("Ireland"), "IT": _("Italy"), "LI": _("Liechtenstein"), "LU": _("Luxembourg"), "MT": _("Malta"),
    "NL": _("Netherlands"), "PL": _("Poland"), "PT": _("Portugal"), "RO": _("Romania"), "SK": _("Slovakia"),
    "SI": _("Slovenia"), "ES": _("Spain"), "CH": _("Switzerland"), "UA": _("Ukraine"),
    "GB": _("United Kingdom"), "US": _("United States"),
}  # fmt: skip
LONGEST_SEARCH = 70
MOST_WORDS, MOST_NUMBERED = 6, 100


class Channel(models.TextChoices):
    """How a letter reaches the debtor."""

    POST = "post", _("Letter by post")
    EMAIL = "email", _("E-mail")
    EINVOICE = "einvoice", _("E-invoice to a company")
    CONSUMER_EINVOICE = "consumer-einvoice", _("E-invoice to a consumer's bank")


class DebtorQuerySet(models.QuerySet["Debtor"]):
    """Reads of debtors."""

    def visible_to(self, scope: "Scope") -> Self:
        """Debtors of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def with_protection(self, *, on: dt.date) -> Self:
        """Debtors that know whether their address is protected, without a question for each."""
        flags = Flag.objects.standing(on=on).filter(
            kind=Flag.Kind.PROTECTED_ADDRESS, debtor=models.OuterRef("pk")
        )
        return self.annotate(is_protected_now=models.Exists(flags))

    def kept(self) -> Self:
        """Debtors that were not merged into another."""
        return self.filter(merged_into=None)

    def matching(self, text: str) -> Self:
        """
        Debtors whose name has the words, or whose number, business id or national id is the text.

        Numbers are looked up first, each by its own index: one question with an OR over all reads the whole table.
        """
        text = text.replace("\0", "")[:LONGEST_SEARCH].strip()
        names = Q()
        for word in text.casefold().split()[:MOST_WORDS]:
            names &= Q(search_name__contains=word)
        if not names or (" " in text and not any(character.isdigit() for character in text)):
            return self.filter(names)
        keys = {
            key for found in self.numbered(text) for key in found.values_list("pk", flat=True)[:MOST_NUMBERED]
        }
        return self.filter(names | Q(pk__in=keys) if keys else names)

    def beginning(self, text: str) -> Self:
        """Debtors whose name begins so."""
        return self.filter(search_name__startswith=text.casefold()[:LONGEST_SEARCH])

    def named(self, text: str) -> Self:
        """Debtors whose name has all the words."""
        for word in text.casefold()[:LONGEST_SEARCH].split()[:MOST_WORDS]:
            self = self.filter(search_name__contains=word)  # noqa: PLW0642 (each word narrows)
        return self

    def numbered(self, text: str) -> Iterator[Self]:
        """Debtors with exactly this customer number, business id or national id; each question walks one index."""
        text = text.replace("\0", "")[:LONGEST_SEARCH].strip()
        business_ids, national_ids = _ways_to_write(text)
        yield self.filter(customer_number__in={text, text.upper(), text.lower()} - {""})
        yield self.filter(business_id__in=business_ids - {""})
        if national_ids:
            yield self.filter(
                national_id_hash__in=[keyed_hash(NATIONAL_ID_PURPOSE, number) for number in national_ids]
            )

    def exactly(self, text: str) -> Self:
        """Debtors whose whole name, customer number, business id or national id is the text."""
        text = text.replace("\0", "")[:LONGEST_SEARCH].strip()
        business_ids, national_ids = _ways_to_write(text)
        hashes = [keyed_hash(NATIONAL_ID_PURPOSE, number) for number in national_ids]
        return self.filter(
            Q(search_name=text.casefold()[:LONGEST_SEARCH])
            | Q(customer_number__in={text, text.upper(), text.lower()} - {""})
            | Q(business_id__in=business_ids - {""})
            | Q(national_id_hash__in=hashes)
        )

    def like(self, debtor: "Debtor") -> Self:
        """Other debtors of the creditor who may be the same: by an id, or by name and post code."""
        same = Q(search_name=debtor.name.casefold()[:LONGEST_SEARCH], postcode=debtor.postcode)
        if debtor.business_id:
            same |= Q(business_id=debtor.business_id)
        if debtor.national_id:
            same |= Q(national_id_hash=keyed_hash(NATIONAL_ID_PURPOSE, debtor.national_id))
        return self.kept().filter(same, creditor_id=debtor.creditor_id).exclude(pk=debtor.pk)


def _ways_to_write(text: str) -> tuple[set[str], set[str]]:
    """Return the business ids and the personal ids a text may mean, each as it is stored."""
    business_ids, national_ids = {text.upper()}, set()
    for country in LANGUAGES:
        with suppress(DomainError):
            business_ids.add(check_business_id(country, text))
        with suppress(DomainError):
            national_ids.add(check_personal_id(country, text, allow_test=True))
    return business_ids, national_ids


class Debtor(models.Model):
    """Somebody who owes a creditor money: a company or a private person."""

    class Kind(models.TextChoices):
        """What the debtor is; Ropo's customertype 1 and 2."""

        COMPANY = "company", _("Company")
        PERSON = "person", _("Private person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="debtors")
    kind = models.CharField(_("type"), max_length=7, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=70)
    search_name = models.CharField(max_length=70, editable=False)
    customer_number = models.CharField(_("customer number"), max_length=40, blank=True)
    business_id = models.CharField(_("business id"), max_length=20, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    national_id = EncryptedTextField(_("personal identity code"), blank=True, default="")
    national_id_hash = models.CharField(max_length=64, blank=True, editable=False)
    extra_line_1 = models.CharField(_("line above the name"), max_length=50, blank=True)
    extra_line_2 = models.CharField(_("line under the name"), max_length=50, blank=True)
    street = models.CharField(_("street address"), max_length=70)
    postcode = models.CharField(_("post code"), max_length=12)
    city = models.CharField(_("city"), max_length=50)
    country = models.CharField(_("country"), max_length=2, default="FI")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    einvoice_address = models.CharField(_("e-invoice address"), max_length=35, blank=True)
    einvoice_operator = models.CharField(_("e-invoice operator"), max_length=35, blank=True)
    channel = models.CharField(
        _("usual channel"), max_length=17, choices=Channel.choices, default=Channel.POST
    )
    language = models.CharField(_("language of letters"), max_length=2, default="fi")
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    # What a double became: the row stays for what points to it, and takes nothing new.
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="doubles"
    )
    merged_at = models.DateTimeField(_("merged"), null=True, editable=False)

    objects = DebtorQuerySet.as_manager()

    class Meta:
        verbose_name = _("debtor")
        verbose_name_plural = _("debtors")
        constraints = (
            models.UniqueConstraint(fields=("id", "creditor"), name="debtor_with_creditor"),
            models.UniqueConstraint(
                fields=("creditor", "customer_number"),
                condition=~Q(customer_number=""),
                name="debtor_customer_number_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="person", business_id="") | Q(kind="company", national_id_hash=""),
                name="debtor_number_fits_kind",
            ),
        )
        indexes = (
            models.Index(fields=("creditor", "search_name", "id"), name="debtor_by_name"),
            models.Index(fields=("creditor", "national_id_hash"), name="debtor_by_national_id"),
            models.Index(fields=("creditor", "business_id"), name="debtor_by_business_id"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "Debtor":
        """The one to write to: itself, or the one it was merged into."""
        return self.merged_into or self

    def with_doubles(self) -> list[uuid.UUID]:
        """Return its own key and those of the doubles that were merged into it."""
        return [self.pk, *Debtor.objects.filter(merged_into=self.pk).values_list("pk", flat=True)]

    @property
    def shown_id(self) -> str:
        """The business id, or the personal identity code with all but its end hidden."""
        return self.business_id or (masked(self.national_id, 4) if self.national_id_hash else "")

    @property
    def country_name(self) -> str:
        """The country in words."""
        return str(COUNTRIES.get(self.country, self.country))

    @property
    def letter_language(self) -> str:
        """The language of letters, two characters."""
        return self.language or LANGUAGES[self.creditor.country]


class FlagQuerySet(models.QuerySet["Flag"]):
    """Reads of flags."""

    def visible_to(self, scope: "Scope") -> Self:
        """Flags on debtors of the user's creditors."""
        return self.filter(debtor__creditor_id__in=scope.creditor_ids)

    def standing(self, *, on: dt.date) -> Self:
        """Flags that nobody has lifted and whose last day has not passed."""
        return self.filter(Q(end_date=None) | Q(end_date__gte=on), lifted_at=None)

    def stopping(self, job: str) -> Self:
        """Flags that stop a job: `print` for a plain invoice, `claim` for what pursues the debtor."""
        return self.filter(kind__in=STOPS_INVOICES) if job == "print" else self


class Flag(models.Model):
    """Why a debtor is left alone; past its last day it frees the debtor by itself. Never changed, only lifted."""

    class Kind(models.TextChoices):
        """The ground."""

        DISPUTED = "disputed", _("Disputed")
        PAYMENT_PLAN = "payment-plan", _("Payment plan")
        RESTRUCTURING = "restructuring", _("In restructuring")
        BANKRUPT = "bankrupt", _("Bankrupt")
        DECEASED = "deceased", _("Deceased")
        MINOR = "minor", _("Minor")
        PROTECTED_ADDRESS = "protected-address", _("Protected address")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    debtor = models.ForeignKey(Debtor, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(_("flag"), max_length=17, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=500)
    begin_date = models.DateField(_("since"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    # The first moment after the last day anywhere; the database compares it, as it knows no time zones of ours.
    frees_at = models.DateTimeField(null=True, editable=False)
    set_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))
    lifted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_reason = models.CharField(_("lifted because"), max_length=500, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ("-set_at", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="flag_has_a_reason"),
            models.CheckConstraint(
                condition=Q(end_date=None, frees_at=None) | Q(end_date__isnull=False, frees_at__isnull=False),
                name="flag_end_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=models.F("begin_date")),
                name="flag_ends_after_begin",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="flag_lifted_with_a_reason",
            ),
        )
        indexes = (models.Index(fields=("debtor", "kind"), name="flag_of_debtor"),)

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the debtor."""
        return self.debtor.creditor_id

    def standing_on(self, day: dt.date) -> str:
        """`flagged` while it stands, then how it ended: `ended` by its day, or `withdrawn` by a person."""
        if self.lifted_at:
            return "withdrawn"
        return "flagged" if self.end_date is None or self.end_date >= day else "ended"

    @property
    def stops_invoices(self) -> bool:
        """Whether even a new invoice is stopped."""
        return self.kind in STOPS_INVOICES

    @property
    def needs_approver(self) -> bool:
        """Whether only an approver may lift it."""
        return self.kind in {self.Kind.DECEASED, self.Kind.MINOR}


# Nobody of that name may be written to at that address; the others may go on buying.
STOPS_INVOICES = (Flag.Kind.BANKRUPT, Flag.Kind.DECEASED, Flag.Kind.MINOR, Flag.Kind.PROTECTED_ADDRESS)
