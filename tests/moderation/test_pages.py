"""The pages of moderation, as a visitor, an author, a reporter, moderators and administrators meet them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.moderation.models import Measure
from forum.moderation.operations.appealing import raise_appeal
from tests.factories.accounts import person, sign_in
from tests.factories.moderation import (
    KIND,
    Notes,
    case_of,
    decision,
    note,
    received,
    recheck_of,
    reported_case,
)
from tests.pages import Page

HOME = "Pat lives at 1420 West Elm Street, go and see."
CRITICISM = "The police lied to us at the meeting. Nobody trusts them any more."


@dataclass
class Town:
    """Ids of who plays, and a thing of the author's."""

    author: int
    reader: int
    officer: int
    supervisor: int
    chief: int
    administrator: int
    thing: int


@pytest.fixture
def town(app: Flask, saved: Callable[[Callable[[], Any]], Any]) -> Town:
    def make() -> Town:
        chief = person(Role.SUPERVISOR, name="Chief")
        officer = person(Role.OFFICER, name="Olive Officer", answers_to_id=chief.id)
        author = person(name="Ann Author")
        return Town(
            author=author.id, reader=person(name="Rae Reader").id, officer=officer.id,
            supervisor=person(Role.SUPERVISOR, name="Sol Supervisor").id, chief=chief.id,
            administrator=person(Role.ADMINISTRATOR).id, thing=note(author, CRITICISM).id,
        )  # fmt: skip

    made: Town = saved(make)
    return made


@pytest.fixture
def as_(app: Flask) -> Callable[[int], Any]:
    return lambda someone: sign_in(app.test_client(), someone)


def report(client: Any, town: Town, rule: str = "3", **data: str) -> Any:
    return client.send(f"/report/{KIND}/{town.thing}", {"rule": rule, "words": "Look at this.", **data})


def first_case(staff: Any) -> int:
    """The number of what stands first in the queue."""
    links = staff.page("/desk/moderation?whose=all").links()
    return next(int(link.rpartition("/")[2]) for link in links if re.fullmatch(r"/desk/moderation/\d+", link))


def decide(client: Any, case_id: int, measure: Measure, **data: str) -> Any:
    wanted = {"measure": str(measure), "rule": "3", "words": "You called Pat a fool.", **data}
    return client.send(f"/desk/moderation/{case_id}", wanted, form="/decide")


def test_the_rules_say_that_criticism_of_the_police_is_no_violation(client: Any) -> None:
    page = client.page("/rules")
    assert (
        "To criticize the police, the agency, or anybody who holds an office is never a violation."
        in page.text()
    )
    assert "No threats" in page.text()
    spanish = client.page("/rules", headers={"Accept-Language": "es"}).text()
    assert "Sin amenazas" in spanish
    assert "Criticar a la policía" in spanish


def test_every_page_for_everybody_opens_for_a_visitor_and_is_kept_for_the_next(client: Any) -> None:
    for path in ("/rules", "/rules?version=1", "/rules/versions", "/moderation/filters", "/moderation/log"):
        forms = client.page(path).forms()  # the masthead's search is everybody's
        assert [form.get("method", "get") for form in forms if form.get("method") == "post"] == []
    assert client.get("/rules?version=7").status_code == 404
    assert client.get("/rules?version=x").status_code == 404
    assert client.get("/moderation/log.csv").status_code == 200


def test_a_reader_reports_and_reads_what_came_of_it(
    town: Town, as_: Callable[[int], Any], notes: Notes
) -> None:
    reader, officer = as_(town.reader), as_(town.officer)
    assert report(reader, town).status_code == 303
    assert "A person will look at it" in reader.page("/account/reports").text()
    assert "Age: less than an hour" in officer.page("/desk/moderation?whose=all").text()
    case = f"/desk/moderation/{first_case(officer)}"
    page = officer.page(case)
    assert CRITICISM in page.text()
    assert "Look at this." in page.text()
    assert "Rae Reader" not in page.text()
    assert decide(officer, int(case.split("/")[-1]), Measure.KEEP).status_code == 303
    assert "Kept" in reader.page("/account/reports").text()


def test_a_report_without_a_rule_is_not_sent_and_nothing_is_lost(
    town: Town, as_: Callable[[int], Any]
) -> None:
    reader = as_(town.reader)
    answer = reader.send(f"/report/{KIND}/{town.thing}", {"words": "Look at this."})
    assert answer.status_code == 422
    assert "Look at this." in answer.get_data(as_text=True)


def test_a_visitor_is_asked_to_sign_in_before_reporting(town: Town, client: Any) -> None:
    assert "/account/sign-in" in client.get(f"/report/{KIND}/{town.thing}").headers["Location"]


def test_what_cannot_be_read_cannot_be_reported(town: Town, as_: Callable[[int], Any]) -> None:
    reader = as_(town.reader)
    for path in (f"/report/{KIND}/999", f"/report/nothing/{town.thing}", f"/report/{KIND}/99999999999"):
        assert reader.get(path).status_code == 404


def test_a_new_account_reports_five_a_day(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any]
) -> None:
    reader = as_(town.reader)
    others = saved(lambda: [note(person()).id for _ in range(6)])
    answers = [
        reader.send(f"/report/{KIND}/{each}", {"rule": "3", "words": ""}).status_code for each in others
    ]
    assert answers == [303] * 5 + [422]


def hidden(saved: Callable[[Callable[[], Any]], Any], town: Town) -> tuple[str, int]:
    """The code and id of a case in which the officer hid the author's thing."""
    from forum.accounts.models import Person
    from forum.extensions import db
    from tests.factories.moderation import notes

    def make() -> tuple[str, int]:
        reader, officer = db.session.get_one(Person, town.reader), db.session.get_one(Person, town.officer)
        case = reported_case(notes.things[town.thing], reader)
        decision(case, officer)
        return case.code, case.id

    made: tuple[str, int] = saved(make)
    return made


def test_the_author_reads_which_rule_and_what_exactly_and_nobody_else_does(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any]
) -> None:
    code, _ = hidden(saved, town)
    text = as_(town.author).page(f"/moderation/{code}").text()
    for words in (
        "Rule 3: No harassment",
        "You called Pat a fool.",
        "moderator M-01",
        CRITICISM,
        "You can appeal until",
    ):
        assert words in text
    assert "Olive Officer" not in text
    assert "Rae Reader" not in text
    for other in (town.reader, town.officer, town.supervisor, town.administrator):
        assert as_(other).get(f"/moderation/{code}").status_code == 404


def test_an_appeal_goes_to_somebody_else_who_restores_it_and_the_log_follows(
    town: Town,
    as_: Callable[[int], Any],
    saved: Callable[[Callable[[], Any]], Any],
    notes: Notes,
    client: Any,
) -> None:
    code, _ = hidden(saved, town)
    author, supervisor = as_(town.author), as_(town.supervisor)
    answer = author.send(f"/moderation/{code}", {"words": "It was a joke."}, form="/appeal")
    assert answer.status_code == 303
    address = "/desk/moderation/appeals/1"
    assert as_(town.officer).get(address).status_code == 404
    assert address in supervisor.page("/desk/moderation/appeals").links()
    asked = supervisor.send(address, {"text": "Whom did you mean?"}, form="/say")
    assert asked.status_code == 303
    assert "Whom did you mean?" in author.page(f"/moderation/{code}").text()
    author.send(f"/moderation/{code}", {"text": "My brother."}, form="/say")
    assert "My brother." in supervisor.page(address).text()
    done = supervisor.send(address, {"verdict": "overturned", "why": "Then it is fine."})
    assert done.status_code == 303
    assert notes.shown_again == [town.thing]
    shown = author.page(f"/moderation/{code}").text()
    assert "This decision was overturned." in shown
    assert "The decision was wrong, and is taken back." in shown
    assert "Hidden, and taken back later" in as_(town.reader).page("/account/reports").text()
    log = client.page("/moderation/log").text()
    assert "Overturned" in log
    assert "1 overturned the decision (100 percent)" in log


def test_who_decides_an_appeal_second_and_who_writes_too_late_read_what_they_wrote(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any], notes: Notes
) -> None:
    code, _ = hidden(saved, town)
    author, first, second = as_(town.author), as_(town.supervisor), as_(town.chief)
    own = f"/moderation/{code}"
    beside = {**author.page(own).form(f"{own}/appeal"), "words": "In another tab."}
    author.send(own, {"words": "I said what happened."}, form="/appeal")
    address = next(
        link for link in first.page("/desk/moderation/appeals").links() if re.search(r"appeals/\d+$", link)
    )
    say = {**author.page(own).form(f"{own}/say"), "text": "One word more."}
    ask = {**second.page(address).form(f"{address}/say"), "text": "Which day was it?"}
    verdict = {**second.page(address).form_with("why"), "verdict": "upheld", "why": "It was right."}
    assert first.send(address, {"verdict": "overturned", "why": "Then it is fine."}).status_code == 303
    for client, path, data, words in (
        (second, address, verdict, "It was right."),
        (second, f"{address}/say", ask, "Which day was it?"),
        (author, f"{own}/say", say, "One word more."),
        (author, f"{own}/appeal", beside, "In another tab."),
    ):
        answer = client.post(path, data=data)
        assert answer.status_code == 422
        shown = Page(answer.text).text()
        assert "Nothing was done. This is what you wrote:" in shown
        assert words in shown
    page = author.page(own).text()
    assert "Others cannot read it any more" not in page
    assert "Then it is fine." in page


def test_a_second_appeal_from_another_tab_is_ready_to_be_added_to_the_first(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any], notes: Notes
) -> None:
    code, _ = hidden(saved, town)
    author, own = as_(town.author), f"/moderation/{code}"
    beside = {**author.page(own).form(f"{own}/appeal"), "words": "In another tab."}
    author.send(own, {"words": "I said what happened."}, form="/appeal")
    again = author.post(f"{own}/appeal", data=beside)
    assert again.status_code == 422
    assert "What you add goes into the same appeal." in Page(again.text).text()
    form = Page(again.text).form(f"{own}/say")
    assert form["text"] == "In another tab."
    assert author.post(f"{own}/say", data=form).status_code == 303
    assert "In another tab." in author.page(own).text()


def test_a_superior_who_decided_is_not_judged_by_who_answers_to_them(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any], notes: Notes
) -> None:
    def make() -> int:
        from forum.accounts.models import Person
        from forum.extensions import db

        made = decision(
            reported_case(notes.things[town.thing], person()), db.session.get_one(Person, town.chief)
        )
        appeal = raise_appeal(actor=db.session.get_one(Person, town.author), decision=made, words="No.")
        db.session.get_one(Person, town.supervisor).answers_to_id = town.chief
        return appeal.id

    appeal_id = saved(make)
    for wrong in (town.chief, town.supervisor):
        client = as_(wrong)
        assert client.get(f"/desk/moderation/appeals/{appeal_id}").status_code == 404
        assert "No appeal waits for you." in client.page("/desk/moderation/appeals").text()


def test_the_log_has_no_names_and_no_words_and_its_table_agrees(
    town: Town, saved: Callable[[Callable[[], Any]], Any], client: Any
) -> None:
    hidden(saved, town)
    page = client.page("/moderation/log").text()
    answer = client.get("/moderation/log.csv")
    table = answer.get_data(as_text=True)
    for text in (page, table):
        for secret in ("Olive", "Ann Author", "Rae", "fool", "lied", "Look"):
            assert secret not in text
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    assert [(row["rule"], row["moderator"], row["outcome"], row["appealed"]) for row in rows] == [
        ("3", "M-01", "hide", "no")
    ]
    assert "M-01" in page
    assert "Hidden: 1" in page


def test_the_log_goes_on_behind_its_first_page(
    saved: Callable[[Callable[[], Any]], Any], client: Any
) -> None:
    def make() -> None:
        officer, reader = person(Role.OFFICER), person()
        for _ in range(53):
            decision(reported_case(note(person()), reader), officer, Measure.KEEP)

    saved(make)
    first = client.page("/moderation/log")
    more = next(link for link in first.links() if "before=" in link)
    assert len(first.all("tr")) - len(client.page(more).all("tr")) == 47


def test_the_page_of_filters_says_how_many_were_held_for_nothing(
    saved: Callable[[Callable[[], Any]], Any], client: Any
) -> None:
    def make() -> None:
        officer = person(Role.OFFICER)
        for measure in (Measure.KEEP, Measure.HIDE, Measure.EDIT):
            author = person()
            thing = note(author, HOME)
            received(thing, author)
            decision(case_of(thing), officer, measure)

    saved(make)
    text = client.page("/moderation/filters").text()
    assert "decided about 3 things that filters held. 1 of them broke no rule: 33 percent" in text


def test_the_queue_is_narrowed_to_ones_beats_and_shows_who_has_what(
    saved: Callable[[Callable[[], Any]], Any], as_: Callable[[int], Any]
) -> None:
    from tests.factories.neighborhoods import beat, neighborhood

    def make() -> int:
        here, there = neighborhood("Here"), neighborhood("There")
        officer = person(Role.OFFICER)
        beat(neighborhoods=[here], officers=[officer])
        for area, words in ((here, "It is loud here."), (there, "It is loud there.")):
            reported_case(note(person(), words, neighborhood_id=area.id), person())
        return officer.id

    client = as_(saved(make))
    assert "1 case" in client.page("/desk/moderation").text()
    assert "It is loud there." not in client.page("/desk/moderation").text()
    assert "2 cases" in client.page("/desk/moderation?whose=all").text()
    assert "It is loud there." in client.page("/desk/moderation?whose=all&neighborhood=there").text()
    assert "Nothing waits here." in client.page("/desk/moderation?whose=mine").text()


def test_the_queue_asks_as_many_questions_for_three_as_for_one(
    saved: Callable[[Callable[[], Any]], Any], as_: Callable[[int], Any], count_queries: Callable[[], Any]
) -> None:
    client = as_(saved(lambda: person(Role.OFFICER).id))
    counts = []
    for more in (1, 2):
        saved(lambda more=more: [reported_case(note(person()), person()) for _ in range(more)])
        client.page("/desk/moderation?whose=all")
        with count_queries() as statements:
            client.page("/desk/moderation?whose=all")
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "path", ["/desk/moderation?whose=all", "/desk/moderation/appeals", "/desk/moderation/rechecks"]
)
def test_a_supervisors_list_asks_as_many_questions_for_three_as_for_one(
    saved: Callable[[Callable[[], Any]], Any],
    as_: Callable[[int], Any],
    count_queries: Callable[[], Any],
    path: str,
) -> None:
    def make(more: int) -> None:
        for _ in range(more):
            author = person()
            made = decision(reported_case(note(author), person()), person(Role.OFFICER))
            raise_appeal(actor=author, decision=made, words="It was a joke.")
            recheck_of(made)

    client = as_(saved(lambda: person(Role.SUPERVISOR).id))
    counts = []
    for more in (1, 2):
        saved(lambda more=more: make(more))
        client.page(path)
        with count_queries() as statements:
            client.page(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_moderator_takes_a_case_and_another_reads_who_has_it(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any]
) -> None:
    case_id = saved(lambda: reported_case(note(person()), person()).id)
    officer, supervisor = as_(town.officer), as_(town.supervisor)
    assert officer.send(f"/desk/moderation/{case_id}", form="/take").status_code == 303
    page = supervisor.page(f"/desk/moderation/{case_id}")
    assert "Olive Officer took the case" in page.text()
    assert not [form for form in page.forms() if (form.get("action") or "").endswith("/decide")]
    assert officer.send(f"/desk/moderation/{case_id}", form="/release").status_code == 303
    assert decide(supervisor, case_id, Measure.WARN).status_code == 303


def test_who_decides_second_reads_that_nothing_was_done_and_what_they_wrote(
    town: Town, as_: Callable[[int], Any]
) -> None:
    report(as_(town.reader), town)
    case = first_case(as_(town.officer))
    first, second = as_(town.officer), as_(town.supervisor)
    path = f"/desk/moderation/{case}"
    begun = second.page(path).form(f"{path}/decide")
    assert decide(first, case, Measure.KEEP).status_code == 303
    late = {**begun, "measure": "hide", "rule": "3", "words": "He names nobody,\nyet everybody knows."}
    answer = second.post(f"{path}/decide", data=late)
    assert answer.status_code == 422
    shown = Page(answer.text).text()
    assert "Age:" not in shown
    assert "Somebody has decided this meanwhile." in shown
    assert "Nothing was done." in shown
    assert "yet everybody knows." in shown
    assert "Olive Officer decided under rule 3: Kept" in " ".join(shown.split())
    del late["measure"]
    shown = Page(second.post(f"{path}/decide", data={**late, "rule": ""}).text).text()
    assert "There is nothing to decide any more." in shown
    assert "yet everybody knows." in shown


def test_what_a_filter_found_is_marked_and_personal_data_taken_out(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any], notes: Notes
) -> None:
    def make() -> tuple[int, int]:
        author = person()
        thing = note(author, HOME)
        received(thing, author)
        return case_of(thing).id, thing.id

    case_id, thing_id = saved(make)
    officer = as_(town.officer)
    page = officer.page(f"/desk/moderation/{case_id}")
    assert [mark.text for mark in page.all("mark")] == ["1420 West Elm Street"]
    assert page.form("/decide")["replacement"] == HOME
    assert decide(officer, case_id, Measure.REDACT).status_code == 422  # the text as it was
    assert decide(officer, case_id, Measure.REDACT, replacement="Pat is loud.").status_code == 303
    assert notes.things[thing_id].text == "Pat is loud."


def test_a_sealed_original_is_read_by_a_post_that_is_recorded(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any]
) -> None:
    _code, case_id = hidden(saved, town)
    supervisor, chief = as_(town.supervisor), as_(town.chief)
    address = "/desk/moderation/originals/1"
    assert address in supervisor.page(f"/desk/moderation/{case_id}").links()
    assert CRITICISM not in supervisor.page(address).text()
    opened = supervisor.send(address, form="/open")
    assert CRITICISM in opened.get_data(as_text=True)
    assert "moderation.original.read" in as_(town.administrator).page("/admin/audit").text()
    token = supervisor.page(address).form()["csrf_token"]
    supervisor.post(f"{address}/excise", data={"csrf_token": token, "text": "[Taken out]"})
    assert supervisor.post(f"{address}/agree", data={"csrf_token": token}).status_code == 422
    assert chief.send(address, form="/agree").status_code == 303
    late = supervisor.post(f"{address}/excise", data={"csrf_token": token, "text": "[Taken out, too late]"})
    assert late.status_code == 422
    assert "Nothing was done. This is what you wrote:" in late.text
    assert "[Taken out, too late]" in late.text
    assert "[Taken out]" in chief.send(address, form="/open").get_data(as_text=True)
    assert as_(town.officer).get(address).status_code == 404


def test_two_people_change_a_rule_on_their_pages(town: Town, as_: Callable[[int], Any], client: Any) -> None:
    administrator, supervisor = as_(town.administrator), as_(town.supervisor)
    sent = administrator.send(
        "/admin/rules/1", {"title_en": "No threats at all", "why": "Shorter."}, form=None
    )
    assert sent.status_code == 303
    page = administrator.page("/admin/rules")
    assert "In Spanish it stays as it is." in page.text()
    assert "No threats Put in: at all End of it. Do not threaten" in " ".join(page.text().split())
    assert not [form for form in page.forms() if (form.get("action") or "").endswith("/approve")]
    token = page.form("/refuse")["csrf_token"]
    assert administrator.post("/admin/rules/approve", data={"csrf_token": token}).status_code == 422
    assert "No threats at all" not in client.page("/rules").text()
    assert supervisor.send("/admin/rules", form="/approve").status_code == 303
    assert "No threats at all" in client.page("/rules").text()
    assert "No threats at all" not in client.page("/rules?version=1").text()
    assert "Shorter." in client.page("/rules/versions").text()


def test_a_rule_can_be_proposed_and_one_be_proposed_to_go(town: Town, as_: Callable[[int], Any]) -> None:
    administrator = as_(town.administrator)
    new = {"title_en": "No noise", "text_en": "Do not shout.", "why": "It is loud."}
    assert administrator.send("/admin/rules/new", {**new, "why": ""}).status_code == 422
    assert administrator.send("/admin/rules/new", new).status_code == 303
    assert administrator.send("/admin/rules", form="/refuse").status_code == 303
    assert administrator.send("/admin/rules/8", {"w-why": ""}, form="/withdraw").status_code == 422
    assert (
        administrator.send("/admin/rules/8", {"w-why": "The law says it."}, form="/withdraw").status_code
        == 303
    )
    assert administrator.get("/admin/rules/99").status_code == 404


def test_the_agency_says_in_public_that_first_posts_are_held(
    town: Town, as_: Callable[[int], Any], client: Any
) -> None:
    assert "are not held now" in client.page("/moderation/filters").text()
    wanted = {"decide_days": "2", "first_posts": "3", "wait_hours": "36"}
    administrator = as_(town.administrator)
    assert administrator.send("/admin/moderation", {**wanted, "wait_hours": "0"}).status_code == 422
    assert administrator.send("/admin/moderation", wanted).status_code == 303
    text = client.page("/moderation/filters").text()
    assert "(3 of them)" in text
    assert "up to 36 hours" in text


def test_the_author_of_something_held_is_told_why_and_can_edit_it(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any]
) -> None:
    def make() -> tuple[int, str]:
        author = person()
        thing = note(author, HOME)
        received(thing, author)
        return author.id, case_of(thing).code

    author, code = saved(make)
    page = as_(author).page(f"/moderation/{code}")
    assert "waits for a person to read it" in page.text()
    assert "A home address" in page.text()
    assert "Edit it" in page.text()


@pytest.mark.parametrize("measure", list(Measure))
def test_every_outcome_has_a_page_for_its_author_and_one_for_the_desk(
    town: Town,
    as_: Callable[[int], Any],
    saved: Callable[[Callable[[], Any]], Any],
    notes: Notes,
    measure: Measure,
) -> None:
    def make() -> tuple[str, int]:
        case = reported_case(notes.things[town.thing], person())
        decision(case, person(Role.OFFICER), measure, replacement="Short.")
        return case.code, case.id

    code, case_id = saved(make)
    assert "What exactly" in as_(town.author).page(f"/moderation/{code}").text()
    assert "You called Pat a fool." in as_(town.officer).page(f"/desk/moderation/{case_id}").text()


def test_a_thing_that_is_gone_leaves_a_case_that_still_opens(
    town: Town, as_: Callable[[int], Any], saved: Callable[[Callable[[], Any]], Any], notes: Notes
) -> None:
    code, case_id = hidden(saved, town)
    notes.things.clear()
    assert "is gone" in as_(town.officer).page(f"/desk/moderation/{case_id}").text()
    assert as_(town.author).get(f"/moderation/{code}").status_code == 404
    assert as_(town.supervisor).page("/desk/moderation?whose=all&state=decided")
