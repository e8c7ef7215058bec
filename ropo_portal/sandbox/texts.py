"""What the stand-in says to people, in the language of the account's country; all of it made up."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str, str]] = {
    "missing": (
        "Pakollinen kenttä puuttuu: {0}",
        "Obligatoriskt fält saknas: {0}",
        "Påkrevd felt mangler: {0}",
    ),
    "unknown-code": (
        "Tuntematon arvo kentässä {0}: {1}",
        "Okänt värde i fältet {0}: {1}",
        "Ukjent verdi i feltet {0}: {1}",
    ),
    "bad-date": (
        "Päivämäärä ei kelpaa: {0} ({1})",
        "Ogiltigt datum, året först: {0} ({1})",
        "Ugyldig dato, året først: {0} ({1})",
    ),
    "bad-number": (
        "Lukuarvo ei kelpaa: {0} ({1})",
        "Värdet är inte ett tal: {0} ({1})",
        "Verdien må være et tall: {0} ({1})",
    ),
    "not-allowed": (
        "Kenttä {0} ei ole sallittu tässä työssä",
        "Fältet {0} är inte tillåtet här",
        "Feltet {0} er ikke tillatt på denne jobben",
    ),
    "fixedfee-consumer": (
        "Vakiokorvausta ei voi periä yksityishenkilöltä",
        "Förseningsersättning får inte krävas av privatpersoner",
        "Standardkompensasjon kan ikke kreves av privatpersoner",
    ),
    "fixedfee-finance": (
        "Vakiokorvaus ja rahoitus eivät käy yhtä aikaa",
        "Förseningsersättning går inte att förena med finansiering",
        "Standardkompensasjon kan ikke brukes sammen med finansiering",
    ),
    "finance-company": (
        "Rahoitus edellyttää yritystä ja kelvollista Y-tunnusta",
        "Finansiering förutsätter företag och giltigt organisationsnummer",
        "Finansiering forutsetter foretak og gyldig organisasjonsnummer",
    ),
    "plan-consumer": (
        "Maksusuunnitelmaa ei voi tehdä yksityishenkilölle",
        "Betalningsplan är inte möjlig för privatpersoner",
        "Betalingsplan er ikke mulig for privatpersoner",
    ),
    "duplicate": (
        "Laskunumero {0} on jo järjestelmässä",
        "Fakturanumret {0} finns redan, dubblett",
        "Fakturanummer {0} finnes allerede på profilen",
    ),
    "totals": (
        "Summat eivät täsmää: {0}",
        "Summorna stämmer inte överens: {0}",
        "Summene stemmer ikke på jobben: {0}",
    ),
    "discount": (
        "Käteisalennus ei täsmää",
        "Kassarabatten stämmer inte",
        "Kontantrabatten stemmer ikke på beløpet",
    ),
    "unreadable": (
        "Sanomaa ei ymmärretty: {0}",
        "Meddelandet förstods inte: {0}",
        "Meldingen ble ikke forstått: {0}",
    ),
    "too-many": (
        "Liian monta työtä lähetyksessä",
        "För många jobb i leveransen",
        "For mange jobber på en gang",
    ),
    "no-job": ("Työtä ei löydy", "Ärendet hittades inte", "Fant ikke jobben på profilen"),
    "no-document": ("Asiakirjaa ei löydy", "Dokumentet hittades inte", "Fant ikke dokumentet"),
    "different-documents": (
        "Tunnisteet tarkoittavat eri asiakirjoja",
        "Uppgifterna gäller olika dokument",
        "Opplysningene gjelder ulike dokumenter",
    ),
    "no-credentials": (
        "Tunnus tai avain on väärä",
        "Fel användare eller nyckel, försök inte igen",
        "Feil bruker eller nøkkel",
    ),
    "look-up-down": (
        "Haku ei ole käytettävissä, yritä myöhemmin",
        "Sökningen är tillfälligt nere",
        "Søket er nede",
    ),
    "registered": ("Työ {0} vastaanotettu", "Ärendet {0} har tagits emot", "Jobb {0} er mottatt på profilen"),
    "log": ("Viesti", "Meddelande", "Melding"),
    "paid": ("Maksettu", "Betald", "Betalt"),
    "paid-up": ("Pääoma maksettu", "Kapitalet är betalt", "Hovedstolen på saken er betalt"),
    "payment": (
        "Ohimaksu {0} kirjattu",
        "Direktbetalning {0} har bokförts",
        "Direktebetaling {0} er bokført på saken",
    ),
    "credit": (
        "Hyvitys {0} kohdistettu",
        "Kreditering {0} har bokförts",
        "Kreditering {0} er bokført på saken",
    ),
    "overpaid": ("Ylimaksua {0}", "Överbetalt med {0}", "Overbetalt på saken: {0}"),
    "unknown-event": ("Tuntematon tapahtuma", "Okänd händelse", "Ukjent hendelse på saken"),
    "overdue": ("Eräpäivä on ohitettu", "Förfallodagen har passerat", "Forfallsdatoen er passert"),
    "fee": ("Kulu {0} (keksitty)", "Avgift {0} (påhittad)", "Gebyr {0} (oppdiktet)"),
    "interest": (
        "Viivästyskorko {0} (keksitty)",
        "Dröjsmålsränta {0} (påhittad)",
        "Forsinkelsesrente {0} (oppdiktet)",
    ),
    "stage-0": ("Laskutus", "Fakturering", "Fakturering"),
    "stage-1": ("Muistutus", "Påminnelse", "Purring"),
    "stage-2": ("Perintä", "Inkasso", "Inkasso"),
    "stage--1": ("", "", ""),
}
COUNTRIES = {"FI": 0, "SE": 1, "NO": 2}


def text(country: str, key: str, *values: object) -> str:
    return TEXTS[key][COUNTRIES.get(country, 0)].format(*values)
