"""Static files as they are served: all stylesheets joined into one, and all modules that the pages use into another."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r"""@import url\(["']?(?P<file>[\w./-]+\.css)["']?\)\s*layer\((?P<layer>[\w-]+)\);""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BUNDLE, SCRIPT = "css/app.css", "js/app.js"
# The shapes our modules are written in, and no others: a test sees to it that nothing of them is left behind.
NEEDS = re.compile(r"""^import \{ (?P<names>[\w, ]+) \} from "\./(?P<file>[\w-]+\.js)";$""", re.MULTILINE)
LATER = re.compile(r"""import\("\./(?P<file>[\w-]+\.js)"\)""")
GIVES = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)
REMARK = re.compile(r"^\s*//.*\n", re.MULTILINE)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the wheel has no types
    """Joins sheets and modules when files are collected: a screen asks for one of each, not for fourteen."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:  # noqa: FBT001, FBT002 (Django's)
        """Write what is joined first, then let Django hash and WhiteNoise compress."""
        for name, join in ((BUNDLE, bundle), (SCRIPT, joined)):
            if not dry_run and name in paths:
                text = join(partial(_source, paths), name)
                self.delete(name)
                self._save(name, ContentFile(text.encode()))
                paths = {**paths, name: (self, name)}
        yield from super().post_process(paths, dry_run, **options)


def bundle(read: Any, name: str) -> str:
    """Put each imported sheet where its import stood, inside its layer, without comments and indentation."""
    folder = name.rpartition("/")[0]

    def inlined(match: re.Match[str]) -> str:
        sheet = read(f"{folder}/{match['file']}")
        return f"@layer {match['layer']} {{\n{sheet}\n}}"

    text = COMMENT.sub("", IMPORT.sub(inlined, read(name)))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def joined(read: Any, name: str) -> str:
    """Put every module that is reached from this one into a function of its own, those that are needed first."""
    folder, _slash, main = name.rpartition("/")
    written: dict[str, str] = {}

    def add(file: str) -> None:
        if file in written:
            return
        written[file] = ""
        source = REMARK.sub("", read(f"{folder}/{file}"))
        for found in (*NEEDS.finditer(source), *LATER.finditer(source)):
            add(found["file"])
        del written[file]  # behind those it needs
        written[file] = _as_function(file, source, is_main=file == main)

    add(main)
    return "const modules = {};\n" + "".join(written.values())


def _as_function(file: str, source: str, *, is_main: bool) -> str:
    given = ", ".join(name for _kind, name in GIVES.findall(source))
    source = NEEDS.sub(r'const { \g<names> } = modules["\g<file>"];', source)
    source = LATER.sub(r'Promise.resolve(modules["\g<file>"])', GIVES.sub(r"\1 \2", source))
    return source if is_main else f'modules["{file}"] = (() => {{\n{source}return {{ {given} }};\n}})();\n'


def _source(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
