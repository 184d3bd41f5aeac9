"""What is listed of the outbox: all that waits and what went out lately, by what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.outbox_lists import LISTED_FOR
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.outbox.entry import Fate
from supportdesk.tickets.process.sending import RecordBounce
from tests.store.desks import address_of, done, logged
from tests.store.mailing import claim_mail, mailing_desk, report_mail
from tests.store.query_plan import list_table_scans, noted_statements
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

EACH_ONCE = {Fate.WAITING: 1, Fate.SENT: 1, Fate.UNCONFIRMED: 1, Fate.UNDELIVERED: 1, Fate.BOUNCED: 1}


def mailed(desk: Desk, outcome: str, detail: str = "", *, permanent: bool = False) -> str:
    """Log a ticket, and report what became of its receipt."""
    logged(desk)
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, outcome, detail, permanent=permanent)
    return mail.id


def send_all(desk: Desk) -> str:
    """Have each thing become of one mail; return the one that bounced."""
    for outcome in ("delivered", "possibly delivered"):
        mailed(desk, outcome)
    mailed(desk, "not delivered", "550 no", permanent=True)
    bounced = mailed(desk, "delivered", "250 queued")
    done(desk, RecordBounce(bounced, "550 no such mailbox"), by=INTAKE.key)
    mailed(desk, "not delivered", "421 busy")
    return bounced


def test_each_delivery_is_counted_and_listed_once_by_what_became_of_it(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        assert desk.count_deliveries() == {}
        assert desk.deliveries() == []
        bounced = send_all(desk)
        assert desk.count_deliveries() == EACH_ONCE
        assert {fate: len(desk.deliveries(fate=fate)) for fate in EACH_ONCE} == EACH_ONCE
        [back] = desk.deliveries(fate=Fate.BOUNCED)
        assert (back.id, back.bounce) == (bounced, "550 no such mailbox")
        history = [(each.outcome, each.detail) for each in desk.delivery_attempts(back)]
        assert history == [("delivered", "250 queued"), ("came back", "550 no such mailbox")]
        [waits] = desk.deliveries(fate=Fate.WAITING)
        [attempt] = desk.delivery_attempts(waits)
        assert attempt.retry_at == waits.due_at is not None


def test_pages_follow_each_other_without_gap_or_repetition(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        send_all(desk)
        everything, last = [], None
        while page := desk.deliveries(before=last, limit=2):
            everything += page
            last = page[-1]
        assert everything == desk.deliveries()
        assert len(everything) == 5


READ: dict[str, Callable[[Desk], object]] = {
    "count": lambda desk: desk.count_deliveries(),
    "all": lambda desk: desk.deliveries(),
    **{str(fate): partial(lambda desk, fate: desk.deliveries(fate=fate), fate=fate) for fate in Fate},
    "what waits or failed": lambda desk: desk.outbox(),
}


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_nothing_that_is_listed_is_looked_for_among_all_that_ever_went_out(
    tmp_path: Path, read: Callable[[Desk], object]
) -> None:
    with mailing_desk(tmp_path) as desk:
        send_all(desk)
        with noted_statements("FROM deliveries", "FROM messages") as seen:
            read(desk)
        assert seen
        scans = [step for each in seen for step in list_table_scans(address_of(desk), *each)]
        assert not [step for step in scans if "ix_deliveries_waiting" not in step]


def test_what_waits_since_longer_follows_what_is_recent_without_gap_or_repetition(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with mailing_desk(tmp_path, clock) as desk:
        mailed(desk, "not delivered", "421 busy")
        mailed(desk, "not delivered", "421 busy")
        clock.set(MONDAY_NINE + timedelta(seconds=LISTED_FOR + 1))
        recent = {logged(desk), logged(desk)}
        everything, last = [], None
        while page := desk.deliveries(before=last, limit=3):
            everything += page
            last = page[-1]
        assert everything == desk.deliveries()
        assert {each.ref for each in everything[:2]} == recent
        assert len({each.ref for each in everything}) == 4
        assert desk.count_deliveries() == {Fate.WAITING: 4}


def test_what_went_out_long_ago_is_left_out_and_what_waits_is_not(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with mailing_desk(tmp_path, clock) as desk:
        send_all(desk)
        clock.set(MONDAY_NINE + timedelta(seconds=LISTED_FOR + 1))
        assert desk.count_deliveries() == {Fate.WAITING: 1}
        assert [each.fate for each in desk.deliveries()] == [Fate.WAITING]
