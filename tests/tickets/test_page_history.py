"""Who was paged about a ticket, and who acknowledged."""

from datetime import UTC, datetime, timedelta

from supportdesk.tickets.events import Event, Noted, PageAcknowledged, Paged, PageShown, SendAttempted, Undone
from supportdesk.tickets.page_history import PageRecord, list_pages
from supportdesk.tickets.ticket import Page
from supportdesk.tickets.undo_state import PreviousValues

NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def pages_after(*events: tuple[Event, str]) -> list[PageRecord]:
    """Return the pages after these events, each a minute after the one before."""
    history = [(event, NIGHT + timedelta(minutes=minute), by) for minute, (event, by) in enumerate(events)]
    return list(list_pages(history, str.title))


def page(name: str, *, beside: bool = False, by: str = "desk") -> tuple[Event, str]:
    return Paged(name.lower(), name, "+44 7700 900104", "Critical logged", beside), by


def test_a_page_stays_open_until_somebody_acknowledges_it() -> None:
    (only,) = pages_after(page("Priya"))
    assert (only.name, only.at, only.by, only.is_last) == ("Priya", NIGHT, None, True)
    (only,) = pages_after(page("Priya"), (Noted("x"), "sam"), (PageAcknowledged(), "sam"))
    assert (only.by, only.acknowledged_at) == ("Sam", NIGHT + timedelta(minutes=2))


def test_an_acknowledgement_belongs_to_the_last_page_and_the_one_before_stays_open() -> None:
    first, second = pages_after(page("Priya"), page("Maya"), (PageAcknowledged(), "maya"))
    assert (first.by, first.is_last) == (None, False)
    assert (second.by, second.is_last) == ("Maya", True)


def test_an_acknowledgement_of_no_page_and_a_ticket_without_pages_show_nobody() -> None:
    assert pages_after((PageAcknowledged(), "priya"), (Noted("x"), "sam")) == []


def test_rule_17_a_page_beside_another_leaves_that_one_open_for_its_own_acknowledgement() -> None:
    both = (page("Priya"), page("Maya", beside=True, by="ann"))
    assert [each.is_open for each in pages_after(*both)] == [True, True]
    first, second = pages_after(*both, (PageAcknowledged("maya"), "maya"))
    assert (first.by, first.is_open, second.by) == (None, True, "Maya")
    first, second = pages_after(*both, (PageAcknowledged("priya", "Priya"), "sam"))
    assert (first.by, second.by, second.is_open) == ("Sam", None, True)
    opened_again = Undone("acknowledged Priya's page", PreviousValues(earlier_pages=(Page("priya", NIGHT),)))
    first, second = pages_after(*both, (PageAcknowledged("priya", "Priya"), "sam"), (opened_again, "sam"))
    assert (first.by, first.is_open, second.is_open) == (None, True, True)


def test_rule_17_a_page_that_somebody_passes_on_is_open_no_more() -> None:
    first, second = pages_after(page("Priya"), page("Maya", beside=True, by="priya"))
    assert (first.is_open, second.is_open) == (False, True)


def test_an_acknowledgement_that_does_not_say_to_whose_page_is_to_the_last_one() -> None:
    nobody = Paged(None, "", "", "nobody is on call"), "desk"
    first, second = pages_after(nobody, page("Priya"), (PageAcknowledged(), "priya"))
    assert (first.by, second.by) == (None, "Priya")


def test_an_acknowledgement_that_was_undone_is_none() -> None:
    undone = Undone("acknowledged the page", PreviousValues(page=Page("priya", NIGHT)))
    (only,) = pages_after(page("Priya"), (PageAcknowledged(), "sam"), (undone, "sam"))
    assert (only.by, only.acknowledged_at) == (None, None)
    (only,) = pages_after(
        page("Priya"), (PageAcknowledged(), "sam"), (Undone("note", PreviousValues()), "sam")
    )
    assert only.by == "Sam"


def test_rule_18_a_page_that_ended_because_its_person_has_left_is_not_acknowledged_by_anybody() -> None:
    ended = PageAcknowledged("priya", "Priya", left=True)
    assert ended.sentence() == "ended Priya's page, as they have left"
    (only,) = pages_after(page("Priya"), (ended, "ann"))
    assert (only.left, only.is_open) == (True, False)


def test_a_page_says_when_it_was_shown_in_a_console_and_the_next_one_has_not_been() -> None:
    first, second = pages_after(page("Priya"), (PageShown("priya"), "priya"), page("Priya"))
    assert (first.shown_at, first.by) == (NIGHT + timedelta(minutes=1), None)
    assert second.shown_at is None


def sent(delivery: str, outcome: str, *, kind: str = "page", retry: int | None = None) -> tuple[Event, str]:
    again = NIGHT + timedelta(minutes=retry) if retry else None
    return SendAttempted(delivery, kind, "priya", delivery, "+44", outcome, retry_at=again), "watcher"


def test_a_page_has_the_last_attempt_by_each_method() -> None:
    (only,) = pages_after(
        page("Priya"),
        sent("sms", "not delivered", retry=9),
        sent("call", "possibly delivered"),
        sent("mail", "delivered", kind="notice"),
        sent("sms", "delivered"),
    )
    minutes = [(each.method, each.outcome, each.at, each.retry_at) for each in only.attempts]
    assert minutes == [
        ("call", "possibly delivered", NIGHT + timedelta(minutes=2), None),
        ("sms", "delivered", NIGHT + timedelta(minutes=4), None),
    ]
