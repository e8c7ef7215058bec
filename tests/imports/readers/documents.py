"""Finvoice and UBL documents for tests, of invented companies."""

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def finvoice_row(
    extra: str = "",
    price: str = "1250,00",
    discount: str = "",
    vat: str = "25,5",
    name: str = "Huoltosopimus",
) -> str:
    rebate = f"<RowDiscountPercent>{discount}</RowDiscountPercent>" if discount else ""
    return (
        f"<InvoiceRow><ArticleIdentifier>P-1</ArticleIdentifier><ArticleName>{name}</ArticleName>"
        '<InvoicedQuantity QuantityUnitCode="kk">2</InvoicedQuantity>'
        '<StartDate Format="CCYYMMDD">20261101</StartDate><EndDate Format="CCYYMMDD">20261130</EndDate>'
        f'<UnitPriceAmount AmountCurrencyIdentifier="EUR">{price}</UnitPriceAmount>{extra}{rebate}'
        f"<RowVatRatePercent>{vat}</RowVatRatePercent>"
        '<RowVatAmount AmountCurrencyIdentifier="EUR">637,50</RowVatAmount>'
        '<RowVatExcludedAmount AmountCurrencyIdentifier="EUR">2500,00</RowVatExcludedAmount>'
        '<RowAmount AmountCurrencyIdentifier="EUR">3137,50</RowAmount></InvoiceRow>'
    )


def finvoice(
    rows: str = "", *, number: str = "20260001", code: str = "INV01", details: str = "", version="3.0"
) -> str:
    return (
        f'<Finvoice Version="{version}"><MessageTransmissionDetails><MessageReceiverDetails>'
        "<ToIdentifier>003700000123</ToIdentifier><ToIntermediator>003700000000</ToIntermediator>"
        "</MessageReceiverDetails></MessageTransmissionDetails>"
        "<BuyerPartyDetails><BuyerPartyIdentifier>0000012-3</BuyerPartyIdentifier>"
        "<BuyerOrganisationName>Kuvitteellinen Leipomo Oy</BuyerOrganisationName>"
        "<BuyerOrganisationName>Ostolaskut</BuyerOrganisationName>"
        "<BuyerPostalAddressDetails><BuyerStreetName>Pullakuja 2</BuyerStreetName>"
        "<BuyerTownName>Helsinki</BuyerTownName><BuyerPostCodeIdentifier>00530</BuyerPostCodeIdentifier>"
        "<CountryCode>FI</CountryCode></BuyerPostalAddressDetails></BuyerPartyDetails>"
        "<BuyerCommunicationDetails><BuyerEmailaddressIdentifier>laskut@example.com</BuyerEmailaddressIdentifier>"
        "</BuyerCommunicationDetails>"
        f"<InvoiceDetails><InvoiceTypeCode>{code}</InvoiceTypeCode><InvoiceNumber>{number}</InvoiceNumber>"
        '<InvoiceDate Format="CCYYMMDD">20261102</InvoiceDate>'
        '<InvoiceTotalVatExcludedAmount AmountCurrencyIdentifier="EUR">2500,00</InvoiceTotalVatExcludedAmount>'
        '<InvoiceTotalVatAmount AmountCurrencyIdentifier="EUR">637,50</InvoiceTotalVatAmount>'
        '<InvoiceTotalVatIncludedAmount AmountCurrencyIdentifier="EUR">3137,50</InvoiceTotalVatIncludedAmount>'
        "<InvoiceFreeText>Kiitos</InvoiceFreeText><InvoiceFreeText>tilauksesta</InvoiceFreeText>"
        '<PaymentTermsDetails><InvoiceDueDate Format="CCYYMMDD">20261116</InvoiceDueDate></PaymentTermsDetails>'
        f"{details}</InvoiceDetails>{rows or finvoice_row()}"
        "<EpiDetails><EpiPaymentInstructionDetails>"
        '<EpiRemittanceInfoIdentifier IdentificationSchemeName="SPY">202600014</EpiRemittanceInfoIdentifier>'
        '<EpiInstructedAmount AmountCurrencyIdentifier="EUR">3137,50</EpiInstructedAmount>'
        "</EpiPaymentInstructionDetails></EpiDetails></Finvoice>"
    )


def envelope() -> str:
    return (
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">'
        "<SOAP-ENV:Header><to>003700000123</to></SOAP-ENV:Header><SOAP-ENV:Body><x/></SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )


def ubl_line(kind: str = "Invoice", *, change: str = "", base: str = "", price: str = "125.00") -> str:
    quantity = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity"}[kind]
    return (
        f'<cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:Note>Work</cbc:Note><cbc:{quantity} unitCode="HUR">8</cbc:{quantity}>'
        '<cbc:LineExtensionAmount currencyID="NOK">1000.00</cbc:LineExtensionAmount>'
        "<cac:InvoicePeriod><cbc:StartDate>2026-11-01</cbc:StartDate><cbc:EndDate>2026-11-30</cbc:EndDate>"
        f"</cac:InvoicePeriod>{change}<cac:Item><cbc:Description>Long words</cbc:Description><cbc:Name>Konsulttime</cbc:Name>"
        "<cac:SellersItemIdentification><cbc:ID>K-1</cbc:ID></cac:SellersItemIdentification>"
        "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>"
        f'<cac:Price><cbc:PriceAmount currencyID="NOK">{price}</cbc:PriceAmount>{base}</cac:Price></cac:{kind}Line>'
    )


def ubl(kind: str = "Invoice", lines: str = "", *, extra: str = "", payable: str = "1250.00") -> str:
    due = "<cbc:DueDate>2026-11-16</cbc:DueDate>" if kind == "Invoice" else ""
    return (
        f'<{kind} xmlns="{UBL}{kind}-2" xmlns:cac="{UBL}CommonAggregateComponents-2" '
        f'xmlns:cbc="{UBL}CommonBasicComponents-2"><cbc:ID>N-17</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate>{due}'
        f"<cbc:{kind}TypeCode>{'380' if kind == 'Invoice' else '381'}</cbc:{kind}TypeCode><cbc:Note>Takk</cbc:Note>"
        "<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode><cbc:BuyerReference>Kari</cbc:BuyerReference>"
        "<cac:OrderReference><cbc:ID>PO-4</cbc:ID></cac:OrderReference>"
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>N-16</cbc:ID></cac:InvoiceDocumentReference>"
        "</cac:BillingReference>"
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Us AS</cbc:Name></cac:PartyName></cac:Party>"
        '</cac:AccountingSupplierParty><cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="0192">310000019'
        "</cbc:EndpointID><cac:PartyIdentification><cbc:ID>1001</cbc:ID></cac:PartyIdentification>"
        "<cac:PostalAddress><cbc:StreetName>Trollveien 3</cbc:StreetName><cbc:CityName>Oslo</cbc:CityName>"
        "<cbc:PostalZone>0164</cbc:PostalZone><cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode>"
        "</cac:Country></cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>NO310000019MVA</cbc:CompanyID>"
        "</cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>Eventyr Elektro AS</cbc:RegistrationName>"
        "<cbc:CompanyID>310000019</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>"
        f"<cac:PaymentMeans><cbc:PaymentID>1712345</cbc:PaymentID></cac:PaymentMeans>{extra}"
        "<cac:TaxTotal><cbc:TaxAmount>250.00</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>"
        "<cbc:TaxExclusiveAmount>1000.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount>1250.00</cbc:TaxInclusiveAmount>"
        f"<cbc:PayableAmount>{payable}</cbc:PayableAmount></cac:LegalMonetaryTotal>{lines or ubl_line(kind)}</{kind}>"
    )
