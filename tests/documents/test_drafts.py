import datetime as dt
import threading
from decimal import Decimal

import pypdfium2
import pytest

from ropo_portal.documents.drafts import (
    DraftKind,
    DraftRecipient,
    draft_image,
    draft_pdf,
    letters,
    printer,
    slips,
)
from ropo_portal.money import format_amount
from tests.documents.sample import make_creditor, make_draft, make_row
from tests.documents.test_code128 import bars_of, read


def text_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    pages = [
        page.get_textpage().get_text_range().replace("\u200b", "").replace("\r\n", "\n") for page in document
    ]
    document.close()
    return pages


@pytest.mark.parametrize("country", ["FI", "SE", "NO", "DE"])
def test_a_draft_is_a_whole_archivable_pdf(country: str) -> None:
    content = draft_pdf(make_draft(country))
    assert content.startswith(b"%PDF-1.7")
    assert content.rstrip().endswith(b"%%EOF")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in content
    assert len(text_of(content)) == 1


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert draft_pdf(make_draft()) == draft_pdf(make_draft())


def test_the_picture_is_a_png_of_the_first_page() -> None:
    small, large = draft_image(make_draft(), pixels_per_inch=48), draft_image(make_draft())
    assert small.startswith(b"\x89PNG")
    assert int.from_bytes(small[16:20], "big") == 397
    assert len(small) < len(large) < 250_000


def test_what_the_letter_says() -> None:
    rows = (
        make_row("Konsultointi", quantity=Decimal("1.5"), unit="h", discount=Decimal(10)),
        make_row("Kirja", vat_rate=Decimal("13.5")),
    )
    draft = make_draft(
        rows=rows,
        late_interest=Decimal("11.5"),
        stamp="LUONNOS",
        free_text="Kiitos.\nHei.",
        order_number="PO-7",
    )
    (page,) = text_of(draft_pdf(draft))
    for words in (
        "Lasku", "20260003", "1.12.2026", "31.12.2026", "2 02611 00017", "11,5", "LUONNOS", "Kiitos.", "Hei.", "PO-7",
        "Konsultointi", "1,5", "13,51", "25,5", "13,5", "FI42 5000 1510 0000 23", "Matti Meikäläinen", "Alennus",
        "Maksettavaa", "Viesti", "Sivu 1 / 1", letters.page_data(draft)["slip"]["digits"],
    ):  # fmt: skip
        assert words.replace("\u00a0", " ") in page.replace("\u00a0", " "), words


@pytest.mark.parametrize(
    ("language", "title", "amount"),
    [
        ("fi", "Lasku", "1 234,50 €"),
        ("sv", "Faktura", "1 234,50 €"),
        ("nb", "Faktura", "1 234,50 €"),
        ("en", "Invoice", "1 234.50 €"),
        ("de", "Invoice", "1 234.50 €"),
    ],
)
def test_the_letter_speaks_the_debtors_language(language: str, title: str, amount: str) -> None:
    data = letters.page_data(make_draft(language=language, open_amount=Decimal("1234.50")))
    assert (data["title"], data["pay"]["amount"].replace("\u00a0", " ")) == (title, amount)


def test_every_language_has_every_word() -> None:
    every = letters._texts()
    assert set(every) == {"en", "fi", "sv", "nb"}
    assert len({frozenset(words) for words in every.values()}) == 1


HOSTILE = '#read("/etc/passwd") {{ x }} $ *b* _e_ \\u{41} " <script> @ref // /* = - + [a] `c` #panic()'


def test_hostile_text_stays_text() -> None:
    draft = make_draft(
        rows=(make_row(HOSTILE, free_text=HOSTILE),),
        number="#panic()", reference=HOSTILE, free_text=HOSTILE, stamp="#x",
        recipient=DraftRecipient(HOSTILE, (HOSTILE,)), creditor=make_creditor(name=HOSTILE, email=HOSTILE),
    )  # fmt: skip
    (page,) = text_of(draft_pdf(draft))
    assert "root:" not in page
    for words in ('#read("/etc/passwd")', "{{ x }}", "<script>", "*b*", "\\u{41}", "#panic()"):
        assert words in page


def test_characters_without_a_font_still_give_a_page() -> None:
    content = draft_pdf(make_draft(recipient=DraftRecipient("李小龍")))
    assert content.startswith(b"%PDF")
    assert b"pdfaid" not in content


def test_two_hundred_rows_repeat_their_heading() -> None:
    pages = text_of(
        draft_pdf(make_draft(rows=tuple(make_row(f"Row number {place}.") for place in range(200))))
    )
    assert len(pages) > 3
    everything = "\n".join(pages)
    assert all(f"Row number {place}." in everything for place in range(200))
    assert all("Kuvaus" in page for page in pages if "Row number" in page)
    assert "Saajan tilinumero" in pages[-1]
    assert f"Sivu {len(pages)} / {len(pages)}" in pages[-1]


def test_long_names_wrap_inside_the_page() -> None:
    recipient = DraftRecipient("Ylenmääräisenpitkäyhdyssana" * 8, ("x" * 120,) * 3)
    document = pypdfium2.PdfDocument(draft_pdf(make_draft(recipient=recipient, rows=(make_row("y" * 200),))))
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        assert max(box[2] for box in boxes) < page.get_width() - 50
    document.close()


@pytest.mark.parametrize(("reference", "version"), [("20261100017", "4"), ("RF341234561", "5")])
def test_the_bars_on_the_slip_read_back(reference: str, version: str) -> None:
    draft = make_draft(reference=reference)
    slip = slips.slip(draft)
    assert read(bars_of(slip["bars"])) == slip["digits"]
    assert (slip["digits"][0], slip["digits"][17:25], slip["digits"][-6:]) == (version, "00002513", "261231")


def test_no_bars_without_a_finnish_account_or_a_reference() -> None:
    for draft in (make_draft(reference="thanks"), make_draft(creditor=make_creditor("SE"))):
        slip = slips.slip(draft)
        assert (slip["bars"], slip["digits"], bool(slip["qr"])) == ("", "", True)
        assert draft_pdf(draft)


@pytest.mark.parametrize("changes", [{"currency": "SEK"}, {"creditor": make_creditor(iban="")}])
def test_no_qr_for_what_it_cannot_pay(changes: dict[str, object]) -> None:
    draft = make_draft(**changes)
    assert slips.slip(draft)["qr"] == ""
    assert draft_pdf(draft)


def test_the_swedish_line() -> None:
    slip = slips.slip(
        make_draft("SE", creditor=make_creditor("SE", bankgiro="991-2346"), open_amount=Decimal("2811.62"))
    )
    assert slip["line"] == "#  123456790 #  2811 62  8 >  9912346#41#"
    assert slips.slip(make_draft("SE", reference="thanks"))["line"] == ""


def test_the_norwegian_line() -> None:
    slip = slips.slip(make_draft("NO", open_amount=Decimal("2818.35")))
    assert (slip["line"], slip["account"]) == ("H  602243 <  2818 35 < 3 >  86011117947<", "8601.11.17947")


def test_a_credit_note_asks_for_nothing() -> None:
    rows = (make_row(quantity=Decimal(-1)),)
    data = letters.page_data(make_draft(kind=DraftKind.CREDIT_NOTE, rows=rows, refers_to="20260001"))
    assert (data["slip"], data["pay"]["label"], data["pay"]["due"]) == (None, "Hyvitetään", "")
    assert data["pay"]["amount"] == "12,56\u00a0€"
    assert ("Koskee laskua", "20260001") in data["facts"]


def test_a_reminder_asks_for_what_is_open() -> None:
    draft = make_draft(kind=DraftKind.REMINDER, rows=(), open_amount=Decimal("1250.50"))
    (page,) = text_of(draft_pdf(draft))
    assert "Maksumuistutus" in page
    assert format_amount(Decimal("1250.50"), "fi").replace("\u00a0", " ") in page.replace("\u00a0", " ")


def test_threads_draw_at_the_same_time() -> None:
    drawn: list[bytes] = []
    drafts = [make_draft(number=str(place)) for place in range(4)]
    threads = [
        threading.Thread(target=lambda draft=draft: drawn.append(draft_pdf(draft))) for draft in drafts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(text_of(content)) for content in drawn} == {1}
    assert len(drawn) == 4


def test_a_broken_template_is_not_hidden() -> None:
    with pytest.raises(RuntimeError):
        printer.pdf({"words": {}}, on=dt.date(2026, 1, 1))
