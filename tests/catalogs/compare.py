"""Catalogs against the strings that the code and the templates hold now."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "forum/translations"
LANGUAGES = ("es",)  # English is the language of the strings themselves
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|\{\w+\}")
TAG = re.compile(r"</?[a-zA-Z]+")
# People are addressed as «usted» throughout. These words and forms are of «tú».
FAMILIAR = {
    "es": re.compile(
        r"\b(?:t[uú]|tus|ti|contigo|tuy[oa]s?|eres|estás|tienes|puedes|quieres|necesitas|sabes|has|recibes|decides|"
        r"trabajas|dices|dijiste|escribiste|enviaste|verás|podrás|tendrás|léel[oa]s?|cuéntanos|escríbenos|llámanos)\b",
        re.I,
    )
}


def catalog_file(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES/messages.po"


def extract(target: Path) -> Catalog:
    """Write the strings of now to *target* (.pot) and return them."""
    options = ["--add-comments", "Translators:", "--add-location", "file", "--sort-by-file", "--width", "110"]
    keywords = [part for keyword in KEYWORDS for part in ("--keyword", keyword)]
    mapping = ["--mapping", str(TRANSLATIONS / "babel.cfg")]
    # From the top, for the mapping's patterns are relative to the folder given.
    pybabel("extract", *mapping, *keywords, *options, "--output", str(target), ".")
    with target.open("rb") as pot:
        return read_po(pot)


def pybabel(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments], cwd=ROOT, check=True
    )


def problems() -> list[str]:
    """One sentence for each string that is missing, doubtful, left over or wrongly filled, in every language."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = extract(Path(folder) / "messages.pot")
    return [problem for language in LANGUAGES for problem in _problems_of(language, wanted)]


def _problems_of(language: str, wanted: Catalog) -> list[str]:
    file = catalog_file(language)
    if not file.exists():
        return [f"{file.relative_to(ROOT)} is missing; `make translations` starts it."]
    with file.open("rb") as po:
        catalog = read_po(po, locale=language)
    found = [
        f"{language}: {problem}" for message in wanted if message.id for problem in _check(message, catalog)
    ]
    left_over = [
        message for message in catalog if message.id and wanted.get(message.id, message.context) is None
    ]
    return found + [f"{language}: no longer in the code: {_shown(message)}" for message in left_over]


def _check(message: Message, catalog: Catalog) -> list[str]:
    translation = catalog.get(message.id, message.context)
    if translation is None:
        return [f"missing (`make translations` brings it in): {_shown(message)}"]
    strings = [translation.string] if isinstance(translation.string, str) else list(translation.string)
    if translation.fuzzy:
        return [f"marked fuzzy: {_shown(message)}"]
    if len(strings) != (catalog.num_plurals if message.pluralizable else 1) or not all(strings):
        return [f"not translated: {_shown(message)}"]
    return [
        f"{problem}: {_shown(message)} → {string!r}"
        for string in strings
        for problem in _misfits(message, string, str(catalog.locale))
    ]


def _misfits(message: Message, string: str, language: str) -> list[str]:
    """Placeholders must be the same, but a plural form may leave a number out; markup must be the same."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = set().union(*(PLACEHOLDER.findall(source) for source in sources))
    needed = set(PLACEHOLDER.findall(sources[-1])) - (
        {"%(num)s", "%(num)d"} if message.pluralizable else set()
    )
    has = set(PLACEHOLDER.findall(string))
    found = []
    if not needed <= has <= allowed:
        found.append(f"placeholders differ ({', '.join(sorted(needed ^ has))})")
    if sorted(TAG.findall(sources[-1])) != sorted(TAG.findall(string)):
        found.append("markup differs")
    if (
        sources[-1][:1].isspace() != string[:1].isspace()
        or sources[-1][-1:].isspace() != string[-1:].isspace()
    ):
        found.append("white space at an end differs")
    if language in FAMILIAR and FAMILIAR[language].search(string):
        found.append("addresses people otherwise")
    return found


def _shown(message: Message) -> str:
    source = message.id if isinstance(message.id, str) else message.id[0]
    places = ", ".join(sorted({file for file, _ in message.locations})[:2])
    return f"{source!r}" + (f" ({places})" if places else "")
