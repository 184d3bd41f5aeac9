"""Mail to customers: what is planned with which event, what its acceptance does, and what is found of it later."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import State, epoch
from supportdesk.sla.mail_kind import MailKind
from supportdesk.store import tables
from supportdesk.store.outbox_wanted import make_cancelled
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Release
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.entry import Fate
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note, Reply, SendArticle
from supportdesk.tickets.process.importing import ImportRequest
from supportdesk.tickets.process.resolution import PromiseFix, Resolve, Resume, Wait
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import EraseContact, SaveContact, SaveOrganisation, SaveRelease
from tests.store.desks import database_of, done, events, furnished_desk, logged, refused, verified
from tests.store.exchanged import compare_round_trip
from tests.store.mailing import (
    JO,
    accept_all,
    claim_mail,
    mailing_desk,
    mails,
    report_mail,
    sentences,
)
from tests.store.outboxes import at
from tests.tickets.scenario import MONDAY_NINE, RECORDS


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with mailing_desk(tmp_path, clock) as opened:
        yield opened


def test_everything_that_the_policy_promises_is_mailed_with_the_event_that_causes_it(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Claim(ref))
    done(desk, Note(ref, "seen"))
    done(desk, Reply(ref, "Which file is it?"))
    done(desk, Wait(ref, "customer", "the file"))
    done(desk, Resume(ref))
    done(desk, Wait(ref, "third party", "the bank"))
    done(desk, PromiseFix(ref, "2026.12"))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 16))), by="sue")
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 16), MONDAY_NINE)), by="sue")
    done(desk, Resolve(ref, "It works again."))
    done(desk, Close(ref, "confirmed"))
    kinds = ["receipt", "reply", "waiting", "fix", "fix", "released", "resolved", "closed"]
    assert sorted(mails(desk)) == sorted((kind, "Jo Park", JO.email) for kind in kinds)
    assert verified(desk).is_intact
    accept_all(desk)
    assert mails(desk) == []
    assert verified(desk).is_intact


def test_nothing_is_mailed_that_the_policy_does_not_promise(tmp_path: Path) -> None:
    with mailing_desk(tmp_path, None, MailKind.RECEIPT) as desk:
        ref = logged(desk)
        done(desk, Reply(ref, "Hello"))
        assert [kind for kind, *_ in mails(desk)] == ["receipt"]
        assert desk.ticket(ref).row.response.verdict is State.MET
        assert "mail planned" not in events(desk, ref)[-3:]


def test_a_desk_whose_policy_promises_no_mail_is_as_it_was(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        done(desk, Reply(ref, "Hello"))
        assert events(desk, ref) == ["logged", "acknowledged", "claimed", "replied", "clock stopped"]
        assert desk.outbox() == []


def test_nobody_is_mailed_without_an_address_or_because_of_another_systems_history(desk: Desk) -> None:
    logged(desk, contact="kim")
    earlier = MONDAY_NINE - timedelta(days=3)
    imported = ImportRequest(
        source="x:1", at=earlier, received_at=earlier, severity="high", channel="phone", organisation="acme",
        contact="jo", team="user-support", summary="An older one",
    )  # fmt: skip
    done(desk, imported, by="sue")
    assert mails(desk) == []


@pytest.mark.parametrize("command", [Reply, SendArticle])
def test_a_message_that_would_have_to_be_mailed_to_nowhere_is_refused(
    desk: Desk, command: type[Command]
) -> None:
    ref = logged(desk, contact="kim")
    what = Reply(ref, "Hello") if command is Reply else SendArticle(ref, "KB-1")
    assert "Kim Lo has no email address" in refused(desk, what)
    done(desk, replace_way(what, "telephone"))
    assert desk.ticket(ref).row.response.verdict is State.MET


def replace_way(command: Reply | SendArticle, by: str) -> Command:
    return dataclasses.replace(command, by=by)


def test_a_contact_who_is_added_with_their_request_gets_its_receipt(desk: Desk) -> None:
    done(
        desk,
        Log(
            "high", "phone", "acme", "Sam New", "It stops", new_contact=True, contact_email="sam@acme.example"
        ),
    )
    assert mails(desk) == [("receipt", "Sam New", "sam@acme.example")]


def test_a_reply_by_mail_is_the_response_when_the_server_accepts_it(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    accept_all(desk)
    clock.set(at(300))
    done(desk, Reply(ref, "Hello"))
    assert desk.ticket(ref).row.response.verdict is None
    clock.set(at(720))
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "not delivered", "451 later")
    assert desk.ticket(ref).row.response.verdict is None
    clock.set(at(840))
    [again] = claim_mail(desk)
    assert again.id == mail.id
    report_mail(desk, mail.id, "delivered", "250 queued")
    clock_now = desk.ticket(ref).row.response
    assert (clock_now.verdict, clock_now.elapsed_before_run) == (State.MET, 14 * 60)
    assert sentences(desk, ref)[-2:] == [
        "mail to the customer not delivered: to jo@acme.example: 451 later; it is tried again",
        "mail to the customer delivered: to jo@acme.example, attempt 2: 250 queued",
    ]
    assert verified(desk).is_intact


def test_a_reply_by_mail_of_another_team_is_no_response(desk: Desk) -> None:
    ref = logged(desk, severity="critical", channel="hotline")
    done(desk, Reply(ref, "We are looking at it"), by="ann")
    accept_all(desk)
    assert desk.ticket(ref).row.response.verdict is None


def test_a_receipt_is_no_response(desk: Desk) -> None:
    ref = logged(desk)
    accept_all(desk)
    assert desk.ticket(ref).row.response.verdict is None


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("not delivered", "mail to Jo Park could not be delivered: the reply: 550 no such user"),
        ("possibly delivered", "mail to Jo Park may not have been delivered: the reply: 550 no such user"),
    ],
)
def test_mail_that_is_never_accepted_is_no_response_and_raises_an_alarm(
    desk: Desk, outcome: str, said: str
) -> None:
    ref = logged(desk)
    accept_all(desk)
    done(desk, Reply(ref, "Hello"))
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, outcome, "550 no such user", permanent=True)
    view = desk.ticket(ref)
    assert view.row.response.verdict is None
    assert view.ticket.undelivered == "Jo Park"
    assert sentences(desk, ref)[-1] == said
    done(desk, Reply(ref, "Hello", "telephone"))
    assert desk.ticket(ref).ticket.undelivered == ""
    assert desk.ticket(ref).row.response.verdict is State.MET
    assert verified(desk).is_intact


def test_what_the_customer_is_mailed_of_cannot_be_undone(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Reply(ref, "Which file?"))
    done(desk, Wait(ref, "customer", "the file"))
    assert "the customer is told of it by mail" in refused(desk, Undo(ref))


def test_mail_is_found_by_its_message_id_whatever_became_of_it(desk: Desk) -> None:
    ref = logged(desk)
    [mail] = claim_mail(desk)
    for text in (mail.id, f"<{mail.id}@desk.example>", f" {mail.id}@another.example "):
        found = desk.find_sent_mail(text)
        assert found is not None
        assert (found.id, found.ref, found.kind, found.contact) == (mail.id, ref, "receipt", "jo")
    report_mail(desk, mail.id, "delivered")
    after = desk.find_sent_mail(mail.id)
    assert after is not None
    assert after.state == "delivered"
    for text in ("", "<>", "<x@y>", "%", mail.message):
        assert desk.find_sent_mail(text) is None


def test_a_page_is_not_found_as_mail(desk: Desk) -> None:
    logged(desk, severity="critical", channel="hotline")
    pages = [each.id for each in desk.outbox() if each.kind == "page"]
    assert [each for each in map(desk.find_sent_mail, pages) if each] == []


def test_mail_to_one_address_goes_one_by_one_in_the_order_of_its_planning_however_late(
    desk: Desk, clock: FixedClock
) -> None:
    refs = [logged(desk) for _ in range(6)]
    clock.set(at(4 * 24 * 3_600))
    sent = []
    while claimed := claim_mail(desk):
        [mail] = claimed
        assert claim_mail(desk, "another") == []
        report_mail(desk, mail.id, "delivered")
        sent.append(mail.ref)
    assert sent == refs
    assert verified(desk).is_intact


def test_mail_that_hangs_delays_none_to_another_address(desk: Desk) -> None:
    done(desk, SaveContact(replace(RECORDS.contacts["kim"], email="kim@acme.example")))
    for contact in ("jo", "jo", "kim"):
        logged(desk, contact=contact)
    assert [each.target for each in claim_mail(desk)] == ["jo@acme.example", "kim@acme.example"]
    assert claim_mail(desk) == []


def test_mail_names_nobody_after_their_erasure(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "not delivered", "550 jo@acme.example: no such user", permanent=True)
    logged(desk)
    accept_all(desk)
    logged(desk)
    done(desk, EraseContact("jo"), by="sue")
    assert verified(desk).is_intact
    shown = repr(desk.ticket(ref)) + repr(desk.outbox())
    assert "jo@acme" not in shown
    assert "Jo Park" not in shown
    found = desk.find_sent_mail(mail.id)
    assert found is not None
    assert found.contact == "erased-1"


def test_mail_that_waits_for_a_contact_is_cancelled_by_their_erasure_without_an_alarm(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    ref = logged(desk)
    [receipt] = claim_mail(desk)
    report_mail(desk, receipt.id, "not delivered", "451 jo@acme.example: later")
    done(desk, Reply(ref, "Hello"))
    done(desk, EraseContact("jo"), by="sue")
    cancelled = [(each.fate, each.detail) for each in desk.deliveries()]
    assert cancelled == [(Fate.CANCELLED, "its contact was erased")] * 2
    assert desk.outbox() == []
    clock.set(at(24 * 3_600))
    assert claim_mail(desk) == []
    assert desk.ticket(ref).ticket.undelivered == ""
    assert "it is not sent any more: its contact was erased" in refused(desk, RetryDelivery(receipt.id))
    compare_round_trip(database_of(desk), tmp_path)


@pytest.mark.parametrize("outcome", ["delivered", "not delivered", "possibly delivered"])
def test_mail_that_is_under_way_when_its_contact_is_erased_names_nobody_and_raises_no_alarm(
    desk: Desk, outcome: str
) -> None:
    ref = logged(desk)
    accept_all(desk)
    done(desk, Reply(ref, "Hello"))
    [mail] = claim_mail(desk)
    done(desk, EraseContact("jo"), by="sue")
    assert not desk.is_wanted(mail.id)
    report_mail(desk, mail.id, outcome, "said of jo@acme.example")
    view = desk.ticket(ref)
    assert view.ticket.undelivered == ""
    assert "jo@acme" not in repr(view) + repr(desk.deliveries())
    assert (view.row.response.verdict is State.MET) is (outcome == "delivered")
    assert claim_mail(desk) == []
    assert verified(desk).is_intact


@pytest.mark.parametrize(
    "values",
    [
        {"state": "waiting", "due_at": epoch(MONDAY_NINE), "detail": ""},
        {"state": "failed"},
        {"detail": "too old to help"},
        {"claimed_by": "eve", "claimed_until": epoch(MONDAY_NINE)},
    ],
)
def test_only_that_it_was_cancelled_is_right_of_mail_that_waited_for_an_erased_contact(
    desk: Desk, values: dict[str, object]
) -> None:
    logged(desk)
    done(desk, EraseContact("jo"), by="sue")
    assert verified(desk).is_intact
    changed = tables.deliveries.update().where(tables.deliveries.c.method == CUSTOMER_MAIL)
    database_of(desk).write(lambda connection: connection.execute(changed.values(values)))
    assert any(name in str(each) for name in values for each in verified(desk).findings)


def test_mail_to_nobody_who_was_erased_may_not_be_cancelled(desk: Desk) -> None:
    done(desk, SaveContact(replace(RECORDS.contacts["kim"], email="kim@acme.example")))
    logged(desk)
    logged(desk, contact="kim")
    done(desk, EraseContact("jo"), by="sue")
    assert [each.target for each in claim_mail(desk)] == ["kim@acme.example"]
    changed = tables.deliveries.update().where(tables.deliveries.c.target == "kim@acme.example")
    database_of(desk).write(
        lambda connection: connection.execute(changed.values(make_cancelled("its contact was erased")))
    )
    assert any("state" in str(each) for each in verified(desk).findings)


def test_contacts_and_customers_get_only_the_mail_that_they_want(desk: Desk) -> None:
    done(desk, SaveContact(replace(JO, unwanted_mails=(MailKind.RECEIPT, MailKind.CLOSED))))
    ref = logged(desk)
    assert mails(desk) == []
    done(desk, Reply(ref, "Hello"))
    assert [kind for kind, *_ in mails(desk)] == ["reply"]
    acme = desk.ticket(ref).organisation
    done(desk, SaveOrganisation(replace(acme, unwanted_mails=tuple(MailKind))))
    refusal = refused(desk, Reply(ref, "Hello"))
    assert "Jo Park wants no mail of the kind reply" in refusal
    assert "give them an email address" not in refusal, "they have one"
    done(desk, SaveContact(JO))
    logged(desk)
    assert [kind for kind, *_ in mails(desk)] == ["reply"]
    assert verified(desk).is_intact


def test_a_desk_that_mails_its_customers_is_the_same_after_an_export_and_an_import(
    desk: Desk, tmp_path: Path
) -> None:
    ref = logged(desk)
    done(desk, Reply(ref, "Hello"))
    [receipt] = claim_mail(desk)
    report_mail(desk, receipt.id, "delivered")
    [reply] = claim_mail(desk)
    report_mail(desk, reply.id, "not delivered", "550 no such user", permanent=True)
    logged(desk)
    compare_round_trip(database_of(desk), tmp_path)


@pytest.mark.parametrize(("column", "value"), [("target", "eve@evil.example"), ("state", "cancelled")])
def test_a_changed_row_of_a_mail_is_found(desk: Desk, column: str, value: str) -> None:
    logged(desk)
    changed = tables.deliveries.update().where(tables.deliveries.c.method == CUSTOMER_MAIL)
    database_of(desk).write(lambda connection: connection.execute(changed.values({column: value})))
    assert any(column in str(each) for each in verified(desk).findings)
