"""Every test that docs/reliability.md names is there."""

import re

from tests.architecture.tree import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_the_faults_are_proved_by_tests_that_exist():
    named = NAMED.findall((ROOT / "docs/reliability.md").read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in ((ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else "")
    ]
    assert len(named) >= 30
    assert missing == []
