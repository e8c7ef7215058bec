"""The settings as production reads them: in a process of its own, with keys that open nothing."""

import base64
import json
import os
import subprocess
import sys

import pytest

from tests.architecture import tree

ENVIRONMENT = {
    "ROPO_MODE": "production",
    "SECRET_KEY": "k3-" * 30 + "qwertyuiopasdfghjklzxcvbnm",
    "SEARCH_KEY": "s9-" * 16,
    "ENCRYPTION_KEYS": "k1:" + base64.b64encode(b"\x07" * 32).decode(),
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://portal@db.example/portal",
    "CACHE_URL": "redis://cache.example/1",
    "CELERY_BROKER_URL": "redis://cache.example/0",
}
ASK = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none are collected
django.setup()
names = "DEBUG SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_NAME SESSION_COOKIE_SAMESITE \
SESSION_COOKIE_DOMAIN CSRF_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SAMESITE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS \
SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_CONTENT_TYPE_NOSNIFF SECURE_REFERRER_POLICY X_FRAME_OPTIONS \
SECURE_CROSS_ORIGIN_OPENER_POLICY USE_X_FORWARDED_HOST SECURE_PROXY_SSL_HEADER".split()
found = {name: getattr(settings, name) for name in names}
from django.test import Client
answer = Client().get("/account/login/", headers={"Host": "portal.example"})
found["plain"] = [answer.status_code, answer["Location"]]
bad = Client().get("/account/login/", headers={"Host": "evil.example"}, secure=True)
found["bad host"] = bad.status_code
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
found["hsts"] = SecurityMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", secure=True))["Strict-Transport-Security"]
print(json.dumps(found))
"""


def django(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {"DJANGO_SETTINGS_MODULE": "ropo_portal.settings", "PYTHONPATH": str(tree.ROOT)}
    environment = kept | settings | ENVIRONMENT | changes
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


@pytest.fixture(scope="module")
def production():
    done = django("-c", ASK)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_deploy_check_has_nothing_to_say():
    done = django("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, "no issues" in done.stdout + done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "not-secret-" + "x" * 60),
        ("SECRET_KEY", "short"),
        ("SEARCH_KEY", "short"),
        ("ENCRYPTION_KEYS", "dev:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3"),
        ("CACHE_URL", "locmemcache://"),
        ("SECURE_SSL_REDIRECT", "off"),
        ("DEBUG", "on"),
    ],
)
def test_the_deploy_check_notices(name, value):
    done = django("-m", "django", "check", "--deploy", "--fail-level", "WARNING", **{name: value})
    assert done.returncode != 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEARCH_KEY", "ENCRYPTION_KEYS"])
def test_production_has_no_stand_in_for_a_key(name):
    del (rest := dict(ENVIRONMENT))[name]
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "ropo_portal.settings"}
    words = [sys.executable, "-c", "import django; django.setup()"]
    done = subprocess.run(
        words, env=kept | rest, cwd=tree.ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert name in done.stderr


def test_cookies_belong_to_this_host_alone(production):
    assert production["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert production["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert [production[f"{kind}_COOKIE_SECURE"] for kind in ("SESSION", "CSRF")] == [True, True]
    assert [production[f"{kind}_COOKIE_SAMESITE"] for kind in ("SESSION", "CSRF")] == ["Lax", "Lax"]
    assert (production["SESSION_COOKIE_HTTPONLY"], production["SESSION_COOKIE_DOMAIN"]) == (True, None)


def test_plain_http_is_sent_to_https(production):
    assert production["plain"] == [301, "https://portal.example/account/login/"]
    assert production["hsts"].startswith("max-age=31536000; includeSubDomains")


def test_nothing_is_believed_that_a_client_can_write(production):
    assert (production["USE_X_FORWARDED_HOST"], production["SECURE_PROXY_SSL_HEADER"]) == (False, None)
    assert (production["bad host"], production["DEBUG"]) == (400, False)
