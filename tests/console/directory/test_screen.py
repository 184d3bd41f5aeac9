"""The directory: everything is looked up by anybody, and edited with the keyboard by those who may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace
from textual.widgets import Input, Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.directory.record_form import RecordForm
from supportdesk.console.directory.record_tabs import RecordTab
from supportdesk.console.directory.record_types import KINDS
from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.console.drafts.reminder import draft_reminders
from supportdesk.tickets.documents import Contact, Organisation, Role, Rotation
from supportdesk.tickets.records.commands import SaveContact, SavePerson
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import ROTATION, morning_desk
from tests.console.harness.console import Running, lines, running

ADMINISTRATOR = "maya"


@asynccontextmanager
async def directory(
    desk: FakeDesk | None = None, *, kind: str = "People", username: str = ADMINISTRATOR
) -> AsyncIterator[Running]:
    """The console with its directory open at a kind."""
    async with running(desk or morning_desk(), username=username) as it:
        await it.pilot.press("D")
        await it.until(lambda: isinstance(it.app.screen, DirectoryScreen) and it.app.screen.ready.is_set())
        for _ in range([each.title for each in KINDS].index(kind)):
            await it.pilot.press("tab")
        await it.pilot.pause()
        yield it


def screen(it: Running) -> DirectoryScreen:
    found = [each for each in it.app.screen_stack if isinstance(each, DirectoryScreen)]
    assert len(found) == 1
    return found[0]


def names(it: Running) -> list[str]:
    return [entry.name for entry in screen(it).records.entries]


def page(it: Running) -> str:
    return "\n".join(lines(screen(it).query_one(".page", Static)))


def tabs(it: Running) -> list[str]:
    return [str(tab.render()) for tab in screen(it).query(RecordTab)]


def said(it: Running) -> str:
    return screen(it).foot.said


async def find(it: Running, text: str) -> None:
    """Types a text and goes to the list."""
    await it.pilot.press("slash")
    screen(it).query_one(Input).value = text
    await rest(it)
    await it.pilot.press("enter")


async def rest(it: Running) -> None:
    """Until what was looked for is shown."""
    await it.until(lambda: not any(each.group == "find" for each in it.app.workers))
    await it.pilot.pause()


async def form(it: Running, key: str) -> RecordForm:
    """The form that a key opens."""
    await it.pilot.press(key)
    await it.until(lambda: isinstance(it.app.screen, RecordForm))
    await it.pilot.pause()
    assert isinstance(it.app.screen, RecordForm)
    return it.app.screen


def write(form: RecordForm, **texts: str) -> None:
    """Types a text into each of the fields."""
    for name, text in texts.items():
        form.query_one(f"#{name} Input", Input).value = text


async def sent(it: Running) -> None:
    """Sends the form, and waits until the directory shows what came of it."""
    await it.pilot.press("f2")
    await it.until(lambda: it.app.screen is screen(it) and bool(said(it)))
    await rest(it)


async def test_every_kind_is_there_with_its_count() -> None:
    async with directory() as it:
        assert tabs(it) == ["People 7", "Organisations 5", "Contacts 5", "Releases 2", "Articles 2", "Rota 2"]


async def test_a_desk_out_of_reach_is_not_taken_for_an_empty_one() -> None:
    desk = morning_desk()
    async with running(desk, username=ADMINISTRATOR) as it:
        desk.away = "the file is gone"
        await it.pilot.press("D")
        await it.until(lambda: isinstance(it.app.screen, DirectoryScreen) and it.app.screen.ready.is_set())
        await it.pilot.pause()
        assert page(it).split("\n")[0].strip() == "the file is gone"
        desk.away = None
        await it.until(lambda: names(it) != [])


async def test_a_few_letters_are_looked_for_among_all_kinds_at_once() -> None:
    async with directory() as it:
        await find(it, "nor")
        assert tabs(it) == ["People 0", "Organisations 1", "Contacts 1", "Releases 0", "Articles 0", "Rota 0"]
        await it.pilot.press("tab", "tab")
        assert names(it) == ["Nils Berg"]
        assert "Northwind Traders" in page(it)


async def test_a_contact_is_found_by_a_number_in_any_spelling() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "020 7946 0018")
        assert names(it) == ["Jo Park"]


async def test_escape_takes_the_words_back_and_then_leaves() -> None:
    async with directory() as it:
        await find(it, "lee")
        await it.pilot.press("escape")
        await rest(it)
        assert len(names(it)) == 7
        await it.pilot.press("escape")
        await it.until(lambda: it.app.screen is it.screen)


async def test_the_record_says_all_that_is_kept_and_who_has_left_is_told_apart() -> None:
    desk = morning_desk()
    sam = msgspec.structs.replace(desk.directory.staff["sam"], active=False)
    desk.directory = replace(desk.directory, staff={**desk.directory.staff, "sam": sam})
    async with directory(desk) as it:
        await find(it, "sam")
        assert "has left" in page(it)
        assert screen(it).entry is not None
        assert screen(it).records.entries[0].dimmed


async def test_somebody_who_may_not_edit_sees_who_may_before_and_after_trying() -> None:
    async with directory(username="sam") as it:
        assert "Changing this requires an administrator (Maya Brandt)." in " ".join(page(it).split())
        await it.pilot.press("e")
        assert "Only an administrator (Maya Brandt)" in said(it)
        assert it.app.screen is screen(it)


async def test_a_stranger_may_look_and_is_told_why_nothing_can_be_changed() -> None:
    async with directory(kind="Contacts", username="stranger") as it:
        assert "stranger is not on the staff of this desk" in " ".join(page(it).split())
        for key in ("e", "n"):
            await it.pilot.press(key)
            assert "stranger is not on the staff" in said(it)
            assert it.app.screen is screen(it)


async def test_an_agent_edits_a_contact_and_it_is_kept() -> None:
    async with directory(kind="Contacts", username="sam") as it:
        await find(it, "hana")
        write(await form(it, "e"), telephone="+44 20 7946 0055")
        await sent(it)
        assert it.desk.directory.contacts["hana"].telephone == "+44 20 7946 0055"
        assert "+44 20 7946 0055" in page(it)


@pytest.mark.parametrize(("field", "text"), [("telephone", "abc"), ("email", "jane@@x")])
async def test_a_number_or_address_that_cannot_be_valid_is_said_at_its_field(field: str, text: str) -> None:
    async with directory(kind="Contacts", username="sam") as it:
        await find(it, "hana")
        shown = await form(it, "e")
        write(shown, **{field: text})
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(f"#{field} .field-note.wrong")))
        assert "type it as in" in str(shown.query_one(f"#{field} .field-note", Static).render())
        assert it.app.screen is shown


async def test_an_administrator_gives_a_person_another_role_with_the_keyboard_alone() -> None:
    async with directory() as it:
        await find(it, "sam")
        await form(it, "e")
        await it.pilot.press("tab", "tab", "down", "down", "space")
        await sent(it)
        assert it.desk.directory.staff["sam"].roles == (Role.AGENT, Role.SUPERVISOR)


async def test_what_was_typed_and_not_sent_is_offered_again_and_said_when_one_leaves() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "hana")
        write(await form(it, "e"), telephone="+44 20")
        await it.pilot.press("escape")
        await it.until(lambda: it.app.screen is screen(it))
        again = await form(it, "e")
        assert again.query_one("#telephone Input", Input).value == "+44 20"
        session = it.screen.session
        assert session is not None
        (notice,) = draft_reminders(session.drafts, session.zone, session.now())
        assert (notice.text, notice.verb) == ("Unfinished record from 09:42 GMT", "directory")


async def test_somebody_who_leaves_is_asked_about_first() -> None:
    async with directory() as it:
        await find(it, "lee wong")
        shown = await form(it, "e")
        shown.query_one("#active").restore("no")  # type: ignore[attr-defined]
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert it.desk.directory.staff["lee"].active
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is screen(it))
        assert not it.desk.directory.staff["lee"].active


async def test_a_new_organisation_gets_a_key_of_its_name() -> None:
    async with directory(kind="Organisations") as it:
        write(await form(it, "n"), name="Hooli & Söhne")
        await sent(it)
        assert it.desk.directory.organisations["hooli-sohne"] == Organisation("hooli-sohne", "Hooli & Söhne")


async def test_a_new_contact_belongs_to_the_company_of_the_one_under_the_cursor() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "jo park")
        write(await form(it, "n"), name="Kim Lo")
        await sent(it)
        assert it.desk.directory.contacts["acme.kim-lo"] == Contact("acme.kim-lo", "acme", "Kim Lo")


async def test_a_new_contact_with_the_name_of_another_is_asked_about_and_gets_a_key_of_their_own() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "jo park")
        for answer in ("escape", "y"):
            if not isinstance(it.app.screen, RecordForm):
                write(await form(it, "n"), name="Jó Park")
            await it.pilot.press("f2")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            assert "Add another Jó Park?" in " ".join(
                str(each.render()) for each in it.app.screen.query(Static)
            )
            await it.pilot.press(answer)
            await it.until(lambda: not isinstance(it.app.screen, Confirm))
        await it.until(lambda: it.app.screen is screen(it))
        contacts = it.desk.directory.contacts
        assert [each.key for each in contacts.values() if each.name == "Jó Park"] == ["acme.jo-park"]
        assert contacts["jo"].name == "Jo Park"


async def test_something_new_under_a_key_that_is_taken_is_refused_and_what_was_typed_stays() -> None:
    async with directory(kind="Articles") as it:
        shown = await form(it, "n")
        write(shown, key="KB-12", title="Another")
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(".status.refused")))
        assert "KB-12 already exists" in str(shown.query_one(".status", Static).render())
        assert it.desk.directory.articles["KB-12"].title == "Why an export stops half-way"


async def test_what_another_console_changed_meanwhile_is_not_overwritten() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "jo park")
        shown = await form(it, "e")
        jo = it.desk.directory.contacts["jo"]
        it.desk.do(SaveContact(msgspec.structs.replace(jo, name="Jo Parker")), by="sam")
        write(shown, email="jo@acme.example")
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(".status.refused")))
        assert it.desk.directory.contacts["jo"].name == "Jo Parker"
        assert it.desk.directory.contacts["jo"].email == "jo.park@acme.example"


async def test_a_contact_who_was_taken_in_with_a_request_is_registered_by_one_key() -> None:
    desk = morning_desk()
    desk.do(SaveContact(Contact("new", "acme", "New Person", registered=False)), by="ann")
    async with directory(desk, kind="Contacts", username="sam") as it:
        await find(it, "new person")
        assert "to be checked" in page(it)
        await it.pilot.press("r")
        await it.until(lambda: "is registered" in said(it))
        assert desk.directory.contacts["new"].registered
        await rest(it)
        await it.pilot.press("r")
        assert "New Person is already registered." in said(it)


async def test_the_rota_is_told_and_set() -> None:
    async with directory(kind="Rota") as it:
        assert names(it) == ["Priya Nair", "Tom Ellis"]
        assert "now, until Mon 30 Nov 08:00 GMT" in " ".join(page(it).split())
        write(await form(it, "e"), members="tom, pri", starts="30 Nov 2026 08:00")
        await sent(it)
        monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
        planned = Rotation(("tom", "priya"), monday, "Europe/London")
        assert it.desk.directory.rotations == (ROTATION, planned)


async def test_rule_18_a_rota_shows_the_gaps_that_are_coming_and_what_is_planned() -> None:
    desk = morning_desk()
    tom = msgspec.structs.replace(desk.directory.staff["tom"], active=False)
    desk.directory = replace(
        desk.directory,
        staff={**desk.directory.staff, "tom": tom},
        rotations=(ROTATION, Rotation(("sam",), datetime(2027, 1, 4, 8, tzinfo=UTC), "Europe/London")),
    )
    async with directory(desk, kind="Rota") as it:
        assert names(it)[:1] == ["Nobody on call"]
        told = " ".join(page(it).split())
        assert "From Mon 30 Nov 08:00 GMT To Mon 7 Dec 08:00 GMT Why Tom Ellis has left" in told
        assert "Paged Maya Brandt, Support Manager" in told
        assert {"Priya Nair", "Tom Ellis", "Sam Okoro"} < {*names(it)}


async def test_the_handover_has_the_zones_name_of_today_whenever_the_rota_began() -> None:
    desk = morning_desk()
    summer = Rotation(("priya", "tom"), datetime(2026, 6, 1, 7, tzinfo=UTC), "Europe/London")
    desk.directory = replace(desk.directory, rotations=(summer,))
    async with directory(desk, kind="Rota") as it:
        assert "every Monday 08:00 GMT" in " ".join(page(it).split())


async def test_a_key_that_cannot_be_one_is_said_where_it_is_typed() -> None:
    async with directory() as it:
        shown = await form(it, "n")
        write(shown, username="Kim Reed", name="Kim Reed")
        await it.pilot.pause()
        field = shown.query_one("#username")
        assert "has no spaces" in str(field.query_one(".field-note", Static).render())
        await it.pilot.press("f2")
        assert field.query_one(Input).has_focus
        assert it.desk.done == []


async def test_a_name_in_the_rota_that_nobody_has_is_said_at_once() -> None:
    async with directory(kind="Rota") as it:
        shown = await form(it, "e")
        write(shown, members="priya, zed")
        await it.pilot.pause()
        assert "no member of staff is called zed" in str(
            shown.query_one("#members .field-note", Static).render()
        )


@pytest.mark.parametrize(
    ("kind", "text", "filter"),
    [
        ("Organisations", "acme", 'org:"Acme Ltd"'),
        ("Contacts", "jo park", 'org:"Acme Ltd"'),
        ("People", "sam", "owner:sam"),
    ],
)
async def test_from_a_record_one_gets_to_the_open_tickets(kind: str, text: str, filter: str) -> None:  # noqa: A002
    async with directory(kind=kind) as it:
        await find(it, text)
        await it.pilot.press("o")
        await it.until(lambda: it.app.screen is it.screen)
        await it.until(lambda: it.screen.line.text == filter)
        assert it.focus == "queue"
        left = it.screen.queue.model
        assert left is not None
        assert 0 < left.matches < 13


@pytest.mark.parametrize(
    ("name", "filter"),
    [
        ("Smith,Jones", 'org:"Smith,Jones"'),
        ('The "Old" Mill', 'org:"The ""Old"" Mill"'),
        ("(UK)", 'org:"(UK)"'),
        ("None", 'org:"None"'),
        ("Łódź", "org:Łódź"),
    ],
)
async def test_the_tickets_of_a_customer_of_any_name_are_those_of_no_other(name: str, filter: str) -> None:  # noqa: A002
    desk = morning_desk()
    known = {**desk.directory.organisations, "globex": Organisation("globex", name)}
    known["initech"] = Organisation("initech", "Smith")
    desk.directory = replace(desk.directory, organisations=known)
    async with directory(desk, kind="Organisations") as it:
        await find(it, "globex")
        await it.pilot.press("o")
        await it.until(lambda: it.screen.line.text == filter)
        model = it.screen.queue.model
        assert model is not None
        left = {entry.row.organisation for key in model.index.groups for entry in model.visible.group(key)}
        assert left == {name}
        assert not it.screen.line.hint.says


async def test_a_release_has_no_tickets_of_its_own_to_go_to() -> None:
    async with directory(kind="Releases") as it:
        await it.pilot.press("o")
        assert "select one of those" in said(it)


async def test_what_somebody_else_keeps_is_shown_without_asking() -> None:
    async with directory() as it:
        sam = msgspec.structs.replace(it.desk.directory.staff["sam"], name="Sam O'Koro")
        it.desk.do(SavePerson(sam), by=ADMINISTRATOR)
        it.desk.wake()
        await it.until(lambda: "Sam O'Koro" in names(it))


async def test_text_that_would_be_markup_or_an_escape_is_only_text() -> None:
    desk = morning_desk()
    evil = Organisation("evil", "[/oops] [@click=app.quit]x[/] \x1b]0;t\x07 " + "long " * 4_000)
    desk.directory = replace(desk.directory, organisations={**desk.directory.organisations, "evil": evil})
    async with directory(desk, kind="Organisations") as it:
        await find(it, "oops")
        assert "[/oops] [@click=app.quit]x[/]" in page(it)
        await form(it, "e")
        await it.pilot.press("escape")


async def test_while_the_desk_is_gone_what_is_shown_stays() -> None:
    async with directory() as it:
        it.desk.away = "The database does not answer."
        await it.pilot.press("slash", "l")
        await it.until(lambda: "does not answer" in said(it))
        assert len(names(it)) == 7


async def test_the_help_tells_the_keys_of_the_directory_and_what_one_may_not() -> None:
    async with directory(username="sam") as it:
        await it.pilot.press("question_mark")
        await it.pilot.pause()
        told = " ".join(str(each.render()) for each in it.app.screen.query(".key-text"))
        assert "Change the record under the cursor" in told
        assert "Only an administrator (Maya Brandt)" in told
