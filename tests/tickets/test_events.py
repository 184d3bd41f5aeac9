"""Events are written once and read back for ever."""

from datetime import UTC, date, datetime
from typing import get_args

import msgspec
import pytest

from supportdesk.sla.clocks import Basis, ClockKind, State, Verdict
from supportdesk.tickets import events
from supportdesk.tickets.events import Event, TicketEvent
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.ticket import Stage, WaitPeriod
from supportdesk.tickets.undo_state import PreviousValues
from tests.tickets.scenario import logged

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VERDICT = Verdict(State.MET, AT, 60, 3600, AT)
EXAMPLES: list[TicketEvent] = [
    events.Logged(
        "1",
        AT,
        "phone",
        "high",
        "It stops",
        "At 40 %",
        "acme",
        "jo",
        "user-support",
        ("why",),
        "x:1",
        "they are shut",
    ),
    events.Acknowledged(),
    events.Paged("ann", "Ann", "+44 20 7946 0018", "Critical logged"),
    events.PageAcknowledged("priya", "Priya Nair"),
    events.PageUnsent("ann", "sms: refused"),
    events.SendAttempted(
        "0f" * 16, "page", "ann", "sms", "+44 7700 900123", "not delivered", "refused", 2, AT, bundled=True
    ),
    events.RetryRequested("0f" * 16, "page", "sms", "ann", unsure=True),
    events.MailPlanned("reply", "jo", "Jo Park", "jo@acme.example", "user-support"),
    events.MailUndelivered(
        "0f" * 16, "reply", "jo", "Jo Park", "550 no such user", bounced=True, withdraws=True
    ),
    events.MailWithheld("receipt", "jo", "Jo Park", "they had many"),
    events.PageShown("priya"),
    events.AcknowledgementExtended("waiting for the supplier"),
    events.StepTaken(
        *(
            "response",
            4,
            "response-head",
            "fired",
            AT,
            "notify",
            "90 % of the response target",
            ("ann", "hal"),
        ),
        late=True,
    ),
    events.Assigned("user-support", "ann", "please"),
    events.Claimed("ann", "user-support"),
    events.HandedOver("user-support", "sam", "Sam", "ring the bank at 9"),
    events.HandedBack("off sick"),
    events.Replied("Hello", "telephone"),
    events.Called("jo", "Jo Park", "again", stands=True),
    events.CustomerWrote("jo", "Jo Park", "again", "portal", "7f3a", "ann"),
    events.Noted("a note"),
    events.WaitBegan("customer", "the version", AT.date()),
    events.WaitEnded("it came"),
    events.HoldDayChanged(AT.date(), "they are away"),
    events.SeverityChanged("high", "critical", "impact changed", "all stop", Basis("critical", AT), None),
    events.WorkaroundProposed("Use the list"),
    events.FixPromised("2026.12", date(2026, 12, 9)),
    events.FixDateMoved("2026.12", date(2026, 12, 9), date(2026, 12, 16), AT),
    events.FixShipped("2026.12"),
    events.ArticleLinked("KB-1", "Printing"),
    events.AccountManagerContacted("Max", "in spring"),
    events.Escalated("hierarchical", "Director", "help", rung=3, person="Dora"),
    events.ClockStopped(ClockKind.RESPONSE, VERDICT),
    events.ResponseConfirmed(VERDICT),
    events.Resolved("restored", "Restarted"),
    events.Reopened("again"),
    events.Closed("confirmed", "thanks"),
    events.Linked("related", "CD-0001-2"),
    events.DueMoved(ClockKind.RESOLUTION, AT, None, "bank holiday"),
    events.PolicyMoved("1", "2"),
    events.TextCut("description", 30_000, 20_000, "ab12"),
    events.Undone(
        "claimed it", PreviousValues(stage=Stage.ASSIGNMENT, owner=None, waits=(WaitPeriod("customer", AT),))
    ),
    events.TimeCorrected(
        AT, AT, "the battery", events.CorrectedTimes(waits=(WaitPeriod("customer", AT),), resolved_at=None)
    ),
]


def test_there_is_an_example_of_every_event() -> None:
    assert [type(each) for each in EXAMPLES] == list(get_args(TicketEvent))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_read_back_is_the_event_that_was_written(event: TicketEvent) -> None:
    written = msgspec.json.encode(event)
    assert msgspec.json.decode(written, type=TicketEvent) == event


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_describes_itself_in_one_sentence(event: TicketEvent) -> None:
    assert event.sentence().strip()
    assert "None" not in event.sentence()


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_the_personal_fields_of_an_event_are_fields_of_it(event: Event) -> None:
    assert set(event.personal) <= set(event.__struct_fields__)


@pytest.mark.parametrize("event", EXAMPLES[1:], ids=lambda event: type(event).__name__)
def test_an_event_raises_the_tickets_version_and_dates_its_last_change(event: TicketEvent) -> None:
    scenario = logged()
    scenario.apply(events.WaitBegan("third party"), events.Resolved("restored", ""), by="ann")
    before = scenario.now
    after = evolve(before, event, ref=before.ref, at=AT, actor="ann")
    assert (after.version, after.changed_at) == (before.version + 1, AT)


def test_a_history_begins_with_its_logging_and_has_only_one() -> None:
    with pytest.raises(ValueError, match="begins with Noted"):
        evolve(None, events.Noted("x"), ref="CD-0000-0", at=AT, actor="ann")
    with pytest.raises(ValueError, match="logged twice"):
        evolve(logged().now, EXAMPLES[0], ref="CD-0000-0", at=AT, actor="ann")


class Capitals:
    """Names everything in capitals."""

    def name(self, username: str | None) -> str:
        return (username or "").upper()

    def policy_name(self, kind: str, key: str) -> str:
        return f"{kind} {key.upper()}"

    def local_time(self, at: datetime) -> str:
        return f"{at:%H:%M} HERE"


def test_with_names_no_key_is_left_in_a_sentence() -> None:
    names = Capitals()
    assert events.Assigned("users", "ann").sentence(names) == "assigned it to ANN (teams USERS)"
    assert events.SeverityChanged("high", "low", "wrong at triage", "one user").sentence(names) == (
        "severity changed from severities HIGH to severities LOW (it was wrong at triage): one user"
    )
    assert events.FixShipped("8.2", AT).sentence(names) == "the fix shipped in 8.2 on 09:00 HERE"
    taken = events.StepTaken(
        "response", 4, "x", "fired", AT, "notify", "90 % of it", ("ann", "hal"), late=True
    )
    assert taken.sentence(names) == "notified ANN, HAL: 90 % of it; late, it was due on 09:00 HERE"
    skipped = events.StepTaken("response", 4, "x", "skipped", AT, "page", "90 % of it", reason="nobody is it")
    assert skipped.sentence(names) == "skipped a step: 90 % of it: nobody is it"
    tried = events.SendAttempted(
        "0f", "page", "ann", "sms", "+44 7700 900123", "not delivered", "refused", 2, AT, bundled=True
    )
    assert tried.sentence(names) == (
        "sms to ANN not delivered: page to +44 7700 900123, attempt 2, with other messages: refused; it is tried again"
    )
    again = events.RetryRequested("0f", "page", "sms", "ann", unsure=True)
    assert again.sentence(names) == (
        "asked for the page to ANN to be sent again by sms, although it may have arrived"
    )
    mailed = events.RetryRequested("0f", "mail", "customer mail", mail="receipt")
    assert mailed.sentence(names) == "asked for the receipt to be sent again by customer mail"
    unsent = events.PageUnsent("ann", "sms: refused")
    assert unsent.sentence(names) == "could not send ANN's page by any method: sms: refused"
    moved = events.DueMoved(ClockKind.RESPONSE, AT, None, "a holiday")
    assert moved.sentence(names) == "response due time moved from 09:00 HERE to none: a holiday"
