"""Sending again at once what did not arrive: when it is possible, what comes of it, and that the ledger explains it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.sla.clocks import epoch, instant
from supportdesk.tickets.actors import INTAKE, WATCHER
from supportdesk.tickets.outbox.entry import Fate, ListedDelivery
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.process.sending import RecordAttempt, RecordBounce
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.records.commands import EraseContact, SaveContact, SendNotice
from tests.store.desks import address_of, done, events, logged, refused, verified
from tests.store.mailing import JO, claim_mail, mailing_desk, report_mail
from tests.store.outboxes import SMS, critical, set_addresses
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

LATER = MONDAY_NINE + timedelta(minutes=2)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """A desk that mails its customers; at the end its ledger explains its outbox."""
    with mailing_desk(tmp_path, clock) as desk:
        set_addresses(desk, "dora", SMS)
        yield desk
        assert verified(desk).is_intact


def receipt(desk: Desk, outcome: str, detail: str = "", *, permanent: bool = False) -> ListedDelivery:
    """Log a ticket, report what became of its receipt, and return that as it is listed."""
    logged(desk)
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, outcome, detail, permanent=permanent)
    return listed(desk, mail.id)


def listed(desk: Desk, delivery: str) -> ListedDelivery:
    return next(each for each in desk.deliveries() if each.id == delivery)


def test_mail_that_failed_is_sent_again_at_once_and_its_alarm_ends(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "not delivered", "550 no", permanent=True)
    assert mail.ref is not None
    assert desk.ticket(mail.ref).ticket.undelivered == "Jo Park"
    clock.set(LATER)
    done(desk, RetryDelivery(mail.id))
    assert (listed(desk, mail.id).fate, desk.ticket(mail.ref).ticket.undelivered) == (Fate.WAITING, "")
    [again] = claim_mail(desk)
    assert (again.id, again.attempts) == (mail.id, 1)
    report_mail(desk, again.id, "delivered", "250 queued")
    assert listed(desk, mail.id).fate is Fate.SENT
    outcomes = [each.outcome for each in desk.delivery_attempts(mail)]
    assert outcomes == ["not delivered", "asked for again", "delivered"]
    assert "Ann asked for the receipt to be sent again" in " ".join(
        f"{each.name} {each.sentence}" for each in desk.ticket(mail.ref).timeline
    )


def test_a_retry_that_fails_as_well_raises_the_alarm_again(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "not delivered", "550 no", permanent=True)
    done(desk, RetryDelivery(mail.id))
    claim_mail(desk)
    report_mail(desk, mail.id, "not delivered", "550 still no", permanent=True)
    assert mail.ref is not None
    assert desk.ticket(mail.ref).ticket.undelivered == "Jo Park"
    assert events(desk, mail.ref).count("mail undelivered") == 2


def test_a_retry_of_what_only_waits_leaves_the_alarm_of_another_mail(desk: Desk, clock: FixedClock) -> None:
    waits = receipt(desk, "not delivered", "421 busy")
    assert waits.ref is not None
    done(desk, Reply(waits.ref, "Which file?"))
    [reply] = claim_mail(desk)
    report_mail(desk, reply.id, "not delivered", "550 no", permanent=True)
    done(desk, RetryDelivery(waits.id))
    assert desk.ticket(waits.ref).ticket.undelivered == "Jo Park"


def test_mail_that_comes_back_again_after_a_retry_is_withdrawn_again(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "delivered")
    for again in range(2):
        done(desk, RecordBounce(mail.id, "552 full"), by=INTAKE.key)
        sent = desk.find_sent_mail(mail.id)
        assert (listed(desk, mail.id).fate, sent is not None and sent.is_undelivered) == (Fate.BOUNCED, True)
        # All of it may be within one second, by clocks that differ.
        done(desk, RetryDelivery(mail.id))
        claim_mail(desk)
        report_mail(desk, mail.id, "delivered")
        sent = desk.find_sent_mail(mail.id)
        assert (listed(desk, mail.id).fate, sent is not None and sent.is_undelivered) == (Fate.SENT, False)
        assert "was delivered" in refused(desk, RetryDelivery(mail.id)), again


def test_what_waits_for_another_attempt_is_tried_before_its_time(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "not delivered", "421 busy")
    assert claim_mail(desk) == []
    done(desk, RetryDelivery(mail.id))
    assert [each.id for each in claim_mail(desk)] == [mail.id]


def test_mail_is_not_sent_again_to_an_address_that_its_contact_has_no_more(desk: Desk) -> None:
    mail = receipt(desk, "not delivered", "550 no", permanent=True)
    done(desk, SaveContact(replace(JO, email="jo.park@acme.example")))
    assert "it would go to jo@acme.example, and its contact has jo.park@acme.example now" in refused(
        desk, RetryDelivery(mail.id)
    )
    done(desk, SaveContact(replace(JO, email="")))
    assert "its contact has no email address any more" in refused(desk, RetryDelivery(mail.id))
    done(desk, SaveContact(replace(JO, email="Jo@ACME.example")))
    done(desk, RetryDelivery(mail.id))


def test_what_is_sent_again_is_tried_as_often_as_something_new(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "not delivered", "451 greylisted")
    assert len(fail_until_given_up(desk, clock, mail)) == 9
    done(desk, RetryDelivery(mail.id))
    # The same pauses as at first.
    assert fail_until_given_up(desk, clock, mail) == [60, 300, 900] + [3600] * 6 + [None]
    assert mail.ref is not None
    assert desk.ticket(mail.ref).ticket.undelivered == "Jo Park"


def test_a_notice_about_no_ticket_has_a_new_series_as_well(desk: Desk, clock: FixedClock) -> None:
    done(desk, SendNotice(("dora",), "notice", "the rota has a gap", "gap"), by=WATCHER.key)
    [notice] = desk.deliveries()
    assert len(fail_until_given_up(desk, clock, notice)) == 10
    done(desk, RetryDelivery(notice.id))
    assert len(fail_until_given_up(desk, clock, notice)) == 10


def fail_until_given_up(desk: Desk, clock: FixedClock, delivery: ListedDelivery) -> list[int | None]:
    """Let each attempt fail for now until there is none any more; return after how many seconds each was repeated."""
    pauses = list[int | None]()
    while (due := listed(desk, delivery.id).due_at) is not None:
        at = max(due, epoch(clock.now()))
        clock.set(instant(at))
        done(desk, RecordAttempt(delivery.id, "not delivered", "451 greylisted"), by=WATCHER.key)
        again = listed(desk, delivery.id).due_at
        pauses.append(again - at if again is not None else None)
    return pauses


def test_a_reply_that_came_back_and_is_accepted_now_is_the_response(desk: Desk, clock: FixedClock) -> None:
    ref = receipt(desk, "delivered").ref
    assert ref is not None
    done(desk, Reply(ref, "Which file?"))
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "delivered")
    done(desk, RecordBounce(mail.id, "552 full"), by=INTAKE.key)
    assert listed(desk, mail.id).fate is Fate.BOUNCED
    assert desk.ticket(ref).ticket.response_verdict is None
    clock.set(LATER)
    done(desk, RetryDelivery(mail.id))
    assert (listed(desk, mail.id).fate, desk.count_deliveries()) == (
        Fate.WAITING,
        {Fate.WAITING: 1, Fate.SENT: 1},
    )
    claim_mail(desk)
    clock.set(LATER + timedelta(seconds=2))
    report_mail(desk, mail.id, "delivered")
    assert listed(desk, mail.id).fate is Fate.SENT
    assert desk.ticket(ref).ticket.response_verdict is not None
    assert "was delivered" in refused(desk, RetryDelivery(mail.id))


def test_what_may_have_arrived_is_sent_again_only_if_that_is_confirmed(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "possibly delivered")
    assert "would come twice" in refused(desk, RetryDelivery(mail.id))
    done(desk, RetryDelivery(mail.id, even_if_arrived=True))
    assert [each.id for each in claim_mail(desk)] == [mail.id]


def test_what_somebody_is_sending_or_nobody_has_tried_is_left_to_them(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    [waits] = desk.deliveries()
    assert waits.ref == ref
    assert "not tried yet" in refused(desk, RetryDelivery(waits.id))
    [mail] = claim_mail(desk)
    assert "being sent at this moment" in refused(desk, RetryDelivery(mail.id))
    report_mail(desk, mail.id, "delivered")
    assert "was delivered" in refused(desk, RetryDelivery(mail.id))
    assert "there is no such message" in refused(desk, RetryDelivery("ab" * 16))


def test_a_page_that_was_acknowledged_is_not_sent_again(desk: Desk, clock: FixedClock) -> None:
    ref = critical(desk)
    [page] = [each.first for each in desk.claim_shipments("here", {"sms": (9, 9)})]
    done(desk, RecordAttempt(page.id, "not delivered", "no credit", permanent=True), by=WATCHER.key)
    clock.set(LATER)
    done(desk, RetryDelivery(page.id), by="sue")
    assert [each.first.id for each in desk.claim_shipments("here", {"sms": (9, 9)})] == [page.id]
    done(desk, RecordAttempt(page.id, "not delivered", "no credit", permanent=True), by=WATCHER.key)
    done(desk, Acknowledge(ref), by="dora")
    assert "it is not sent any more: the page was acknowledged" in refused(desk, RetryDelivery(page.id))


def test_a_notice_about_no_ticket_is_sent_again_too(desk: Desk, clock: FixedClock) -> None:
    done(desk, SendNotice(("dora",), "notice", "the rota has a gap", "gap"), by=WATCHER.key)
    [notice] = [each.first for each in desk.claim_shipments("here", {"sms": (9, 9)})]
    done(desk, RecordAttempt(notice.id, "not delivered", "no credit", permanent=True), by=WATCHER.key)
    clock.set(LATER)
    done(desk, RetryDelivery(notice.id))
    assert [each.first.id for each in desk.claim_shipments("here", {"sms": (9, 9)})] == [notice.id]


def test_nothing_is_sent_to_a_contact_who_was_erased(desk: Desk, clock: FixedClock) -> None:
    mail = receipt(desk, "not delivered", "550 no", permanent=True)
    assert desk.caller(mail.person) is not None
    done(desk, EraseContact(mail.person), by="sue")
    assert "erased" in refused(desk, RetryDelivery(mail.id))


def test_a_mail_that_several_ask_for_while_watchers_claim_goes_out_once(
    desk: Desk, clock: FixedClock
) -> None:
    for _ in range(3):
        mail = receipt(desk, "not delivered", "550 no", permanent=True)
        assert send_at_once(desk, mail.id) == [mail.id]
        assert listed(desk, mail.id).fate is Fate.SENT


def send_at_once(desk: Desk, mail: str) -> list[str]:
    """Let two consoles retry a mail while two watchers send what they can claim; return what they sent."""
    begin, settled, sent = Barrier(4), Event(), list[str]()

    def retry(own: Desk) -> None:
        begin.wait()
        for _ in range(2):
            outcome = own.do(RetryDelivery(mail), by="ann")
            assert (
                isinstance(outcome, Applied) or "sent at this moment" in outcome.why or "was" in outcome.why
            )

    def watch(own: Desk, holder: str) -> None:
        begin.wait()
        is_last = False
        while not is_last:
            is_last = settled.is_set()
            for each in claim_mail(own, holder):
                sent.append(each.id)
                report_mail(own, each.id, "delivered")

    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        own = [stack.enter_context(closing(Desk.open(address_of(desk), FixedClock(LATER)))) for _ in range(4)]
        watching = [pool.submit(watch, each, f"w{place}") for place, each in enumerate(own[:2])]
        for each in [pool.submit(retry, each) for each in own[2:]]:
            each.result()
        settled.set()
        for each in watching:
            each.result()
    return sent
