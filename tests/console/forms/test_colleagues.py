"""The candidates for an owner: the ticket's own team first, with the load of each and who is on call."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.widgets import Static

from supportdesk.console.commands.form_registry import form_for, form_for_batch
from supportdesk.console.forms.colleagues import colleagues
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.sla.clocks import State, epoch, state_at
from supportdesk.tickets.documents import Absence
from supportdesk.tickets.process.assignment import Assign, HandOver
from tests.console.fixtures.morning import at, morning_desk
from tests.console.harness.console import running
from tests.console.harness.dialog import Seat, keys, opened, typed, until

HIGH, CRITICAL = "Purchase order", "Checkout hangs"
"""A ticket of User Support, and one of Technical Support."""


def test_the_ticket_s_own_team_comes_first_and_each_team_by_name(seat: Seat) -> None:
    for about in (HIGH, CRITICAL):
        team = seat.view(about).ticket.team
        found = colleagues(seat.context(), seat.desk.policy, {team})
        teams = [seat.desk.records.staff[each.key].team for each in found]
        own = teams.count(team)
        assert own
        assert set(teams[:own]) == {team}
        assert team not in teams[own:]
        names = [each.name for each in found]
        assert names[:own] == sorted(names[:own])


def test_each_person_s_open_and_breached_tickets_are_counted(seat: Seat) -> None:
    now, rows = epoch(seat.desk.now()), seat.desk.queue().rows
    for each in colleagues(seat.context(), seat.desk.policy, ()):
        mine = [row for row in rows if row.owner == each.key and row.is_open]
        breached = sum(state_at(row.lead, now) is State.BREACHED for row in mine)
        assert each.load == f"{len(mine)} open" + (f", {breached} breached" if breached else "")
    loads = {each.key: each.load for each in colleagues(seat.context(), seat.desk.policy, ())}
    assert loads["priya"] == "1 open, 1 breached"
    assert loads["ann"] == "2 open"


def test_the_person_on_call_is_marked(seat: Seat) -> None:
    told = {each.key: each.details for each in colleagues(seat.context(), seat.desk.policy, ())}
    assert told["priya"].startswith("1 open, 1 breached · on call · ")


def test_those_who_are_away_come_last_with_the_end_of_their_absence_and_their_deputy(seat: Seat) -> None:
    absence = Absence(1, "lee", seat.desk.now(), at(30, "8:00"), "sam")
    seat.desk.records = replace(seat.desk.records, absences=(absence,))
    found = colleagues(seat.context(), seat.desk.policy, {"user-support"})
    assert found[-1].key == "lee"
    assert found[-1].details.startswith("absent to Mon 30 Nov, deputy Sam Okoro · ")
    assert not any(each.absence for each in found[:-1])


def test_nobody_is_found_by_the_text_of_their_load(seat: Seat) -> None:
    from supportdesk.console.search.searches import make_search

    assert not make_search(colleagues(seat.context(), seat.desk.policy, ()))("breached")


@pytest.mark.parametrize("command", [Assign, HandOver])
async def test_the_forms_list_the_tickets_team_first(seat: Seat, command: type[Assign]) -> None:
    async with opened(form_for(command, seat.context(), seat.view(CRITICAL))) as pilot:
        field = pilot.app.screen.query_one(SearchField)
        field.clear()
        field.take_focus()
        field.search_again()
        await until(pilot, lambda: bool(field.query_one(SuggestionList).found))
        found = field.query_one(SuggestionList).found
        assert seat.desk.records.staff[found[0].key].team == "technical-support"
        assert any("1 open, 1 breached" in each.details for each in found)


async def test_several_tickets_of_one_team_list_that_team_first(seat: Seat) -> None:
    form = form_for_batch(Assign, seat.context(), [seat.view(CRITICAL).row])
    async with opened(form) as pilot:
        found = pilot.app.screen.query_one(SuggestionList).found
        assert seat.desk.records.staff[found[0].key].team == "technical-support"


async def test_a_persons_load_is_shown_when_they_are_picked(seat: Seat) -> None:
    async with opened(form_for(Assign, seat.context(), seat.view(HIGH))) as pilot:
        await typed(pilot, "priya")
        await keys(pilot, "enter")
        note = pilot.app.screen.query_one("#owner .field-note", Static)
        assert "1 open, 1 breached" in str(note.visual)


async def test_the_console_counts_the_tickets_of_its_queue() -> None:
    async with running(morning_desk()) as it:
        await it.press("a")
        await it.until(lambda: bool(it.app.screen.query(SuggestionList)))
        found = it.app.screen.query_one(SuggestionList).found
        assert {each.key: each.load for each in found}["priya"] == "1 open, 1 breached"
