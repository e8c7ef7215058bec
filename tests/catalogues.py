"""`python -m tests.catalogues`: finds every sentence of the product and keeps `locale/` in step with it.

No gettext is needed: Python is read as a tree, templates the way Django reads them for xgettext. New sentences come
in empty, those that are gone go out, and the compiled catalogues are written beside the written ones. It prints how
many are still untranslated and fails when there are any.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

from tests.architecture import tree

LOCALE = tree.ROOT / "locale"
LANGUAGES = ("fi", "sv", "nb")
# Templates are read the way Django reads them, so it has to be set up; nothing is asked of the database.
SURROUNDINGS = {
    "DJANGO_SETTINGS_MODULE": "ropo_portal.settings", "ROPO_MODE": "test", "DATABASE_URL": "sqlite://:memory:",
}  # fmt: skip
FORMS = "nplurals=2; plural=(n != 1);"
CALL = re.compile(r"\b(n?p?gettext(?:_lazy)?|_)\(")
# Which arguments are what: context, sentence, sentence for many.
ARGUMENTS = {
    "": ("msgid",),
    "n": ("msgid", "plural"),
    "p": ("context", "msgid"),
    "np": ("context", "msgid", "plural"),
}


class Sentence(NamedTuple):
    """What a person reads, as the source writes it."""

    msgid: str
    plural: str = ""
    context: str | None = None


def gather() -> dict[Sentence, list[str]]:
    """Return every sentence with the files that say it."""
    found: dict[Sentence, list[str]] = {}
    for path in sorted(tree.PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts and "sandbox" not in path.parts:
            _note(found, path, _in_python(path.read_text()))
    for folder in (tree.ROOT / "templates", tree.PACKAGE):
        for path in sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.txt")):
            if "sandbox" not in path.parts:
                _note(found, path, _in_template(path.read_text(), str(path)))
    return found


def _note(found: dict[Sentence, list[str]], path: Path, sentences: Iterator[Sentence]) -> None:
    for sentence in sentences:
        places = found.setdefault(sentence, [])
        name = path.relative_to(tree.ROOT).as_posix()
        if name not in places:
            places.append(name)


def _in_python(source: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _said_by(node)


def _said_by(call: ast.Call) -> Iterator[Sentence]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if not CALL.fullmatch(f"{name}("):
        return
    kind = name.removesuffix("_lazy").removesuffix("gettext").removesuffix("_")
    texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    words = ARGUMENTS[kind]
    if len(texts) >= len(words):
        yield Sentence(**dict(zip(words, texts, strict=False)))


def _in_template(source: str, origin: str) -> Iterator[Sentence]:
    from django.utils.translation.template import templatize  # noqa: PLC0415 (needs settings)

    text = templatize(source, origin=origin)
    for start in CALL.finditer(text):
        for end in re.finditer(r"\)", text[start.end() :]):
            try:
                call = ast.parse(text[start.start() : start.end() + end.end()].strip(), mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call):
                yield from _said_by(call)
            break


def catalogue(language: str) -> polib.POFile:
    """Return the written catalogue; an empty one where there is none."""
    path = file_of(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Language": language, "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit", "Plural-Forms": FORMS,
    }  # fmt: skip
    return fresh


def file_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update(language: str, sentences: dict[Sentence, list[str]]) -> int:
    """Bring one catalogue in step and return how many sentences wait for a translation."""
    known = {Sentence(e.msgid, e.msgid_plural or "", e.msgctxt): e for e in catalogue(language)}
    fresh = catalogue(language)
    fresh.clear()
    for sentence, places in sorted(sentences.items(), key=lambda item: (item[1][0], item[0].msgid)):
        entry = known.get(sentence) or polib.POEntry(
            msgid=sentence.msgid,
            msgid_plural=sentence.plural,
            msgctxt=sentence.context,
            msgstr_plural={0: "", 1: ""} if sentence.plural else {},
        )
        entry.occurrences = [(place, "") for place in places]
        if "%(" in sentence.msgid and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        fresh.append(entry)
    path = file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    fresh.save_as_mofile(str(path.with_suffix(".mo")))
    return len(fresh) - len(fresh.translated_entries())


def main() -> int:
    for name, value in SURROUNDINGS.items():
        os.environ.setdefault(name, value)
    import django  # noqa: PLC0415

    django.setup()
    sentences = gather()
    waiting = {language: update(language, sentences) for language in LANGUAGES}
    for language, count in waiting.items():
        print(f"{language}: {len(sentences)} sentences, {count} untranslated")
    return 1 if any(waiting.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
