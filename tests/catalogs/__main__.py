"""``python -m tests.catalogs`` lists what is not translated; ``... update`` brings new strings into the catalogs."""

import sys

from tests.catalogs import compare, untranslatable


def check() -> int:
    """Print every problem; 1 if there is any."""
    found = compare.problems() + untranslatable.problems()
    print("\n".join(found) or "Every string is translatable and translated.")
    return 1 if found else 0


def update() -> int:
    """Bring the strings of now into every catalog: new ones empty, those no longer used dropped, none guessed."""
    template = compare.TRANSLATIONS / "messages.pot"
    compare.extract(template)
    for language in compare.LANGUAGES:
        file = compare.catalog_file(language)
        if not file.exists():
            compare.pybabel("init", "-i", str(template), "-d", str(compare.TRANSLATIONS), "-l", language)
        options = ["--width", "110", "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"]
        compare.pybabel("update", "-i", str(template), "-o", str(file), "-l", language, *options)
    template.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(update() if sys.argv[1:] == ["update"] else check())
