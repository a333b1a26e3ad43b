"""Words that the demonstration's desk begins its answers with, in the languages of the site."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.concerns.operations.saving import save_template
from forum.core.transactions import operation

WORDS = (
    ("arrived", "We have it, and who looks at it", {
        "en": "Thank you for telling us. An officer of your beat looks at it this week. You can write to us here at "
              "any time.",
        "es": "Gracias por contarnos. Un agente de su zona lo revisa esta semana. Puede escribirnos aquí en cualquier "
              "momento.",
    }),
    ("more", "We need to know more", {
        "en": "Can you tell us on which days and at what time it happens most? A photo helps, too. Please leave out "
              "names.",
        "es": "¿Puede decirnos en qué días y a qué hora pasa más? Una foto también ayuda. Por favor, no ponga nombres.",
    }),
    ("city", "The city has to do it", {
        "en": "This belongs to the city, not to us. We have told them today and ask again in two weeks.",
        "es": "Esto le toca a la ciudad, no a nosotros. Les avisamos hoy y preguntamos de nuevo en dos semanas.",
    }),
)  # fmt: skip


@operation
def play(people: dict[str, Person]) -> None:
    """All of them, in one unit of work."""
    for name, title, texts in WORDS:
        for language, text in texts.items():
            save_template(
                actor=people["supervisor"],
                template=None,
                name=name,
                title=title,
                language=language,
                text=text,
            )
