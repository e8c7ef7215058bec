"""Files that travel with an invoice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ropo_portal.invoices.operations import (
    AttachmentRefused,
    CannotChange,
    attach_file,
    fetch_documents,
    post_invoice,
    remove_attachment,
)
from tests.factories import AT, make_debtor, make_invoice, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nplain\n%%EOF\n"


def attach(invoice, name="offer.pdf", content=PDF):
    return attach_file(invoice=invoice, name=name, content=content, actor=make_user(), at=AT)


def refusal(invoice, **file):
    with pytest.raises(AttachmentRefused) as caught:
        attach(invoice, **file)
    return caught.value.code


def test_a_pdf_travels_along(environment):
    invoice = make_invoice(environment)
    file = attach(invoice)
    assert (bytes(file.content), file.size) == (PDF, len(PDF))
    submission = post_invoice(invoice=invoice, revision=2, actor=make_user(), at=AT)
    assert b'"attachmentname":"offer.pdf"' in bytes(submission.payload)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("offer.exe", PDF, "not_a_pdf"), ("offer.pdf", b"<html>", "not_a_pdf"), ("offer.pdf", b"%PDF-1.7 cut", "not_a_pdf"),
        ("a.pdf", b"%PDF-1.7 /JavaScript %%EOF", "active_pdf"), ("a.pdf", b"%PDF-1.7 /Launch %%EOF", "active_pdf"),
        ("a.pdf", b"%PDF-" + b"x" * 6_000_000 + b"%%EOF", "too_large"),
    ],
)  # fmt: skip
def test_what_may_not_travel(environment, name, content, code):
    assert refusal(make_invoice(environment), name=name, content=content) == code


def test_electronic_channels_carry_one_megabyte_together(environment):
    debtor = make_debtor(environment.creditor, email="a@example.com")
    invoice = make_invoice(environment, debtor, channel="email")
    attach(invoice, content=b"%PDF-" + b"x" * 700_000 + b"%%EOF")
    assert refusal(invoice, content=b"%PDF-" + b"y" * 700_000 + b"%%EOF") == "too_large"


def test_the_same_file_once(environment):
    invoice = make_invoice(environment)
    attach(invoice)
    assert refusal(invoice, name="other.pdf") == "attached_already"


def test_a_file_can_be_taken_off_until_the_invoice_leaves(environment):
    invoice = make_invoice(environment)
    file = attach(invoice)
    remove_attachment(attachment=file, actor=make_user(), at=AT)
    assert not invoice.attachments.exists()
    file = attach(invoice)
    invoice.refresh_from_db()
    post_invoice(invoice=invoice, revision=invoice.revision, actor=make_user(), at=AT)
    with pytest.raises(CannotChange):
        remove_attachment(attachment=file, actor=make_user(), at=AT)
    with pytest.raises(CannotChange):
        attach(invoice, content=PDF + b"x")


def test_ropo_has_no_document_of_a_draft(environment):
    with pytest.raises(CannotChange):
        fetch_documents(invoice=make_invoice(environment), actor=make_user(), at=AT)


def test_attaching_by_the_screen(signed_in, environment):
    browser, invoice = signed_in("clerk"), make_invoice(environment)
    url = reverse("invoices:attach", args=[invoice.pk])
    browser.post(url, {"file": SimpleUploadedFile("../../offer.pdf", PDF)})
    file = invoice.attachments.get()
    assert file.name == "offer.pdf"
    browser.post(reverse("invoices:detach", args=[invoice.pk, file.pk]))
    assert not invoice.attachments.exists()
    assert "Choose a PDF" in browser.post(url, {}, follow=True).content.decode()
