"""Room: a dozen invented debtors for each creditor; a mark in a name tells the sandbox how to go wrong."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ropo_portal.accounts.models import LANGUAGES, Creditor, User
from ropo_portal.identifiers import ovt_address
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.parties.operations import create_debtor

PERSON, COMPANY = Debtor.Kind.PERSON, Debtor.Kind.COMPANY
# A Finnish operator that exists on paper only.
OPERATOR = "003700000000"

# Name, id, street, post code, city. Ids of people are artificial ones, those of companies were never given out.
FINNISH = (
    ("Kuvitteellinen Leipomo Oy", "0000012-3", "Pullakuja 2", "00530", "Helsinki"),
    ("Satumaan Saha Oy", "0000013-1", "Lastutie 14", "33100", "Tampere"),
    ("Olematon Optiikka Oy", "0000015-8", "Linssipolku 7", "20100", "Turku"),
    ("Mielikuvitus Media Oy", "0000016-6", "Tarinakatu 3 B", "90100", "Oulu"),
    ("Tyhjän Taivaan Telakka Oy", "0000017-4", "Laituri 9", "65100", "Vaasa"),
    ("Väärä Tieto Oy [refused-before x1]", "0000018-2", "Erhetie 4", "00200", "Helsinki"),
    ("Kadonnut Vastaus Oy [reset-after x1]", "0000019-0", "Kaikukuja 1", "40100", "Jyväskylä"),
    ("Hiljainen Linja Oy [never-before x1]", "0000020-3", "Hyssykatu 5", "70100", "Kuopio"),
    ("Aino Esimerkki", "010190-900P", "Mallitie 1 A 2", "00560", "Helsinki"),
    ("Eino Keksitty", "150785-9009", "Satukuja 8", "33200", "Tampere"),
    ("Maija Mallikas", "241299-900R", "Esimerkinkatu 12", "20500", "Turku"),
    ("Onni Olematon", "300668-900S", "Kuvitelmankatu 6 C 31", "90120", "Oulu"),
)
SWEDISH = (
    ("Fantasi Fisk AB", "992000-0016", "Sagovägen 3", "11434", "Stockholm"),
    ("Luftslottet Fastigheter AB", "992000-0024", "Molngatan 11", "41103", "Göteborg"),
    ("Månskens Måleri AB", "992000-0032", "Penselstigen 5", "21119", "Malmö"),
    ("Drömmarnas Däck AB", "992000-0040", "Fälgvägen 20", "75320", "Uppsala"),
    ("Påhittet Plåt AB", "992000-0057", "Bleckgatan 8", "58222", "Linköping"),
    ("Sagans Snickeri AB", "992000-0065", "Hyvelvägen 2", "90325", "Umeå"),
    ("Ingenstans Import AB", "992000-0073", "Tomgatan 17", "72211", "Västerås"),
    ("Stängd Dörr AB [401-before x1]", "992000-0081", "Portgången 4", "11120", "Stockholm"),
    ("Tolvan Påhitt", "19121212-1212", "Exempelgatan 12", "11346", "Stockholm"),
    ("Testa Testsson", "20170101-2393", "Provvägen 1", "41502", "Göteborg"),
    ("Fiktiva Figur", "18900101-9802", "Fantasigränd 6", "21122", "Malmö"),
    ("Ida Påhittsson", "", "Sagostigen 9", "75310", "Uppsala"),
)
NORWEGIAN = (
    ("Eventyr Elektro AS", "310000019", "Trollveien 3", "0164", "Oslo"),
    ("Luftslott Logistikk AS", "310000027", "Skyveien 10", "5003", "Bergen"),
    ("Nisselue Trikotasje AS", "310000035", "Garnveien 7", "7010", "Trondheim"),
    ("Påfunn Papir AS", "310000043", "Arkveien 5", "4006", "Stavanger"),
    ("Fantasi Frukt AS", "310000051", "Epleveien 21", "5600", "Norheimsund"),
    ("Drømmeland Drift AS", "310000078", "Puteveien 2", "9008", "Tromsø"),
    ("Ingensteds Interiør AS", "310000086", "Gardinveien 8", "3015", "Drammen"),
    ("Treg Post AS [late-after:3 x1]", "310000094", "Sneglveien 1", "0180", "Oslo"),
    ("Kari Oppdiktet", "01819010001", "Eksempelveien 4", "0250", "Oslo"),
    ("Ola Påfunn", "15857510027", "Testveien 12", "5010", "Bergen"),
    ("Nora Fantasi", "24889910069", "Prøveveien 3", "7014", "Trondheim"),
    ("Emil Eksempel", "", "Diktveien 15", "4010", "Stavanger"),
)
DEBTORS = {"FI": FINNISH, "SE": SWEDISH, "NO": NORWEGIAN}
COMPANIES = 8
BY_EMAIL = 3  # every third debtor prefers mail


def values_for(country: str) -> Iterator[dict[str, Any]]:
    """Yield what a clerk would have typed."""
    for place, (name, number, street, postcode, city) in enumerate(DEBTORS[country]):
        is_company = place < COMPANIES
        values: dict[str, Any] = {
            "kind": COMPANY if is_company else PERSON, "name": name, "customer_number": f"{country}{place + 101}",
            "street": street, "postcode": postcode, "city": city, "country": country,
            "email": f"debtor{place + 101}.{country.lower()}@example.com", "language": LANGUAGES[country],
            "channel": Channel.EMAIL if place % BY_EMAIL == 1 else Channel.POST,
            "business_id" if is_company else "national_id": number,
        }  # fmt: skip
        if country == "FI" and place == 0:
            values |= {
                "channel": Channel.EINVOICE,
                "einvoice_address": ovt_address(number),
                "einvoice_operator": OPERATOR,
            }
        yield values


def make_debtors(creditor: Creditor, *, actor: User, at: dt.datetime) -> list[Debtor]:
    """Create the creditor's debtors, in the order of the table."""
    return [
        create_debtor(creditor=creditor, values=values, actor=actor, at=at)
        for values in values_for(creditor.country)
    ]
