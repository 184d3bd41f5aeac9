"""A page that is shown in the console of the person paged."""

from datetime import timedelta

from supportdesk.tickets.events import Paged
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.escalation import HIERARCHICAL, Escalate
from supportdesk.tickets.process.page_shown import MarkPageShown
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from tests.tickets.scenario import Scenario, logged


def critical() -> Scenario:
    """A Critical for which Dora, who is on call, is paged."""
    scenario = logged(severity="critical")
    assert [page.person for page in scenario.now.open_pages] == ["dora"]
    return scenario


def test_a_page_is_recorded_as_shown_once() -> None:
    scenario = critical()
    shown = scenario.do(MarkPageShown(scenario.now.ref), by="dora")
    assert shown.pages_shown == ("dora",)
    assert shown.page_open
    assert "shown to you before" in scenario.refused(MarkPageShown(scenario.now.ref), by="dora")


def test_only_the_person_paged_can_record_it_and_only_while_the_page_is_open() -> None:
    scenario = critical()
    ref = scenario.now.ref
    assert "you have no open page" in scenario.refused(MarkPageShown(ref), by="ann")
    scenario.do(Acknowledge(ref), by="dora")
    assert "you have no open page" in scenario.refused(MarkPageShown(ref), by="dora")


def test_another_page_to_the_same_person_has_not_been_shown() -> None:
    scenario = critical()
    ref = scenario.now.ref
    scenario.do(Escalate(ref, "no answer", HIERARCHICAL), by="ann")
    (manager,) = {page.person for page in scenario.now.open_pages} - {"dora"}
    assert manager is not None
    scenario.do(MarkPageShown(ref), by=manager)
    scenario.do(MarkPageShown(ref), by="dora")
    assert set(scenario.now.pages_shown) == {manager, "dora"}
    scenario.do(Acknowledge(ref), by=manager)
    scenario.at += timedelta(minutes=1)
    scenario.apply(Paged("dora", "Dora", "", "no answer", beside=True), by="watcher")
    assert scenario.now.open_pages[-1].person == "dora"
    assert scenario.now.pages_shown == (manager,)


def test_a_page_that_is_shown_leaves_the_command_before_it_to_be_undone() -> None:
    scenario = critical()
    ref = scenario.now.ref
    scenario.do(Note(ref, "called back"), by="ann")
    scenario.do(MarkPageShown(ref), by="dora")
    assert scenario.do(Undo(ref), by="ann").pages_shown == ("dora",)
