"""Room: what people call a column, in Finnish, Swedish, Norwegian and English."""

from collections.abc import Mapping


def _table(text: str) -> dict[str, tuple[str, ...]]:
    pairs = (line.split(":", 1) for line in text.strip().splitlines())
    return {name.strip(): tuple(word.strip() for word in words.split(",")) for name, words in pairs}


# A header that means one column and no other.
SYNONYMS: Mapping[str, tuple[str, ...]] = _table("""
invoice_number: laskunumero, laskun numero, laskunro, laskun nro, lasku nro, fakturanummer, fakturanr, fakturanro, invoice no, invoice number, invoice nr, bill number
invoice_date: laskupäivä, laskun päivä, laskun päiväys, laskun päivämäärä, laskun pvm, laskupvm, laskutuspäivä, fakturadatum, fakturadato, invoice date, issue date, date of invoice
due_date: eräpäivä, eräpvm, erapaiva, förfallodatum, förfallodag, forfallsdato, forfall, förfaller, due date, payment due date, date due
delivery_date: toimituspäivä, toimituspvm, leveransdatum, leveringsdato, leveransdag, delivery date, supply date, date of supply, delivered on
reference: viitenumero, viite, viitenro, referensnummer, betalningsreferens, ocr, ocr nummer, ocr nr, kid, kid nummer, kidnummer, referansenummer, reference number, payment reference, reference
debtor_number: asiakasnumero, asiakasnro, asiakas nro, asiakastunnus, kundnummer, kundnr, kundenummer, kundenr, customer number, customer no, debtor number, debtor no, customer id
debtor_name: asiakkaan nimi, asiakas, velallinen, laskutettava, saajan nimi, ostaja, kundnamn, kund, kundens namn, gäldenär, köpare, kundenavn, kunde, skyldner, kjøper, debtor name, debtor, customer name, customer, buyer, buyer name
debtor_id: y-tunnus, ytunnus, henkilötunnus, hetu, y-tunnus/henkilötunnus, organisationsnummer, orgnr, org nr, personnummer, person/organisationsnummer, organisasjonsnummer, fødselsnummer, org/personnr, business id, personal id, debtor id, company id, personal identity code, organisation number, social security number
debtor_kind: asiakastyyppi, velallisen tyyppi, kundtyp, kundetype, debtor type, customer type, debtor kind
debtor_vat_id: alv-tunnus, alv-numero, arvonlisäverotunniste, momsregistreringsnummer, vat-nummer, momsnummer, mva-nummer, mva nr, vat id, vat number, vat no
extra_line_1: lisärivi 1, nimen lisärivi, c/o, co, tilläggsrad 1, tilleggslinje 1, line above the name, extra line 1
extra_line_2: lisärivi 2, tilläggsrad 2, tilleggslinje 2, line under the name, extra line 2, address line 2
street: katuosoite, lähiosoite, postiosoite, katu, gatuadress, utdelningsadress, gata, gateadresse, gate, street, street address, address line 1
post_code: postinumero, postinro, postnummer, postnr, post code, postcode, postal code, zip, zip code
city: postitoimipaikka, paikkakunta, kaupunki, postort, ort, stad, poststed, sted, city, town
debtor_country: maa, maakoodi, maatunnus, land, landkod, landskod, landkode, country, country code, debtor country
email: sähköposti, sähköpostiosoite, e-post, epost, e-postadress, e-postadresse, e-mail, email, email address
phone: puhelin, puhelinnumero, puh, matkapuhelin, telefon, telefonnummer, mobil, mobiltelefon, tlf, phone, phone number, telephone, mobile
einvoice_address: verkkolaskuosoite, ovt-tunnus, ovt, e-fakturaadress, e-faktura-adress, ehf-adresse, e-fakturaadresse, peppol id, e-invoice address, einvoice address
einvoice_operator: verkkolaskuoperaattori, välittäjätunnus, operaattori, välittäjä, operatör, förmedlare, operatør, e-invoice operator, einvoice operator, intermediator
language: kieli, asiakkaan kieli, språk, language
channel: lähetystapa, toimitustapa laskulle, kanava, laskun lähetystapa, distributionssätt, kanal, utskickssätt, utsendelsesmåte, channel, delivery channel
currency: valuutta, valuuttakoodi, valuta, valutakod, valutakode, currency, currency code
document_type: laskutyyppi, laskulaji, tositelaji, fakturatyp, fakturatype, invoice type, document type
credits_number: hyvitettävä lasku, hyvitettävän laskun numero, alkuperäinen lasku, krediterar faktura, kreditering av faktura, kreditert faktura, credits invoice, credited invoice, original invoice number, original invoice
our_reference: viitteemme, oma viite, vår referens, vår referanse, our reference, our ref
your_reference: viitteenne, asiakkaan viite, er referens, ert referens, deres referanse, deres ref, er ref, your reference, your ref, buyer reference
order_number: tilausnumero, tilausnro, tilaus, ordernummer, ordernr, beställningsnummer, bestillingsnummer, ordrenummer, order number, order no, purchase order, po number
message: laskun teksti, vapaa teksti, viesti, lisätieto, lisätiedot, fakturatext, fri text, meddelande, fakturatekst, fritekst, melding, message, free text, text on the invoice, invoice text, note
row_description: rivin kuvaus, kuvaus, selite, tuotteen nimi, tuote, nimike, rivin selite, beskrivning, benämning, radtext, artikelnamn, produkt, beskrivelse, varenavn, produktnavn, linjetekst, description, row description, item, item name, product, product name
row_quantity: määrä, kappalemäärä, lkm, antal, kvantitet, antall, mengde, quantity, qty
row_unit: yksikkö, yks, enhet, måttenhet, unit, unit of measure
row_price: yksikköhinta, a-hinta, hinta, veroton hinta, veroton yksikköhinta, hinta veroton, à-pris, á-pris, a-pris, styckpris, pris, enhetspris, pris exkl moms, pris eks mva, unit price, price, price without vat, net price
row_vat_rate: alv, alv-%, alv %, alv-prosentti, alv prosentti, alv-kanta, verokanta, moms, moms-%, moms %, momssats, momsprocent, mva, mva-%, mva %, mva-sats, vat, vat %, vat rate, vat percent, tax rate
row_discount: alennus, ale, alennus-%, alennus %, alennusprosentti, ale-%, rabatt, rabatt-%, rabatt %, rabattprocent, rabattprosent, discount, discount %, discount percent
row_product_number: tuotenumero, tuotekoodi, tuotenro, artikelnummer, artikelnr, produktnummer, varenummer, varenr, product number, product code, article number, item number, sku
row_message: rivin teksti, rivin lisätieto, rivin vapaa teksti, radens text, text under raden, tekst under linjen, linjens tekst, text under the row, row text, row note
row_start_date: jakson alku, alkupäivä, alkaa, kausi alkaa, periodens början, startdatum, från och med, startdato, periode fra, period from, start date, period start
row_end_date: jakson loppu, loppupäivä, päättyy, kausi päättyy, periodens slut, slutdatum, till och med, sluttdato, periode til, period to, end date, period end
row_net: rivin veroton summa, rivi veroton, radens nettobelopp, linjens nettobeløp, linjesum eks mva, row net, line net, line amount
row_vat: rivin vero, rivin alv, rivi alv, radens moms, linjens mva, row vat, line vat
row_total: rivin summa, rivisumma, rivi yhteensä, radsumma, radbelopp, linjesum, linjebeløp, row total, line total, row gross
stated_net: veroton summa, laskun veroton summa, nettosumma, nettobelopp, summa exkl moms, nettobeløp, sum eks mva, net amount, total without vat, net total
stated_vat: laskun alv, alv yhteensä, alv-summa, vero yhteensä, momsbelopp, moms totalt, mva-beløp, mva totalt, vat amount, total vat
stated_total: loppusumma, laskun summa, laskun loppusumma, yhteensä, maksettava, verollinen summa, totalbelopp, att betala, totalsumma, fakturabelopp, totalbeløp, å betale, totalsum, fakturabeløp, total amount, invoice total, amount due, grand total, payable amount
internal_reference: sisäinen viite, intern referens, intern referanse, internal reference
seller: myyjä, myyjän nimi, säljare, selger, seller, sales person
seller_code: myyjän koodi, säljarkod, selgerkode, seller code
contact_person: yhteyshenkilö, kontaktperson, contact person
delivery_method: toimitustapa, leveranssätt, leveringsmåte, delivery method
delivery_term: toimitusehto, leveransvillkor, leveringsbetingelser, delivery term, delivery terms
late_interest: viivästyskorko, viivästyskorko %, dröjsmålsränta, forsinkelsesrente, morarente, late interest, interest on late payment
second_email: toinen sähköposti, andra e-post, ekstra e-post, second email, second e-mail
accounting_date: kirjauspäivä, bokföringsdatum, bokføringsdato, accounting date, posting date
period: kirjanpitojakso, bokföringsperiod, regnskapsperiode, accounting period
""")

# A header that may mean this column; it counts when nothing better is there, and is asked about.
WEAK: Mapping[str, tuple[str, ...]] = _table("""
invoice_number: numero, nro, lasku, nummer, nr, faktura, number, no, invoice
invoice_date: päivämäärä, päivä, pvm, datum, dato, date
debtor_name: nimi, namn, navn, name
debtor_id: tunnus, tunniste, id
row_description: teksti, text, tekst
row_net: summa, netto, veroton, belopp, beløp, sum, amount, net
stated_total: summa yhteensä, totalt, brutto, total, gross
street: osoite, adress, adresse, address
row_vat: vero, skatt, avgift, tax
""")
