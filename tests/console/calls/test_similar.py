"""Similar tickets and articles are listed while the summary of a new request is typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from supportdesk.console.calls import similar
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.search.candidate import Candidate
from supportdesk.desk_api import Applied, Searches
from supportdesk.sla.policy import Policy
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.log_keys import caller, read_back
from tests.console.fixtures.morning import NOW
from tests.console.harness.dialog import (
    Seat,
    keys,
    left,
    opened,
    settled,
    typed,
    typed_ahead,
    until,
    words,
)
from tests.event_loop import Gate


async def test_similar_tickets_and_articles_are_listed_while_the_summary_is_typed(seat: Seat) -> None:
    async with opened(LogRequestForm(seat.context())) as pilot:
        await caller(pilot, "initech", "bill")
        await typed(pilot, "export stops")
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: len(summary.found) == 2)
        ticket, article = summary.found
        assert (ticket.name, article.key) == ("Export stops half-way", "KB-12")
        assert ticket.note.endswith("High · resolution · Sam Okoro")
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one(SeverityWizard).has_focus_within


async def test_a_search_that_ends_while_the_request_is_saved_lists_nothing(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, search = Gate(), similar.find_similar

    def search_late(
        desk: Searches, policy: Policy, text: str, customer: Candidate | None
    ) -> Sequence[Candidate]:
        saved.wait()
        return search(desk, policy, text, customer)

    async def is_saved() -> None:
        saved.open()

    seat.gate = is_saved
    monkeypatch.setattr(similar, "find_similar", search_late)
    async with opened(LogRequestForm(seat.context())) as pilot:
        await caller(pilot, "globex", "hana")
        summary = pilot.app.screen.query_one(SummaryField)
        typed_ahead(pilot, "Labels print twice", "<enter>", "h", "<tab>", "<tab>", "t", "<f2>")
        await read_back(pilot)
        await settled(pilot)
        assert list(summary.found) == []


async def test_an_email_about_an_open_ticket_becomes_a_note_not_a_call(seat: Seat) -> None:
    async with opened(LogRequestForm(seat.context())) as pilot:
        await caller(pilot, "initech", "bill")
        await typed(pilot, "export stops")
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: len(summary.found) == 2)
        await keys(pilot, "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandForm))
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Note(seat.view("Export stops").ticket.ref, "export stops")]


async def test_an_unfinished_text_on_the_same_ticket_is_restored_and_extended(seat: Seat) -> None:
    ref = seat.view("Export stops").ticket.ref
    seat.drafts.save("note", ref, Draft({"text": "They rang about it."}, NOW))
    async with opened(LogRequestForm(seat.context())) as pilot:
        await caller(pilot, "initech", "bill")
        await typed(pilot, "export stops")
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: len(summary.found) == 2)
        await keys(pilot, "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandForm))
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Note(ref, "They rang about it.\nexport stops")]


async def test_an_article_sent_from_outside_the_team_is_not_shown_as_a_response(seat: Seat) -> None:
    async with opened(LogRequestForm(seat.context())) as pilot:
        await caller(pilot, "acme", "jo")
        await typed(pilot, "export stops")
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: any(each.key == "KB-12" for each in summary.found))
        steps = [each.key for each in summary.found].index("KB-12") + 1
        await keys(pilot, *["down"] * steps, "enter", "c", "tab", "tab", "t", "f2")
        await read_back(pilot)
        assert words(pilot, ".promised").startswith("We will respond by 10:42 today")
