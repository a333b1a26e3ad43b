"""What the town's people raised: their words, one concern a line of the cast; `worries.py` makes them happen."""

from __future__ import annotations

from dataclasses import dataclass

from forum.concerns.models import About, Closing, Mode, Outcome, Source, Status, Waiting

HOLDER = "holder"
"""Who has the concern in hand, or the officer where nobody has."""


@dataclass(frozen=True)
class Said:
    """One step of a thread: so many days ago, by whoever of the cast *by* names, HOLDER, or "" for its person."""

    days: float
    text: str = ""
    status: Status | None = None
    by: str = HOLDER
    closed_as: Closing | None = None
    waits_for: Waiting | None = None
    evidence: str = ""
    disputes: bool = False
    outcome: Outcome | None = None  # these words decide the dispute


@dataclass(frozen=True)
class Worry:
    """One concern. *who* is a mailbox of the cast, or "" for who left none; *days* ago it came."""

    days: float
    mode: Mode
    category: str
    title: str
    story: str
    area: str
    who: str = ""
    place: str = ""
    thread: tuple[Said, ...] = ()
    holder: str = ""
    about: About = About.TOWN
    source: Source = Source.SITE
    language: str = "en"
    interpreter: bool = False
    key: str = ""


A, P, W, R, C = Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED, Status.CLOSED
PUBLIC, PRIVATE, CONFIDENTIAL, ANONYMOUS = Mode.PUBLIC, Mode.PRIVATE, Mode.CONFIDENTIAL, Mode.ANONYMOUS

WORRIES = (
    Worry(
        41, PUBLIC, "speeding", "Cars race down Leland after nine",
        "Every evening two or three cars race from the light to the park. My children cross there.",
        "Lincoln Square", "resident", "Leland and the park", holder="officer",
        thread=(
            Said(40.5, status=A),
            Said(39, "We stood there on Tuesday evening and stopped four drivers. We come back this week.", P),
            Said(37, "It was quiet for two days, then it began again.", by=""),
            Said(30, "Between nine and eleven we will be there on three evenings of each week in turn.", R),
        ),
    ),
    Worry(
        78, PUBLIC, "disorder", "The underpass floods and freezes", "Children slip there on the way to school.",
        "Avondale", "rosa", "Underpass at Belmont", holder="officer",
        thread=(
            Said(74, "The water comes from a private lot. We cannot do anything about it.", C,
                 closed_as=Closing.NO_POWER),
            Said(71, "The drain is under the street, not on the lot.", by="", disputes=True),
            Said(67, "You are right, it is the city's drain. We take it up with them again.", by="supervisor",
                 outcome=Outcome.OVERTURNED),
            Said(48, "The city cleared the drain. It stayed dry through two storms.", C, closed_as=Closing.DONE,
                 evidence="We looked after both storms."),
        ),
    ),
    Worry(
        33, PUBLIC, "speeding", "Nobody stops at the crossing by the school",
        "At half past seven drivers go through while children stand on the curb.", "Albany Park", "grace",
        "Crossing in front of the school", holder="officer2", key="crossing",
        thread=(
            Said(32, "Thank you. A crossing guard starts on Monday; we look at the sign with the city.", P),
            Said(20, "The city has to paint the crossing. We asked for a date.", W, waits_for=Waiting.PARTNER),
        ),
    ),
    Worry(
        31, PRIVATE, "speeding", "Dangerous crossing at the school", "My son was nearly hit on Thursday morning.",
        "Albany Park", "fatima", "In front of the school", holder="officer2", key="crossing too",
    ),
    Worry(
        28, PUBLIC, "disorder", "The lamp at the playground is dark",
        "It has been dark since August. Nobody goes there after school any more.", "Portage Park", "walter",
        "Corner of the playground", holder="officer",
        thread=(
            Said(27, "The city has the request. We pass by in the evening until it burns again.", P),
            Said(9, "The lamp belongs to the city's electricians; they have it on their list for this month.", C,
                 closed_as=Closing.REFERRED),
        ),
    ),
    Worry(
        24, PUBLIC, "noise", "Music from the parking lot until two",
        "Every Friday and Saturday a car stands there with its doors open.", "Uptown", "linh", holder="officer",
        thread=(
            Said(22, "We spoke with the owner of the lot. He closes the gate at eleven from now on.", P),
            Said(12, "There were no calls for two weekends. We close this; say so if it begins again.", C,
                 closed_as=Closing.DONE, evidence="The gate was locked at eleven on both Saturdays."),
            Said(6, "The gate was open on Friday, and the car was back until two.", by="", disputes=True),
        ),
    ),
    Worry(
        20, PUBLIC, "parking", "A van without plates on Claremont", "It has stood there for three weeks.",
        "Lincoln Square", "theo", "Claremont, by the alley", holder="officer2",
        thread=(Said(19, "We put a notice on it. If nobody moves it in seven days, it is towed.", P),
                Said(8, "It was towed this morning.", R)),
    ),
    Worry(
        18, PUBLIC, "disorder", "Broken glass in the bus shelter", "The whole side pane lies on the ground.",
        "Austin", "imani", "Bus stop at the library",
        thread=(Said(17, status=A), Said(16, "The bus company sweeps it today and sets a new pane.", R)),
    ),
    Worry(
        15, PUBLIC, "school", "Pick-up blocks the whole street", "At three nobody gets through, not even a bus.",
        "South Shore", "marcus", "Street behind the school",
        thread=(Said(14, "Can you tell us on which days it is worst?", W, waits_for=Waiting.PERSON),),
    ),
    Worry(
        11, PUBLIC, "noise", "Fireworks every night", "The dog hides, the baby wakes. It is not even July.",
        "Humboldt Park", "rosa", language="es",
        thread=(Said(9, "Gracias. Pasamos por ahí estas noches y hablamos con los vecinos.", P),),
    ),
    Worry(
        9, PUBLIC, "parking", "Cars on the sidewalk by the clinic", "With a wheelchair one has to go on the road.",
        "Chatham", "henry", "In front of the clinic",
    ),
    Worry(
        6, PUBLIC, "disorder", "Tires dumped in the alley", "Twenty or more, behind the bakery.", "Little Village",
        "luis", "Alley behind the bakery", language="es", interpreter=True,
    ),
    Worry(
        2, PUBLIC, "speeding", "Motorbikes on the lakefront path", "They come at dusk, three or four at once.",
        "Edgewater", "eva",
    ),
    Worry(
        26, PRIVATE, "person", "An old neighbor who gets lost", "He stood at the bus stop in slippers, in the rain.",
        "Beverly", "nora", holder="officer",
        thread=(Said(26, "Thank you. We visited him today with somebody of the senior center.", P),
                Said(21, "His daughter is here now. May we tell you how it goes on?", W,
                     waits_for=Waiting.PERSON)),
    ),
    Worry(
        17, PRIVATE, "noise", "The bar below us", "The bass shakes our floor until closing time.", "Uptown",
        "resident", holder="officer", thread=(Said(16, "We measured it on Friday and spoke with the owner.", P),),
    ),
    Worry(
        13, PRIVATE, "school", "Boys wait for my son after school", "He does not want to go any more.",
        "Englewood", "resident2", language="es", holder="officer2",
        thread=(Said(12, "Una agente acompaña la salida de la escuela esta semana.", P),),
    ),
    Worry(
        8, PRIVATE, "other", "Who shovels the stairs to the train?", "Two people fell last winter.",
        "Andersonville", "eva", source=Source.MEETING,
    ),
    Worry(
        1, PRIVATE, "parking", "My driveway is blocked every Sunday", "I cannot get to work.", "West Town",
        "partner",
    ),
    Worry(
        22, CONFIDENTIAL, "drugs", "Dealing in our stairwell", "Between six and eight, on the third floor landing.",
        "Woodlawn", "marcus", holder="officer2",
        thread=(Said(21, "We know of it now and will not come to your door.", P),),
    ),
    Worry(
        14, CONFIDENTIAL, "person", "I hear my neighbors fight", "It ends with something breaking.", "West Ridge",
        "fatima", holder="officer", thread=(Said(14, "Call the emergency number when you hear it. We visit.", P),),
    ),
    Worry(
        4, CONFIDENTIAL, "drugs", "Needles under the slide", "My daughter found one.", "Rogers Park", "fatima",
    ),
    Worry(
        19, ANONYMOUS, "speeding", "A delivery company races through our alley",
        "Every morning at six. I work there and cannot say so.", "Austin", holder="officer",
        thread=(Said(17, "We talk with the company this week, without saying who told us.", P),
                Said(15, "Thank you. It is the white vans.", by="")),
    ),
    Worry(
        5, ANONYMOUS, "drugs", "The corner store sells more than milk", "Ask for what is under the counter.",
        "Englewood",
    ),
    Worry(
        3, ANONYMOUS, "other", "Somebody sleeps in the laundry room", "He is polite. It is cold. Please be kind.",
        "Uptown",
    ),
    Worry(
        10, PRIVATE, "officer", "How I was spoken to at the traffic stop",
        "I asked twice why I was stopped. Officer Whitlock told me to be quiet in front of my children.",
        "Lincoln Square", "theo", about=About.COMPLAINT, key="complaint",
        thread=(Said(9, "Your complaint has arrived. A lieutenant of another district reads it.", A,
                     by="supervisor2"),),
    ),
    Worry(
        7, PRIVATE, "officer", "The officer who waited with my mother",
        "He stayed two hours until we came. Please tell him that we thank him.", "Portage Park", "walter",
        about=About.COMMENDATION,
    ),
)  # fmt: skip
