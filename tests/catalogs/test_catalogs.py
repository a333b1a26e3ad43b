"""The check of translations finds what it is for, and does not cry wolf."""

import configparser
import tempfile

import pytest
from babel.messages.catalog import Catalog

from forum import create_app
from forum.config import Config
from tests.catalogs.compare import KEYWORDS, TRANSLATIONS, _check
from tests.catalogs.untranslatable import in_python, in_template

pytestmark = pytest.mark.once


def verdict(source: str | tuple[str, str], string: str | tuple[str, ...], **flags: object) -> list[str]:
    """What the check says of one string and its Spanish."""
    wanted, spanish = Catalog(), Catalog(locale="es")
    spanish.add(source, string, **flags)  # type: ignore[arg-type]
    return _check(wanted.add(source), spanish)


def test_a_translation_with_the_same_placeholders_passes() -> None:
    assert verdict("%(name)s comes", "%(name)s viene") == []
    assert verdict(("%(num)d place", "%(num)d places"), ("un lugar", "%(num)d lugares")) == []


@pytest.mark.parametrize(
    ("source", "string", "complaint"),
    (
        ("Join", "", "not translated"),
        (("a place", "places"), ("un lugar", ""), "not translated"),
        ("%(name)s comes", "%(nombre)s viene", "placeholders differ"),
        ("%(name)s comes", "viene", "placeholders differ"),
        ("<b>Join</b>", "Apuntarse", "markup differs"),
        ("Join ", "Apuntarse", "white space"),
        ("Your answers", "Tus respuestas", "addresses people otherwise"),
        ("Read it", "Léela", "addresses people otherwise"),
    ),
)
def test_a_translation_that_does_not_fit_is_named(source: str, string: str, complaint: str) -> None:
    assert [complaint in problem for problem in verdict(source, string)] == [True]


def test_a_guessed_translation_is_named() -> None:
    assert "fuzzy" in verdict("Join", "Unir", flags=["fuzzy"])[0]


def test_our_own_keywords_are_extracted() -> None:
    assert "_l" in KEYWORDS


@pytest.mark.parametrize(
    "template",
    (
        "<p>Join us</p>",
        '<img src="x" alt="A map">',
        '<input type="submit" value="Join">',
        "{{ button('Join the waitlist') }}",
        "{% if x %}Full{% endif %}",
    ),
)
def test_text_outside_gettext_is_found(template: str) -> None:
    assert len(in_template(template)) == 1


@pytest.mark.parametrize(
    "template",
    (
        "<p>{{ _('Join us') }}</p>",
        "{% trans count=n %}One place{% pluralize %}{{ count }} places{% endtrans %}",
        "{# A comment for us #}<code>events.ics</code>",
        '<a class="button wide" href="{{ url }}" title="{{ _(\'Events\') }}">&rarr;</a>',
        "{% block body_class %}desk{% endblock %}",
        "{{ icon('calendar') }} · {{ _('Free') }}",
    ),
)
def test_what_gettext_sees_is_left_alone(template: str) -> None:
    assert in_template(template) == []


def test_plain_strings_in_forms_and_flashes_are_found() -> None:
    source = (
        "flash('Saved')\nStringField('Title')\n_(f'Hello {name}')\nSelectField(_('Kind'), description='Why')"
    )
    assert [line for line, _ in in_python(source)] == [1, 2, 3, 4]


def test_lazy_strings_in_forms_are_left_alone() -> None:
    assert in_python("StringField(_l('Title'), [Length(max=80)])\nflash(_('Saved'), 'success')") == []


def test_templates_are_cut_as_the_site_cuts_them() -> None:
    mapping = configparser.ConfigParser()
    mapping.read(TRANSLATIONS / "babel.cfg")
    with tempfile.TemporaryDirectory() as folder:
        site = create_app(
            Config.from_env({"FORUM_ENVIRONMENT": "test", "FORUM_INSTANCE_DIR": folder})
        ).jinja_env
    for section in (mapping["jinja2: templates/**.html"], mapping["jinja2: templates/**.txt"]):
        assert section.getboolean("trim_blocks") == site.trim_blocks
        assert section.getboolean("lstrip_blocks") == site.lstrip_blocks
        assert section.getboolean("trimmed") == site.policies["ext.i18n.trimmed"]
