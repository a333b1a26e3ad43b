"""What the town's moderators were asked to look at, and what they said. Every kind of end is there once."""

from __future__ import annotations

from dataclasses import dataclass

from forum.moderation.models import Measure, Verdict


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A post and what became of it.

    *who* writes *text* in *topic*; without *who*, the post that begins so is there already. *reports*: who, under
    which rule, with which words. *days* ago it began; *after* hours it was decided.
    """

    text: str
    days: float
    who: str = ""
    topic: str = ""
    reports: tuple[tuple[str, int, str], ...] = ()
    taken_by: str = ""
    measure: Measure | None = None
    rule: int = 0
    said: str = ""
    replacement: str = ""
    after: float = 0
    appeal: str = ""
    heard_by: str = ""
    verdict: Verdict | None = None
    answer: str = ""


DISPUTES = (
    Dispute(
        text="Your own report says so.",
        days=29,
        reports=(
            ("henry", 4, "She says that the police are racist. That is hate."),
            ("theo", 6, ""),
            ("fatima", 3, "Too harsh for people who do a hard job."),
        ),
        taken_by="officer2",
        measure=Measure.KEEP,
        rule=4,
        said="It criticizes what the department does, with its own figures. No rule forbids that. It stays.",
        after=5,
    ),
    Dispute(
        who="marcus",
        topic="Why are stops up by a third in Englewood?",
        text="The commander signs these stops. He knew the figures in May and did nothing. He should go.",
        days=12,
        reports=(("henry", 3, "This goes after one person."),),
        taken_by="officer",
        measure=Measure.HIDE,
        rule=3,
        said="It goes after one person instead of the matter.",
        after=7,
        appeal="He holds an office, and I speak of what he did in it. Your own rule says that this is no harassment.",
        heard_by="reviewer",
        verdict=Verdict.OVERTURNED,
        answer="You are right. Rule 3 leaves out what officials do in their work. Your post is back where it stood.",
    ),
    Dispute(
        who="walter",
        topic="Cars race on Lincoln after ten",
        text="I followed one. The red Charger lives at 4817 North Artesian Avenue. Go and ring there, all of you.",
        days=11,
        taken_by="supervisor",
        measure=Measure.REDACT,
        rule=2,
        said="The house number and street of a private person. What you saw stays; where somebody lives does not.",
        replacement="I followed one, a red Charger. I told the department where it is parked.",
        after=4,
    ),
    Dispute(
        who="resident",
        topic="Bike lane on Broadway: one more month of paint?",
        text="Theo is a clown on a toy, and always was. Nobody should answer him.",
        days=2.5,
        reports=(("theo", 3, "She goes on about me in each topic."),),
        taken_by="officer",
        measure=Measure.HIDE,
        rule=3,
        said="“A clown on a toy” insults a neighbor and answers nothing that he said.",
        after=6,
        appeal="I said it in anger, and he had called me worse last week. I would take out the word and keep the rest.",
    ),
    Dispute(
        who="nora",
        topic="The crossing at the school needs a guard",
        text="One of the drivers I counted lives at 2219 West Berteau Avenue. Her plate is CB 40117.",
        days=3,
    ),
    Dispute(
        text="I called four times.",
        days=0.2,
        reports=(("henry", 3, "Always against the police."), ("luis", 6, "")),
    ),
    Dispute(
        who="grace",
        topic="Cars race on Lincoln after ten",
        text="Suspicious black man in a hood on Lincoln again. Keep your eyes open.",
        days=0.1,
        taken_by="officer2",
    ),
)
