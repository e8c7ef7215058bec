import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, User
from ropo_portal.accounts.scope import Scope
from ropo_portal.documents import views
from ropo_portal.documents.models import StoredDocument
from ropo_portal.documents.operations import LARGEST, DocumentTooLarge, NotAPdf, store_document
from tests import factories

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nsome bytes\n%%EOF\n"
SUBJECT = uuid.uuid4()


def store(environment: CreditorEnvironment, **changes: Any) -> StoredDocument:
    values = {
        "subject_type": "invoices.Invoice",
        "subject_id": SUBJECT,
        "creditor_id": environment.creditor_id,
        "environment_id": environment.pk,
        "kind": "original",
        "content": PDF,
        "at": factories.AT,
        "source": "ropo",
        **changes,
    }
    return store_document(**values)


def fetch(user: User, row: StoredDocument, query: str = "") -> HttpResponse:
    request = RequestFactory().get(f"/documents/{row.pk}{query}")
    request.user = user
    request.scope = Scope(user)
    return views.document(request, pk=row.pk)


def test_the_same_bytes_are_kept_once(environment: CreditorEnvironment) -> None:
    first = store(environment)
    again = store(environment, at=factories.AT + dt.timedelta(hours=1))
    other = store(environment, kind="current")
    assert (first.pk == again.pk, first.pk == other.pk) == (True, False)
    assert StoredDocument.objects.count() == 2
    assert (first.size, bytes(StoredDocument.objects.get(pk=first.pk).content)) == (len(PDF), PDF)


def test_bytes_are_unreadable_in_the_database(environment: CreditorEnvironment) -> None:
    store(environment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM documents_storeddocument")
        (stored,) = cursor.fetchone()
    assert stored.startswith("v1.")
    assert "some bytes" not in stored


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>%PDF-</html>", b"%PDF-1.7 cut off", b"x" * 100 + PDF, b"%PDF-1.7%%EOF" + b"<script>" * 200],
)
def test_what_is_no_whole_pdf_is_refused(environment: CreditorEnvironment, content: bytes) -> None:
    with pytest.raises(NotAPdf):
        store(environment, content=content)
    assert not StoredDocument.objects.exists()


def test_what_is_too_large_is_refused(environment: CreditorEnvironment) -> None:
    with pytest.raises(DocumentTooLarge, match="10 MB"):
        store(environment, content=PDF + b" " * LARGEST)


def test_a_kind_we_do_not_know_is_refused(environment: CreditorEnvironment) -> None:
    with pytest.raises(ValueError, match="letter"):
        store(environment, kind="letter")


def test_the_database_keeps_a_file_once(environment: CreditorEnvironment) -> None:
    row = store(environment)
    row.pk = uuid.uuid4()
    row.content = PDF
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_download_is_locked_up(environment: CreditorEnvironment, user_as: Callable[[str], User]) -> None:
    row = store(environment)
    response = fetch(user_as("reader"), row)
    assert (response.status_code, response.content) == (200, PDF)
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert response["Content-Disposition"] == f'attachment; filename="invoice-original-{row.pk.hex[-8:]}.pdf"'


HEADERS = {
    "Content-Type": "application/pdf",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def test_our_own_page_may_show_it(environment: CreditorEnvironment, user_as: Callable[[str], User]) -> None:
    response = fetch(user_as("reader"), store(environment), "?inline=1")
    assert response["Content-Disposition"].startswith("inline; ")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "sandbox" not in response["Content-Security-Policy"]


def test_a_stranger_gets_nothing(environment: CreditorEnvironment) -> None:
    stranger = factories.make_user("reader", factories.make_creditor("SE"))
    with pytest.raises(Http404):
        fetch(stranger, store(environment))


def test_an_administrator_alone_may_not_read_documents(
    creditor: Creditor, environment: CreditorEnvironment
) -> None:
    user = factories.make_user("administrator", creditor)
    with pytest.raises(PermissionDenied):
        fetch(user, store(environment))


def test_only_reading_is_possible(environment: CreditorEnvironment, user_as: Callable[[str], User]) -> None:
    request = RequestFactory().post("/")
    request.user = user_as("reader")
    assert views.document(request, pk=store(environment).pk).status_code == 405


def test_a_subject_lists_its_files_newest_first(environment: CreditorEnvironment) -> None:
    old = store(environment)
    new = store(environment, kind="current", at=factories.AT + dt.timedelta(days=1))
    store(environment, subject_id=uuid.uuid4())
    assert list(StoredDocument.objects.about(SUBJECT)) == [new, old]


@pytest.mark.filterwarnings("ignore:No directory at")
def test_support_sees_the_row_but_not_the_bytes(environment: CreditorEnvironment) -> None:
    row = store(environment)
    support = User.objects.create_superuser("support@example.com", "x", name="Support")
    browser = Client()
    browser.force_login(support)
    response = browser.get(f"/support/documents/storeddocument/{row.pk}/change/", secure=True)
    assert response.status_code == 200
    assert row.sha256 in response.text
    assert "some bytes" not in response.text
    keeper = site.get_model_admin(StoredDocument)
    request = response.wsgi_request
    assert not any(
        (
            keeper.has_add_permission(request),
            keeper.has_change_permission(request),
            keeper.has_delete_permission(request),
        )
    )
