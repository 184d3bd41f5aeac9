"""Records are edited, added and registered with the keyboard by those who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from textual.widgets import Input, Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.directory.record_form import RecordForm
from supportdesk.console.directory.record_types import PEOPLE
from supportdesk.console.drafts.reminder import draft_reminders
from supportdesk.console.forms.field import Field
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.documents import Absence, Contact, Organisation, Role, Rotation
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.records.commands import SaveContact, SavePerson
from tests.console.fixtures.directory_keys import (
    ADMINISTRATOR,
    directory,
    find,
    form,
    names,
    page,
    rest,
    said,
    screen,
    sent,
    write,
)
from tests.console.fixtures.morning import ROTATION, morning_desk, ref_of
from tests.console.harness.console import running
from tests.console.harness.dialog import Seat, opened
from tests.svg import lines_of


async def test_an_agent_edits_a_contact_and_the_change_is_saved() -> None:
    async with directory(kind="Contacts", username="sam") as it:
        await find(it, "hana")
        write(await form(it, "e"), telephone="+44 20 7946 0055")
        await sent(it)
        assert it.desk.records.contacts["hana"].telephone == "+44 20 7946 0055"
        assert "+44 20 7946 0055" in page(it)


@pytest.mark.parametrize(("kind", "text"), [("Contacts", "hana"), ("Customers", "umbra")])
async def test_which_mail_a_contact_or_a_customer_gets_is_chosen_from_a_list(kind: str, text: str) -> None:
    async with directory(kind=kind) as it:
        await find(it, text)
        shown = await form(it, "e")
        shown.query_one("#unwanted_mails", Field).take_focus()
        await it.pilot.press("space", "down", "down", "space", "down", "space", "up", "space")
        await sent(it)
        records = it.desk.records
        saved = records.contacts[text] if kind == "Contacts" else records.organisations[text]
        assert saved.unwanted_mails == (MailKind.RECEIPT, MailKind.FIX)
        assert "Mail all but receipts of requests, fix dates" in " ".join(page(it).split())


@pytest.mark.parametrize(("field", "text"), [("telephone", "abc"), ("email", "jane@@x")])
async def test_an_invalid_telephone_number_or_address_is_reported_at_its_field(field: str, text: str) -> None:
    async with directory(kind="Contacts", username="sam") as it:
        await find(it, "hana")
        shown = await form(it, "e")
        write(shown, **{field: text})
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(f"#{field} .field-note.wrong")))
        assert "type it as in" in str(shown.query_one(f"#{field} .field-note", Static).render())
        assert it.app.screen is shown


async def test_the_last_address_of_somebody_on_call_is_removed_only_after_a_question() -> None:
    async with directory(kind="People", username=ADMINISTRATOR) as it:
        await find(it, "priya")
        write(await form(it, "e"), telephone="", email="")
        for answer, count in (("escape", 1), ("y", 0)):
            await it.pilot.press("f2")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            shown = " ".join(str(each.render()) for each in it.app.screen.query(Static))
            assert "Priya Nair is on call from" in shown
            await it.pilot.press(answer)
            await it.until(lambda: not isinstance(it.app.screen, Confirm))
            assert bool(it.desk.records.staff["priya"].telephone) == count
        await it.until(lambda: it.app.screen is screen(it))


async def test_an_administrator_changes_a_role_with_the_keyboard_alone() -> None:
    async with directory() as it:
        await find(it, "sam")
        await form(it, "e")
        await it.pilot.press("tab", "tab", "down", "down", "space")
        await sent(it)
        assert it.desk.records.staff["sam"].roles == (Role.AGENT, Role.SUPERVISOR)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_role_and_rung_is_visible(size: tuple[int, int]) -> None:
    seat = Seat(morning_desk())
    form = RecordForm(seat.context(), PEOPLE, seat.desk.person("sam"))
    async with opened(form, size) as pilot:
        for name, choices in (
            ("roles", [role.value for role in Role]),
            ("rungs", [rung.name for rung in seat.desk.policy.ladder]),
        ):
            form.query_one(f"#{name}", Field).take_focus()
            await pilot.pause()
            shown = "\n".join(lines_of(pilot.app.export_screenshot()))
            assert [each for each in choices if each not in shown] == []


async def test_unsent_text_is_restored_and_reported_on_leaving() -> None:
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
        assert notice.text == "Unfinished contact: Hana Sato, saved 09:42 GMT"
        assert notice.target == "Contact hana"


@pytest.mark.parametrize(
    ("kind", "query", "key", "field"),
    [
        ("Contacts", "hana", "e", "telephone"),
        ("Customers", "acme", "e", "name"),
        ("Releases", "", "n", "key"),
    ],
)
async def test_the_key_of_the_notice_of_an_unfinished_record_continues_its_form(
    kind: str, query: str, key: str, field: str, tmp_path: Path
) -> None:
    async with directory(kind=kind, drafts=tmp_path) as it:
        if query:
            await find(it, query)
        write(await form(it, key), **{field: "9.9 unsent"})
        await it.pilot.press("escape")
        await it.until(lambda: it.app.screen is screen(it))
    desk = morning_desk()
    # The notice of a page would come first.
    desk.do_as(ADMINISTRATOR, Acknowledge(ref_of(desk, "Checkout")))
    async with running(desk, username=ADMINISTRATOR, drafts=tmp_path) as it:
        await it.until(lambda: "F7 continue" in it.notice)
        await it.press("f7")
        await it.until(lambda: isinstance(it.app.screen, RecordForm))
        assert it.app.screen.query_one(f"#{field} Input", Input).value == "9.9 unsent"


async def test_marking_a_person_as_left_asks_first() -> None:
    async with directory() as it:
        await find(it, "lee wong")
        shown = await form(it, "e")
        shown.query_one("#active").restore("no")  # type: ignore[attr-defined]
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert it.desk.records.staff["lee"].active
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is screen(it))
        assert not it.desk.records.staff["lee"].active


async def test_a_new_customer_gets_a_key_made_from_its_name() -> None:
    async with directory(kind="Customers") as it:
        write(await form(it, "n"), name="Hooli & Söhne")
        await sent(it)
        assert it.desk.records.organisations["hooli-sohne"] == Organisation("hooli-sohne", "Hooli & Söhne")


async def test_a_new_contact_belongs_to_the_selected_contacts_customer() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "jo park")
        write(await form(it, "n"), name="Kim Lo")
        await sent(it)
        assert it.desk.records.contacts["acme.kim-lo"] == Contact("acme.kim-lo", "acme", "Kim Lo")


async def test_a_new_contact_with_the_name_of_another_asks_first_and_gets_its_own_key() -> None:
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
        contacts = it.desk.records.contacts
        assert [each.key for each in contacts.values() if each.name == "Jó Park"] == ["acme.jo-park"]
        assert contacts["jo"].name == "Jo Park"


@pytest.mark.parametrize("answer", ["y", "escape"])
async def test_a_colleague_gets_the_name_of_another_only_after_a_question(answer: str) -> None:
    async with directory() as it:
        await find(it, "sam")
        write(await form(it, "e"), name="priya nair")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert "Priya Nair  (priya)" in " ".join(str(each.render()) for each in it.app.screen.query(Static))
        await it.pilot.press(answer)
        await it.until(lambda: not isinstance(it.app.screen, Confirm))
        if answer == "y":
            await it.until(lambda: it.app.screen is screen(it))
        assert it.desk.records.staff["sam"].name == ("priya nair" if answer == "y" else "Sam Okoro")


async def test_a_new_record_with_a_key_in_use_is_refused_and_its_text_stays() -> None:
    async with directory(kind="Articles") as it:
        shown = await form(it, "n")
        write(shown, key="KB-12", title="Another")
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(".status.refused")))
        assert "KB-12 already exists" in str(shown.query_one(".status", Static).render())
        assert it.desk.records.articles["KB-12"].title == "Why an export stops half-way"


async def test_a_change_saved_meanwhile_on_another_console_is_not_overwritten() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "jo park")
        shown = await form(it, "e")
        jo = it.desk.records.contacts["jo"]
        it.desk.do(SaveContact(msgspec.structs.replace(jo, name="Jo Parker")), by="sam")
        write(shown, email="jo@acme.example")
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(".status.refused")))
        assert it.desk.records.contacts["jo"].name == "Jo Parker"
        assert it.desk.records.contacts["jo"].email == "jo.park@acme.example"


async def test_a_contact_who_was_added_with_a_request_is_registered_by_one_key() -> None:
    desk = morning_desk()
    desk.do(SaveContact(Contact("new", "acme", "New Person", registered=False)), by="ann")
    async with directory(desk, kind="Contacts", username="sam") as it:
        await find(it, "new person")
        assert "to be checked" in page(it)
        await it.pilot.press("r")
        await it.until(lambda: "is registered" in said(it))
        assert desk.records.contacts["new"].registered
        await rest(it)
        await it.pilot.press("r")
        assert "New Person is already registered." in said(it)


async def test_the_rota_is_shown_and_changed() -> None:
    async with directory(kind="Rota") as it:
        assert names(it) == ["Priya Nair", "Tom Ellis"]
        assert "now, until Mon 30 Nov 08:00 GMT" in " ".join(page(it).split())
        write(await form(it, "e"), members="tom, pri", starts="30 Nov 2026 08:00")
        await sent(it)
        monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
        planned = Rotation(("tom", "priya"), monday, "Europe/London")
        assert it.desk.records.rotations == (ROTATION, planned)


async def test_a_new_rotation_has_no_start_yet_and_the_present_members() -> None:
    async with directory(kind="Rota") as it:
        shown = await form(it, "n")
        assert shown.heading().plain == "New rotation"
        assert not shown.subject().plain
        assert shown.query_one("#starts Input", Input).value == ""
        assert shown.query_one("#members", Field).value == ROTATION.members
        write(shown, starts="30 Nov 2026 08:00")
        await sent(it)
        assert len(it.desk.records.rotations) == 2


async def test_a_rotation_that_leaves_a_gap_soon_asks_first() -> None:
    desk = morning_desk()
    monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
    away = Absence(1, "sam", monday, monday + timedelta(days=1))
    desk.records = msgspec.structs.replace(desk.records, absences=(away,))
    async with directory(desk, kind="Rota") as it:
        write(await form(it, "e"), members="sam", starts="30 Nov 2026 08:00")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        shown = " ".join(str(each.render()) for each in it.app.screen.query(Static))
        assert "Mon 30 Nov 2026 08:00 GMT to Tue 1 Dec 2026 08:00 GMT" in shown
        assert it.desk.records.rotations == (ROTATION,)
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is screen(it))
        assert len(it.desk.records.rotations) == 2


async def test_an_invalid_key_is_reported_while_it_is_typed() -> None:
    async with directory() as it:
        shown = await form(it, "n")
        write(shown, username="Kim Reed", name="Kim Reed")
        await it.pilot.pause()
        field = shown.query_one("#username")
        assert "has no spaces" in str(field.query_one(".field-note", Static).render())
        await it.pilot.press("f2")
        assert field.query_one(Input).has_focus
        assert not any(isinstance(command, SavePerson) for command, *_ in it.desk.commands)


async def test_an_unknown_name_in_the_rota_is_reported_at_once() -> None:
    async with directory(kind="Rota") as it:
        shown = await form(it, "e")
        write(shown, members="priya, zed")
        await it.pilot.pause()
        assert "no member of staff is called zed" in str(
            shown.query_one("#members .field-note", Static).render()
        )
