#!/usr/bin/env python3
"""The one door: `demo`, `test`, `lint` and `bench` prepare their own environment, every other word is Django's."""

import os
import sys

if sys.version_info < (3, 8):  # noqa: UP036 -- the file beside this one could not even be read
    sys.exit("Python 3.11 or newer is needed.")

import bootstrap

LOCKS = {"demo": "runtime", "test": "dev", "lint": "lint", "bench": "dev"}


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else "help"
    if word in LOCKS:
        bootstrap.enter(LOCKS[word])
    else:
        bootstrap.enter_existing()
    if word == "demo":
        from ropo_portal.demo import scene  # noqa: PLC0415 -- needs the environment made above

        scene.prepare(sys.argv[2:], os.environ)
    if word == "test":
        from tests.__main__ import main as run_tests  # noqa: PLC0415 -- needs the environment made above

        sys.exit(run_tests(sys.argv[2:]))
    if word == "lint":
        from tests.lint import main as run_lint  # noqa: PLC0415 -- needs the environment made above

        sys.exit(run_lint())
    if word == "bench":
        from tests import pg  # noqa: PLC0415 -- needs the environment made above

        pg.prepare_measuring(os.environ)
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- needs the environment made above

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ropo_portal.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
