"""The directory: every operator can look up any record in it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.tickets.documents import Organisation, Rotation
from supportdesk.tickets.records.commands import SavePerson
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
    tabs,
)
from tests.console.fixtures.morning import ROTATION, morning_desk
from tests.console.harness.console import running, shown_keys


async def test_every_record_type_has_a_tab_with_its_count() -> None:
    async with directory() as it:
        assert tabs(it) == ["People 7", "Customers 5", "Contacts 5", "Releases 2", "Articles 2", "Rota 2"]


async def test_an_unavailable_desk_is_not_shown_as_an_empty_one() -> None:
    desk = morning_desk()
    async with running(desk, username=ADMINISTRATOR) as it:
        desk.outage = "the file is gone"
        await it.pilot.press("D")
        await it.until(lambda: isinstance(it.app.screen, DirectoryScreen) and it.app.screen.ready.is_set())
        await it.pilot.pause()
        assert page(it).split("\n")[0].strip() == "the file is gone"
        desk.outage = None
        await it.until(lambda: names(it) != [])


async def test_a_text_is_searched_in_all_record_types_at_once() -> None:
    async with directory() as it:
        await find(it, "nor")
        assert tabs(it) == ["People 0", "Customers 1", "Contacts 1", "Releases 0", "Articles 0", "Rota 0"]
        told = " ".join(page(it).split())
        assert told == "No people match; there are matches in Customers and Contacts; esc clears the search"
        await it.pilot.press("tab", "tab")
        assert names(it) == ["Nils Berg"]
        assert "Northwind Traders" in page(it)


async def test_a_contact_is_found_by_a_telephone_number_in_any_format() -> None:
    async with directory(kind="Contacts") as it:
        await find(it, "020 7946 0018")
        assert names(it) == ["Jo Park"]


async def test_escape_clears_the_search_and_then_leaves() -> None:
    async with directory() as it:
        await find(it, "lee")
        await it.pilot.press("escape")
        await rest(it)
        assert len(names(it)) == 7
        await it.pilot.press("escape")
        await it.until(lambda: it.app.screen is it.screen)


async def test_all_details_of_a_record_are_shown_and_people_who_have_left_are_dimmed() -> None:
    desk = morning_desk()
    sam = msgspec.structs.replace(desk.records.staff["sam"], active=False)
    desk.records = replace(desk.records, staff={**desk.records.staff, "sam": sam})
    async with directory(desk) as it:
        await find(it, "sam")
        assert "has left" in page(it)
        assert screen(it).entry is not None
        assert screen(it).records.entries[0].dimmed


async def test_an_operator_who_may_not_edit_sees_who_may_before_and_after_trying() -> None:
    async with directory(username="sam") as it:
        assert "Changing this requires an administrator (Maya Brandt)." in " ".join(page(it).split())
        await it.pilot.press("e")
        assert "Only an administrator (Maya Brandt)" in said(it)
        assert it.app.screen is screen(it)


async def test_an_operator_who_is_not_on_the_staff_sees_records_and_why_none_can_be_changed() -> None:
    async with directory(kind="Contacts", username="stranger") as it:
        assert "stranger is not on the staff of this desk" in " ".join(page(it).split())
        for key in ("e", "n"):
            await it.pilot.press(key)
            assert "stranger is not on the staff" in said(it)
            assert it.app.screen is screen(it)


async def test_rule_18_the_rota_shows_coming_gaps_and_planned_rotations() -> None:
    desk = morning_desk()
    tom = msgspec.structs.replace(desk.records.staff["tom"], active=False)
    desk.records = replace(
        desk.records,
        staff={**desk.records.staff, "tom": tom},
        rotations=(ROTATION, Rotation(("sam",), datetime(2027, 1, 4, 8, tzinfo=UTC), "Europe/London")),
    )
    async with directory(desk, kind="Rota") as it:
        assert names(it)[:1] == ["Nobody on call"]
        told = " ".join(page(it).split())
        assert "From Mon 30 Nov 08:00 GMT Until Mon 7 Dec 08:00 GMT Why Tom Ellis has left" in told
        assert "Pages go to Maya Brandt, Support Manager" in told
        assert {"Priya Nair", "Tom Ellis", "Sam Okoro"} < {*names(it)}


async def test_the_handover_has_the_present_name_of_its_time_zone() -> None:
    desk = morning_desk()
    summer = Rotation(("priya", "tom"), datetime(2026, 6, 1, 7, tzinfo=UTC), "Europe/London")
    desk.records = replace(desk.records, rotations=(summer,))
    async with directory(desk, kind="Rota") as it:
        assert "every Monday 08:00 GMT" in " ".join(page(it).split())


@pytest.mark.parametrize(
    ("kind", "text", "filter"),
    [
        ("Customers", "acme", 'org:"Acme Ltd"'),
        ("Contacts", "jo park", 'org:"Acme Ltd"'),
        ("People", "sam", "owner:sam"),
    ],
)
async def test_a_key_shows_the_open_tickets_of_a_record(kind: str, text: str, filter: str) -> None:  # noqa: A002
    async with directory(kind=kind) as it:
        await find(it, text)
        await it.pilot.press("o")
        await it.until(lambda: it.app.screen is it.screen)
        await it.until(lambda: it.screen.filter_bar.text == filter)
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
async def test_the_filter_for_a_customer_selects_no_other_customers_tickets(name: str, filter: str) -> None:  # noqa: A002
    desk = morning_desk()
    known = {**desk.records.organisations, "globex": Organisation("globex", name)}
    known["initech"] = Organisation("initech", "Smith")
    desk.records = replace(desk.records, organisations=known)
    async with directory(desk, kind="Customers") as it:
        await find(it, "globex")
        await it.pilot.press("o")
        await it.until(lambda: it.screen.filter_bar.text == filter)
        model = it.screen.queue.model
        assert model is not None
        left = {entry.row.organisation for key in model.index.groups for entry in model.visible.group(key)}
        assert left == {name}
        assert not it.screen.filter_bar.hint.text


async def test_a_release_has_no_tickets_to_show() -> None:
    async with directory(kind="Releases") as it:
        await it.pilot.press("o")
        assert "select one of those" in said(it)


async def test_a_record_saved_elsewhere_is_shown_at_once() -> None:
    async with directory() as it:
        sam = msgspec.structs.replace(it.desk.records.staff["sam"], name="Sam O'Koro")
        it.desk.do(SavePerson(sam), by=ADMINISTRATOR)
        it.desk.announce_change()
        await it.until(lambda: "Sam O'Koro" in names(it))


async def test_markup_and_escape_sequences_in_records_are_shown_as_text() -> None:
    desk = morning_desk()
    evil = Organisation("evil", "[/oops] [@click=app.quit]x[/] \x1b]0;t\x07 " + "long " * 4_000)
    desk.records = replace(desk.records, organisations={**desk.records.organisations, "evil": evil})
    async with directory(desk, kind="Customers") as it:
        await find(it, "oops")
        assert "[/oops] [@click=app.quit]x[/]" in page(it)
        await form(it, "e")
        await it.pilot.press("escape")


async def test_the_records_stay_while_the_desk_is_unavailable() -> None:
    async with directory() as it:
        it.desk.outage = "The database does not answer."
        await it.pilot.press("slash", "l")
        await it.until(lambda: "does not answer" in said(it))
        assert len(names(it)) == 7


async def test_the_help_lists_the_directorys_keys_and_why_some_are_refused() -> None:
    async with directory(username="sam") as it:
        await it.pilot.press("question_mark")
        await it.pilot.pause()
        told = shown_keys(it)
        assert "Change the record under the cursor" in told
        assert "Only an administrator (Maya Brandt)" in told
