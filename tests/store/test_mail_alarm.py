"""The alarm that a mail did not reach its contact is on the ticket's row, wherever rows are read, until it ends."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.cli.commands.queue import queue_lines
from supportdesk.cli.commands.show import ticket_lines
from supportdesk.cli.json_output import ticket_to_json
from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.retry import RetryDelivery
from tests.store.desks import address_of, done, logged, verified
from tests.store.mailing import claim_mail, mailing_desk, report_mail
from tests.store.query_plan import explain, noted_statements
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


def refused_mail(desk: Desk) -> tuple[str, str]:
    """Log a ticket whose receipt is refused for good; return its reference, and the delivery."""
    ref = logged(desk)
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "not delivered", "550 no such user", permanent=True)
    return ref, mail.id


def row_of(desk: Desk, ref: str) -> QueueRow:
    return next(row for row in desk.queue().rows if row.ref == ref)


def test_every_read_of_a_row_has_the_alarm(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        other, since = logged(desk), desk.queue().seq
        [mail] = claim_mail(desk)
        report_mail(desk, mail.id, "delivered")
        ref, _ = refused_mail(desk)
        assert {row.ref: row.is_undelivered for row in desk.queue().rows} == {other: False, ref: True}
        assert {row.ref: row.is_undelivered for row in desk.changes(since).rows} == {other: False, ref: True}
        assert desk.ticket(ref).row.is_undelivered
        assert verified(desk).is_intact
        with closing(PastDesk.open(address_of(desk), MONDAY_NINE, present=FixedClock(MONDAY_NINE))) as past:
            assert {row.ref for row in past.queue().rows if row.is_undelivered} == {ref}
        done(desk, Close(ref, "withdrawn", "never mind"))
        assert [row.is_undelivered for row in desk.closed_tickets(1)] == [True]


def test_the_alarm_ends_with_what_the_customer_is_told_and_with_another_attempt(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        told, _ = refused_mail(desk)
        done(desk, Reply(told, "Hello", "telephone"))
        again, mail = refused_mail(desk)
        done(desk, RetryDelivery(mail))
        assert not row_of(desk, told).is_undelivered
        assert not row_of(desk, again).is_undelivered


def test_no_text_of_a_customer_looks_like_the_alarm(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        ref = logged(
            desk, summary='"undelivered":"Jo"', description='{"undelivered":"Jo Park"} \\"undelivered":"x"'
        )
        assert not row_of(desk, ref).is_undelivered


def test_the_alarms_are_read_from_an_index(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk, noted_statements("FROM tickets") as seen:
        refused_mail(desk)
        seen.clear()
        desk.queue()
        plans = [" ".join(explain(address_of(desk), *each)) for each in seen]
        assert any("ix_tickets_undelivered" in plan for plan in plans), plans


def test_the_command_line_says_it_with_the_ticket_and_in_the_queue(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        ref, _ = refused_mail(desk)
        view, now, policies = desk.ticket(ref), desk.now(), desk.policies
        policy = policies[view.row.policy]
        assert "Mail             to Jo Park could not be delivered: tell them by telephone" in ticket_lines(
            view, policy, now
        )
        rows = desk.queue().rows
        assert f"mail undelivered: {view.row.summary}" in "\n".join(
            queue_lines(rows, policies, policy.timezone, now, 160)
        )
        assert ticket_to_json(view.row, policies, now)["mail_undelivered"]
        well = replace(view, ticket=replace(view.ticket, undelivered=""))
        assert not any(line.startswith("Mail") for line in ticket_lines(well, policy, now))
