"""Room: what a country calls its personal identity code, beside the reader's own word."""

from django.utils.translation import gettext as _

# Names, which are the same in every language.
OWN_WORDS = {"FI": "henkilötunnus", "SE": "personnummer", "NO": "fødselsnummer"}


def id_label(country: str) -> str:
    """Name the code in the reader's language, and in the country's own where that is another word."""
    general, own = _("Personal identity code"), OWN_WORDS.get(country, "")
    return f"{general} ({own})" if own and own != general.casefold() else general
