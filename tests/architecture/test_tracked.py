"""The project's files name no machine, no registry and no secret, so that a clone is the same everywhere."""

import re

import pytest

from tests.architecture import tree

MACHINE = {
    "a folder of one machine": r"(?<![\w.}/])/(?:work|root|home/\w+|Users/\w+|mnt|srv)/",
    "a package registry": r"(?:--(?:extra-)?index-url|pypi\.org|pythonhosted|registry\.npmjs|artifactory|unpkg|jsdelivr)",
    "a private host": r"https?://[\w.-]+\.(?:local|internal|corp|lan|intra)\b",
    "an address of a network": r"(?<![\d.])(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){2,3}(?![\d.])",
}
SECRETS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a repository token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w-]{20,})",
    "a chat token": r"\bxox[abpr]-[\w-]{10,}",
    "a bearer token": r"\bBearer\s+[A-Za-z0-9_-]{30,}",
    "a signed token": r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.",
    "a value for a key": r"(?im)^[ \t]*(?:SECRET_KEY|SEARCH_KEY|ENCRYPTION_KEYS|APICODE)[ \t]*[:=][ \t]*[\"']?[\w+/=:-]{20,}",
    "a password in an address": r"\b[a-z+]+://[^\s:/@\"'{]+:(?!password@)[^\s:/@\"'{$]{5,}@",
}
# This file, and the contract of the other side, which shows what a token looks like.
EXAMPLES = {"tests/architecture/test_tracked.py", "docs/ropo-one/openapi.yaml"}


def found(pattern: str) -> list[str]:
    return [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}: {match[0]}"
        for name, text in tree.text_files()
        if name not in EXAMPLES
        for match in re.finditer(pattern, text)
    ]


@pytest.mark.parametrize("what", MACHINE)
def test_no_file_names(what):
    assert found(MACHINE[what]) == []


@pytest.mark.parametrize("what", SECRETS)
def test_no_file_holds(what):
    assert found(SECRETS[what]) == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("a private key", "-----BEGIN RSA PRIVATE KEY-----"),
        ("a cloud key", "AKIA" + "A1" * 8),
        ("a repository token", "ghp_" + "a" * 36),
        ("a chat token", "xoxb-" + "1" * 12),
        ("a bearer token", "Bearer " + "a1" * 16),
        ("a signed token", "eyJ" + "a" * 16 + ".eyJ" + "b" * 16 + "."),
        ("a value for a key", "SECRET_KEY=" + "x" * 30),
        ("a password in an address", "postgres://portal:hunter2@db/portal"),
    ],
)
def test_a_planted_secret_is_found(what, planted):
    assert re.search(SECRETS[what], planted)
