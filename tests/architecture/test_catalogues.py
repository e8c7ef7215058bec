"""Finnish, Swedish and Norwegian say everything that English says, with the same places for numbers and names."""

import gettext
import re

import pytest

from tests import catalogues

PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")

every_language = pytest.mark.parametrize("language", catalogues.LANGUAGES)


@pytest.fixture(scope="module")
def sentences() -> set[catalogues.Sentence]:
    return set(catalogues.gather())


def entries(language: str) -> dict[catalogues.Sentence, list[str]]:
    """Return each sentence with what it is called in the language, once or in both forms."""
    return {
        catalogues.Sentence(entry.msgid, entry.msgid_plural or "", entry.msgctxt): [
            *(entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        ]
        for entry in catalogues.catalogue(language)
        if not entry.obsolete
    }


def test_there_is_much_to_say(sentences):
    assert len(sentences) > 1500


@every_language
def test_every_sentence_is_translated(sentences, language):
    said = entries(language)
    assert sentences - set(said) == set(), "run python -m tests.catalogues"
    assert set(said) - sentences == set(), "run python -m tests.catalogues"
    assert [sentence.msgid for sentence, texts in said.items() if not all(texts)] == []


@every_language
def test_nothing_is_left_in_doubt(language):
    assert [entry.msgid for entry in catalogues.catalogue(language) if entry.fuzzy] == []


@every_language
@pytest.mark.parametrize("pattern", [PLACE, TAG], ids=["places", "tags"])
def test_numbers_names_and_markup_keep_their_places(language, pattern):
    """A form for one may say the number in words."""
    wrong = []
    for sentence, texts in entries(language).items():
        wanted = [set(pattern.findall(form)) for form in (sentence.msgid, sentence.plural or sentence.msgid)]
        for index, text in enumerate(texts):
            found = set(pattern.findall(text))
            if found not in (wanted if len(texts) > 1 and index == 0 else wanted[-1:]):
                wrong.append((sentence.msgid, text))
    assert wrong == []


@every_language
def test_sentences_end_and_begin_alike(language):
    """A full stop stays a full stop, a question a question, and no blank is lost where words are joined."""
    ends = ".?!:…"
    wrong = []
    for sentence, texts in entries(language).items():
        for text in texts:
            edges = sentence.msgid[:1].isspace(), sentence.msgid[-1:].isspace()
            has_stop = sentence.msgid.rstrip()[-1:] in ends
            if (text[:1].isspace(), text[-1:].isspace()) != edges or (text.rstrip()[-1:] in ends) != has_stop:
                wrong.append((sentence.msgid, text))
    assert wrong == []


@every_language
def test_the_compiled_catalogue_is_the_written_one(language):
    path = catalogues.file_of(language).with_suffix(".mo")
    with path.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for sentence, texts in entries(language).items():
        if sentence.plural:
            continue
        found = (
            compiled.pgettext(sentence.context, sentence.msgid)
            if sentence.context
            else compiled.gettext(sentence.msgid)
        )
        assert found == texts[0], "run python -m tests.catalogues"
