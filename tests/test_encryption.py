import base64
import uuid
from typing import Any

import hypothesis
import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.encryption import (
    CannotDecrypt,
    Sealed,
    decrypt,
    encrypt,
    is_current,
    key_ring,
    keyed_hash,
    masked,
)
from tests import factories

OLD, NEW, OTHER = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n", b"x"))
SECRET = "apicode-of-the-creditor"


def stored_apicode(environment: CreditorEnvironment) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT apicode FROM accounts_creditorenvironment WHERE cid = %s", [environment.cid])
        return str(cursor.fetchone()[0])


@hypothesis.settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_again(content: bytes, context: str) -> None:
    context = context.encode(errors="replace").decode()
    assert decrypt(encrypt(content, context), context) == content


def test_the_same_secret_never_looks_the_same() -> None:
    assert encrypt(b"same", "a") != encrypt(b"same", "a")


@pytest.mark.parametrize("place", [-1, -10, -30])
def test_a_changed_value_does_not_open(place: int) -> None:
    version, key_id, encoded = encrypt(SECRET.encode(), "a:b:1").split(".")
    sealed = bytearray(base64.b64decode(encoded))
    sealed[place] ^= 1
    with pytest.raises(CannotDecrypt, match="changed"):
        decrypt(f"{version}.{key_id}.{base64.b64encode(sealed).decode()}", "a:b:1")


@pytest.mark.parametrize("stored", ["", "plain", "v2.dev.AAAA", "v1.dev", "v1.dev.!!", "v1.dev.AAAA"])
def test_what_was_never_sealed_does_not_open(stored: str) -> None:
    with pytest.raises(CannotDecrypt):
        decrypt(stored, "a:b:1")


def test_a_value_opens_only_where_it_belongs() -> None:
    stored = encrypt(SECRET.encode(), "app.model:field:1")
    for context in ("app.model:field:2", "app.model:other:1", "app.other:field:1"):
        with pytest.raises(CannotDecrypt, match="another row"):
            decrypt(stored, context)


def test_keys_rotate(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = f"k1:{OLD}"
    stored = encrypt(b"secret", "a")
    settings.ENCRYPTION_KEYS = f"k2:{NEW},k1:{OLD}"
    assert (decrypt(stored, "a"), is_current(stored)) == (b"secret", False)
    renewed = encrypt(b"secret", "a")
    assert (renewed.split(".")[1], is_current(renewed)) == ("k2", True)
    settings.ENCRYPTION_KEYS = f"k2:{NEW}"
    assert decrypt(renewed, "a") == b"secret"
    with pytest.raises(CannotDecrypt, match="not in ENCRYPTION_KEYS"):
        decrypt(stored, "a")


def test_a_wrong_key_is_told_without_secrets(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = f"k1:{OLD}"
    stored = encrypt(SECRET.encode(), "accounts.environment:apicode:7")
    settings.ENCRYPTION_KEYS = f"k1:{OTHER}"
    with pytest.raises(CannotDecrypt) as refusal:
        decrypt(stored, "accounts.environment:apicode:7")
    said = str(refusal.value)
    assert "accounts.environment:apicode:7" in said
    assert not any(part in said for part in (SECRET, OLD, OTHER, stored.split(".")[2]))
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    "text", ["", "k1", "k1:AAAA", "k1:not base64!", f"k 1:{OLD}", f":{OLD}", f"k1:{OLD},k1:{NEW}"]
)
def test_bad_keys_are_named_by_place_and_never_shown(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS") as refusal:
        key_ring(text)
    assert OLD not in str(refusal.value)


@pytest.mark.django_db
def test_a_column_is_unreadable_in_the_database() -> None:
    environment = factories.make_environment(apicode=SECRET)
    stored = stored_apicode(environment)
    assert stored.startswith("v1.dev.")
    for form in (SECRET, base64.b64encode(SECRET.encode()).decode(), SECRET.encode().hex()):
        assert form not in stored
    assert CreditorEnvironment.objects.get(pk=environment.pk).apicode == SECRET


@pytest.mark.django_db
def test_a_value_moved_to_another_row_does_not_open() -> None:
    mine, other = factories.make_environment(cid="1"), factories.make_environment(cid="2")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_creditorenvironment SET apicode = %s WHERE cid = '2'", [stored_apicode(mine)]
        )
    moved = CreditorEnvironment.objects.get(pk=other.pk)
    assert moved.cid == "2"
    with pytest.raises(CannotDecrypt, match="another row"):
        _ = moved.apicode


@pytest.mark.django_db
def test_a_row_copied_under_a_new_key_does_not_take_its_secret_along() -> None:
    copy = CreditorEnvironment.objects.get(pk=factories.make_environment().pk)
    copy.pk = uuid.uuid4()
    copy._state.adding = True
    with pytest.raises(CannotDecrypt):
        copy.save(force_insert=True)


@pytest.mark.django_db
def test_saving_other_fields_keeps_the_secret() -> None:
    environment = CreditorEnvironment.objects.get(pk=factories.make_environment(apicode=SECRET).pk)
    before = stored_apicode(environment)
    environment.cid = "2000"
    environment.save()
    assert stored_apicode(environment) == before
    environment.apicode = "another"
    environment.save(update_fields=["apicode"])
    environment.refresh_from_db()
    assert environment.apicode == "another"


@pytest.mark.django_db
def test_a_deferred_secret_is_loaded_when_asked_for() -> None:
    pk = factories.make_environment(apicode=SECRET).pk
    assert CreditorEnvironment.objects.defer("apicode").get(pk=pk).apicode == SECRET
    assert CreditorEnvironment.objects.only("pk").get(pk=pk).apicode == SECRET


@pytest.mark.django_db
def test_an_empty_secret_stays_empty() -> None:
    environment = factories.make_environment(apicode="")
    assert stored_apicode(environment) == ""
    assert CreditorEnvironment.objects.get(pk=environment.pk).apicode == ""


@pytest.mark.django_db
def test_rows_made_in_bulk_are_sealed_too() -> None:
    environment = CreditorEnvironment(
        creditor=factories.make_creditor(), name="sandbox", cid="3", apicode=SECRET
    )
    CreditorEnvironment.objects.bulk_create([environment])
    assert stored_apicode(environment).startswith("v1.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "condition", [{"apicode": SECRET}, {"apicode__contains": "a"}, {"apicode__in": [SECRET]}]
)
def test_secrets_cannot_be_searched(condition: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        CreditorEnvironment.objects.filter(**condition).exists()


@pytest.mark.django_db
def test_update_cannot_write_plain_text() -> None:
    environment = factories.make_environment()
    with pytest.raises(FieldError, match="save the row"):
        CreditorEnvironment.objects.update(apicode=SECRET)
    environment.apicode = SECRET
    with pytest.raises(FieldError, match="save the row"):
        CreditorEnvironment.objects.bulk_update([environment], ["apicode"])


@pytest.mark.django_db
def test_values_stay_sealed_and_do_not_print() -> None:
    factories.make_environment(apicode=SECRET)
    value = CreditorEnvironment.objects.values_list("apicode", flat=True).get()
    assert isinstance(value, Sealed)
    assert repr(value) == "<sealed>"


def test_serializers_get_no_secret() -> None:
    environment = CreditorEnvironment(apicode=SECRET)
    assert CreditorEnvironment._meta.get_field("apicode").value_to_string(environment) == ""


def test_the_search_hash_depends_on_purpose_text_and_key(settings: Settings) -> None:
    first = keyed_hash("national id", "131052-308T")
    assert (len(first), keyed_hash("national id", "131052-308T")) == (64, first)
    others = {keyed_hash("national id", "131052-308U"), keyed_hash("phone", "131052-308T")}
    settings.SEARCH_KEY = "another key that is long enough, yes"
    others.add(keyed_hash("national id", "131052-308T"))
    assert len(others | {first}) == 4


def test_a_short_search_key_is_refused(settings: Settings) -> None:
    settings.SEARCH_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="SEARCH_KEY"):
        keyed_hash("a", "b")


def test_masked_shows_the_end_only() -> None:
    assert masked("131052-308T") == "•••••••308T"
    assert masked("12345678") == "•" * 8
    assert masked("abcdefg", shown=2) == "•••••fg"
    assert masked("") == ""
