"""The outcome of a command in words."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from supportdesk.console.commands.outcome_text import describe_changes, describe_event
from supportdesk.sla.clocks import ClockKind, State, Verdict
from supportdesk.store.read_models import TimelineEntry
from supportdesk.tickets import events
from supportdesk.tickets.events import Event
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk
from tests.tickets.test_events import EXAMPLES

WORDS = "On it.: see below"


def entry(event: Event, seq: int = 1000, actor: str = "ann") -> TimelineEntry:
    return TimelineEntry(seq, NOW, actor, "Ann Lee", str(event.__struct_config__.tag), event.phrase(), seq)


@pytest.mark.parametrize(
    ("event", "full", "brief"),
    [
        (events.Claimed("ann", "x"), "claimed it", "claimed it"),
        (events.Replied(WORDS), f"replied to the customer: {WORDS}", "replied to the customer"),
        (
            events.Replied(WORDS, "telephone"),
            f"spoke with the customer by telephone: {WORDS}",
            "spoke with the customer by telephone",
        ),
        (
            events.Replied(WORDS, no_response="Technical Support responds to a Critical"),
            "replied to the customer, not counted as the response (Technical Suppor …",
            "replied to the customer, not counted as the response (Technical Support responds to a Critical)",
        ),
        (events.PageAcknowledged("priya"), "acknowledged the page", "acknowledged the page"),
        (
            events.PageAcknowledged("priya", "Priya Nair"),
            "acknowledged Priya Nair's page",
            "acknowledged Priya Nair's page",
        ),
        (events.Noted(WORDS), f"wrote a note: {WORDS}", "wrote a note"),
        (events.WaitBegan("customer"), "put it on hold for the customer", "put it on hold for the customer"),
        (
            events.SeverityChanged("low", "high", "impact changed", "stop"),
            "changed the severity from low to high (the impact has changed): stop",
            "changed the severity from low to high (the impact has changed)",
        ),
        (
            events.Paged("priya", "Priya Nair", "+44 7700 900104", "a Critical"),
            "paged Priya Nair: a Critical",
            "paged Priya Nair",
        ),
        (
            events.Resolved("restored", WORDS),
            f"resolved it (service restored): {WORDS}",
            "resolved it (service restored)",
        ),
        (events.Closed("duplicate"), "closed it (duplicate)", "closed it (duplicate)"),
        (
            events.AccountManagerContacted("Max", WORDS),
            f"recorded that Max discussed the next steps with the customer: {WORDS}"[:70].rstrip() + " …",
            "recorded that Max discussed the next steps with the customer",
        ),
        (
            events.AccountManagerContacted("Ann Lee", WORDS),
            f"discussed the next steps with the customer: {WORDS}",
            "discussed the next steps with the customer",
        ),
        (
            events.Linked("related", "CD-4C00-W"),
            "linked it to CD-4C00-W",
            "linked it to CD-4C00-W",
        ),
    ],
)
def test_an_event_is_described_after_a_name_and_briefly_for_the_person_who_did_it(
    event: Event, full: str, brief: str
) -> None:
    assert describe_event(entry(event)) == full
    assert describe_event(entry(event), briefly=True) == brief


def test_what_is_undone_is_described_even_briefly() -> None:
    (event,) = (each for each in EXAMPLES if isinstance(each, events.Undone))
    assert describe_event(entry(event), briefly=True) == "undid the last action: claimed it"


GOES_WITH_ANOTHER = (events.ClockStopped, events.TextCut)


@pytest.mark.parametrize(
    "event",
    [each for each in EXAMPLES if not isinstance(each, GOES_WITH_ANOTHER)],
    ids=lambda event: type(event).__name__,
)
def test_the_description_of_an_event_begins_with_what_the_person_did(event: Event) -> None:
    verb = describe_event(entry(event)).split()[0].rstrip(":")
    irregular = {
        *("took", "undid", "gave", "spoke", "wrote", "put", "cut", "set", "sent", "was", "could"),
        "withheld",
    }
    assert verb.endswith("ed") or verb in irregular


def done(desk: FakeDesk, *happened: Event) -> str:
    view = desk.ticket(next(row.ref for row in desk.queue().rows if row.response.verdict is State.MET))
    since = view.timeline[-1].seq
    entries = (entry(each, since + place) for place, each in enumerate(happened, 1))
    view = replace(view, timeline=(*view.timeline, *entries))
    return describe_changes(view, since, "ann", briefly=True)


def test_several_events_are_one_sentence_and_the_stopped_clock_comes_last() -> None:
    stopped = events.ClockStopped(ClockKind.RESPONSE, Verdict(State.MET, NOW, 60, 3600, NOW))
    description = done(
        morning_desk(), events.Claimed("ann", "x"), events.Noted("a"), events.Replied("b"), stopped
    )
    actions, clock = description.split("; ")
    assert actions == "claimed it, wrote a note and replied to the customer"
    assert clock.startswith("responded in ")
    assert clock.endswith((" of 1 h", " of 3 h"))


def test_the_same_action_twice_is_described_once() -> None:
    assert done(morning_desk(), events.Noted("a"), events.Noted("b")) == "wrote a note"


def test_what_somebody_else_did_is_left_out() -> None:
    assert done(morning_desk()) == ""


@pytest.mark.parametrize(
    ("verdict", "elapsed", "text"),
    [
        (State.MET, 0, "responded with none of 24 h used"),
        (State.MISSED, 0, "responded with none of 24 h used, but breached earlier"),
        (State.MISSED, 3600, "responded in 1 h of 24 h, but breached earlier"),
    ],
)
def test_a_target_of_which_nothing_or_too_little_was_used_says_so(
    verdict: State, elapsed: int, text: str
) -> None:
    desk = morning_desk()
    view = desk.ticket(next(row.ref for row in desk.queue().rows if row.response.verdict is State.MET))
    clock = msgspec.structs.replace(
        view.row.response, verdict=verdict, elapsed_before_run=elapsed, allowed=86_400
    )
    stopped = entry(events.ClockStopped(ClockKind.RESPONSE, Verdict(verdict, NOW, elapsed, 86_400, NOW)))
    changed = replace(view, row=msgspec.structs.replace(view.row, response=clock), timeline=(stopped,))
    assert describe_changes(changed, 0, "ann") == text


def test_a_missed_clock_is_described_with_its_target() -> None:
    desk = morning_desk()
    view = desk.ticket(next(row.ref for row in desk.queue().rows if row.response.verdict is State.MET))
    missed = msgspec.structs.replace(
        view.row.response, verdict=State.MISSED, elapsed_before_run=4000, allowed=3600
    )
    stopped = entry(events.ClockStopped(ClockKind.RESPONSE, Verdict(State.MISSED, NOW, 4000, 3600, NOW)))
    late = replace(view, row=msgspec.structs.replace(view.row, response=missed), timeline=(stopped,))
    assert describe_changes(late, 0, "ann") == "responded in 1 h 6 min 40 s where the target was 1 h"
