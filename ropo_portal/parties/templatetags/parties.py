"""Room: post codes, accounts, rates and languages as people write them."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ropo_portal.identifiers import format_iban, format_postcode
from ropo_portal.money import format_percent
from ropo_portal.parties import wording
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.parties.secrecy import hides_address

register = template.Library()
SECONDS = 60
# Where a debtor lives.
HOME = frozenset({"extra_line_1", "extra_line_2", "street", "postcode", "city"})


@register.filter
def postcode(party: Any) -> str:
    """Write a party's post code as its country prints it."""
    return format_postcode(party.country, party.postcode)


@register.filter
def id_label(country: str) -> str:
    """Name the personal identity code of a country."""
    return wording.id_label(country)


@register.filter
def iban(account: str) -> str:
    """Write an account in groups of four."""
    return format_iban(account)


@register.filter
def percent(rate: Decimal) -> str:
    """Write a rate with its sign."""
    return format_percent(rate, get_language() or "en")


@register.filter
def minutes(seconds: int) -> str:
    """Write a hold: in minutes, below one in seconds."""
    if seconds == 0:
        return _("none")
    if seconds < SECONDS:
        return ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
    number = seconds // SECONDS
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}


@register.filter
def kind_label(kind: str) -> str:
    """Name a kind of debtor."""
    return str(dict(Debtor.Kind.choices).get(kind, kind))


@register.filter
def channel_label(channel: str) -> str:
    """Name a way by which letters go."""
    return str(dict(Channel.choices).get(channel, channel))


@register.filter
def language_name(code: str) -> str:
    """Name a language."""
    names = {"fi": _("Finnish"), "sv": _("Swedish"), "nb": _("Norwegian"), "en": _("English")}
    return names.get(code, code)


@register.simple_tag(takes_context=True)
def address(context: Any, debtor: Any) -> str:
    """Write where a debtor lives in one line, unless it is protected from this reader."""
    if hides_address(context.request, debtor):
        return _("protected address")
    return f"{debtor.street}, {debtor.postcode} {debtor.city}"


@register.filter
def city(debtor: Any, request: Any) -> str:
    """Name a debtor's city, unless the address is protected from this reader."""
    return _("protected") if hides_address(request, debtor) else str(debtor.city)


@register.simple_tag(takes_context=True)
def hidden_columns(context: Any, entry: Any) -> frozenset[str]:
    """Name the columns of a debtor whose values an entry of the history keeps from this reader."""
    if entry.subject_type != Debtor._meta.label_lower:
        return frozenset()
    debtor = Debtor.objects.filter(pk=entry.subject_id).first()
    return HOME if debtor and hides_address(context.request, debtor) else frozenset()


@register.simple_tag(takes_context=True)
def is_address_hidden(context: Any, debtor: Any) -> bool:
    """Tell whether the address is protected from this reader."""
    return hides_address(context.request, debtor)
