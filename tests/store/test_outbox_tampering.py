"""Whatever is changed in the outbox or among the links with a database tool is found, and said."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.store.database import open_database
from supportdesk.store.verification.verify import Verification, verify
from tests.store.database_tool import database_tool
from tests.store.paged_desk import DELIVERED, NOTIFIED, UNDONE, UNSENT, paged_desk

OF_TICKET = "(SELECT id FROM messages WHERE ref = '{}')"
DELIVERIES = f"message IN {OF_TICKET}"
COPY = "INSERT INTO messages SELECT 'x', seq, {}, person, kind, urgent, text, at, NULL FROM messages"
COPY_DELIVERY = (
    "INSERT INTO deliveries SELECT 'x', message, 3, method, target, urgent, state, due_at, held, 0, NULL, (1 = 0), '',"
    " NULL, NULL FROM deliveries"
)

MESSAGES = [
    (f"DELETE FROM messages WHERE ref = '{NOTIFIED}'", f"messages {NOTIFIED} "),
    ("DELETE FROM messages WHERE text = 'about third'", "it is missing"),
    (
        f"{COPY.format('ref')} WHERE ref = '{UNSENT}'",
        f"messages {UNSENT} x: no event in the ledger explains it",
    ),
    (f"{COPY.format('ref')} WHERE ref IS NULL LIMIT 1", "messages x: no event in the ledger explains it"),
    (COPY.format("'CD-4C09-7'") + " LIMIT 1", "messages CD-4C09-7 x: no event in the ledger explains it"),
    (f"UPDATE messages SET ref = '{UNSENT}' WHERE ref = '{NOTIFIED}'", f"messages {UNSENT} "),
    (f"UPDATE messages SET ref = NULL WHERE ref = '{NOTIFIED}'", "no event in the ledger explains it"),
    (f"UPDATE messages SET person = 'ann' WHERE ref = '{DELIVERED}'", "differs from the ledger: person"),
    (f"UPDATE messages SET urgent = (1 = 0) WHERE ref = '{DELIVERED}'", "differs from the ledger: urgent"),
    (
        "UPDATE messages SET text = 'about nothing' WHERE text = 'about third'",
        "differs from the ledger: text",
    ),
    ("UPDATE messages SET kind = 'notice' WHERE kind = 'test'", "differs from the ledger: kind"),
    ("UPDATE messages SET seq = seq + 1", "differs from the ledger: seq"),
    (
        f"UPDATE messages SET hand_off_due = NULL WHERE ref = '{UNDONE}'",
        "differs from the ledger: hand_off_due",
    ),
    (f"UPDATE messages SET hand_off_due = 0 WHERE ref = '{UNDONE}'", "differs from the ledger: hand_off_due"),
    (
        f"UPDATE messages SET hand_off_due = at + 60 WHERE ref = '{DELIVERED}'",
        "differs from the ledger: hand_off_due",
    ),
    (
        f"UPDATE messages SET hand_off_due = at + 60 WHERE ref = '{UNSENT}'",
        "differs from the ledger: hand_off_due",
    ),
]
DELIVERY_ROWS = [
    (f"DELETE FROM deliveries WHERE place = 2 AND {DELIVERIES.format(UNSENT)}", f"deliveries {UNSENT} "),
    ("DELETE FROM deliveries WHERE held = 'limit'", "it is missing"),
    (f"{COPY_DELIVERY} WHERE held = 'limit'", "deliveries x: no event in the ledger explains it"),
    ("UPDATE deliveries SET message = 'x' WHERE held = 'limit'", "no message explains it"),
    (
        "UPDATE deliveries SET target = '+44 7700 900999' WHERE method = 'sms'",
        "differs from the ledger: target",
    ),
    ("UPDATE deliveries SET method = 'mail' WHERE method = 'sms'", "differs from the ledger: method"),
    ("UPDATE deliveries SET place = 7", "differs from the ledger: place"),
    ("UPDATE deliveries SET detail = X'00' WHERE method = 'sms'", "differs from the ledger: detail"),
    (f"UPDATE deliveries SET attempts = 3 WHERE {DELIVERIES.format(DELIVERED)}", "from the ledger: attempts"),
    (
        f"UPDATE deliveries SET tried_at = tried_at - 1 WHERE {DELIVERIES.format(DELIVERED)}",
        "from the ledger: tried_at",
    ),
    (
        f"UPDATE deliveries SET bundled = (1 = 1) WHERE {DELIVERIES.format(DELIVERED)}",
        "differs from the ledger: bundled",
    ),
    (
        f"UPDATE deliveries SET due_at = due_at + 3600 WHERE {DELIVERIES.format(UNDONE)}",
        "differs from the ledger: due_at",
    ),
    ("UPDATE deliveries SET due_at = 0 WHERE held = 'limit'", "differs from the ledger: due_at"),
    (
        "UPDATE deliveries SET due_at = due_at + 3600 WHERE held = 'quiet hours'",
        "differs from the ledger: due_at",
    ),
    (
        f"UPDATE deliveries SET held = 'limit', due_at = due_at + 3600 WHERE {DELIVERIES.format(UNDONE)}",
        "differs from the ledger: due_at, held",
    ),
]
STATES = [
    # Delivered without an attempt, and an attempt that delivered it while it waits.
    (
        (
            f"UPDATE deliveries SET state = 'delivered', due_at = NULL, attempts = 1, tried_at = 1795424600"
            f" WHERE place = 1 AND {DELIVERIES.format(UNDONE)}"
        ),
        "differs from the ledger: attempts, tried_at, state",
    ),
    (
        (
            f"UPDATE deliveries SET state = 'waiting', due_at = tried_at + 60, detail = ''"
            f" WHERE place = 1 AND {DELIVERIES.format(DELIVERED)}"
        ),
        "differs from the ledger: state, due_at, detail",
    ),
    (
        "UPDATE deliveries SET state = 'waiting', due_at = 1 WHERE state = 'failed'",
        "from the ledger: state, due_at",
    ),
    ("UPDATE deliveries SET state = 'pending' WHERE state = 'failed'", "differs from the ledger: state"),
    (
        "UPDATE deliveries SET state = 'failed', due_at = NULL, held = '' WHERE held = 'limit'",
        "from the ledger: state",
    ),
    (
        (
            f"UPDATE deliveries SET state = 'cancelled', due_at = NULL, detail = 'the ticket is closed'"
            f" WHERE {DELIVERIES.format(UNDONE)}"
        ),
        "differs from the ledger: detail",
    ),
    (
        (
            f"UPDATE deliveries SET state = 'cancelled', due_at = NULL, detail = 'another address has it'"
            f" WHERE {DELIVERIES.format(UNDONE)}"
        ),
        "differs from the ledger: detail",
    ),
    (
        "UPDATE deliveries SET state = 'waiting', due_at = 1, detail = '' WHERE detail = 'it was acknowledged'",
        "differs from the ledger: state, due_at, detail",
    ),
    (
        "UPDATE deliveries SET detail = 'its cause is gone' WHERE detail = 'it was acknowledged'",
        "differs from the ledger: detail",
    ),
    # Attempts at a message about no ticket are in no event, but their columns must agree.
    ("UPDATE deliveries SET tried_at = NULL WHERE bundled", "differs from the ledger: tried_at"),
    ("UPDATE deliveries SET attempts = -1 WHERE bundled", "differs from the ledger: attempts"),
    ("UPDATE deliveries SET state = 'pending' WHERE bundled", "differs from the ledger: state"),
    ("UPDATE deliveries SET state = 'waiting' WHERE bundled", "differs from the ledger: due_at"),
    ("UPDATE deliveries SET due_at = 1 WHERE bundled", "differs from the ledger: due_at"),
    # Claims have a holder and an end, and are only on what waits.
    (
        "UPDATE deliveries SET claimed_until = NULL WHERE claimed_by IS NOT NULL",
        "differs from the ledger: claimed_until",
    ),
    (
        "UPDATE deliveries SET claimed_by = 'x', claimed_until = 1 WHERE state = 'failed'",
        "claimed_by, claimed_until",
    ),
]
LINKS = [
    ("UPDATE page_links SET person = 'ann'", "page_links abab"),
    (f"UPDATE page_links SET ref = '{UNSENT}'", "no page in the ledger explains it"),
    ("UPDATE page_links SET ref = 'test 2026-12' WHERE person = 'sue'", "no page in the ledger explains it"),
    (
        "UPDATE page_links SET paged_at = paged_at + 1, expires_at = expires_at + 1",
        "no page in the ledger explains it",
    ),
    ("UPDATE page_links SET expires_at = expires_at + 3600", "differs from the ledger: expires_at"),
]
RECORDS = [
    ("DELETE FROM notices WHERE key = 'third'", "notices third: it is missing"),
    (
        "UPDATE notices SET document = replace(document, 'about', 'ABOUT')",
        "differs from the ledger: document",
    ),
    ("INSERT INTO notices SELECT 'x', document, changed_seq FROM notices LIMIT 1", "notices x: no event"),
    ("DELETE FROM handovers", "handovers 1: it is missing"),
    ("UPDATE absences SET changed_seq = changed_seq - 1", "absences 1: differs from the ledger: changed_seq"),
]
OF_FILES = [
    ("UPDATE messages SET at = 'soon'", "differs from the ledger: at"),
    ("UPDATE deliveries SET urgent = 1.5", "differs from the ledger: urgent"),
    ("UPDATE deliveries SET bundled = 2 WHERE bundled", "differs from the ledger: bundled"),
    (
        "UPDATE deliveries SET claimed_by = X'00' WHERE claimed_by IS NOT NULL",
        "differs from the ledger: claimed_by",
    ),
    (
        "UPDATE deliveries SET claimed_by = 'x', claimed_until = 'soon' WHERE held = 'limit'",
        "ledger: claimed_until",
    ),
    ("UPDATE page_links SET paged_at = 'soon'", "no page in the ledger explains it"),
    ("UPDATE page_links SET expires_at = X'00'", "differs from the ledger: expires_at"),
    ("UPDATE page_links SET digest = digest || 'x'", "its key is not the digest of a secret"),
    ("UPDATE page_links SET digest = CAST(digest AS BLOB)", "its key is not the digest of a secret"),
    (
        "UPDATE handovers SET document = json_remove(document, '$.asked')",
        "handovers 1: differs from the ledger: document",
    ),
    (
        "UPDATE handovers SET document = json_set(document, '$.note', 7)",
        "handovers 1: differs from the ledger: document",
    ),
]
"""What a file takes as well: values of another type, and statements of SQLite."""
ALL = (*MESSAGES, *DELIVERY_ROWS, *STATES, *LINKS, *RECORDS)


@pytest.fixture
def paged(database_kind: str, tmp_path: Path) -> str:
    return paged_desk(tmp_path)


def verify_after(address: str, statement: str) -> Verification:
    """Return what is found in a desk after a statement."""
    with database_tool(address) as run:
        assert run(statement)
    with closing(open_database(address)) as database:
        return verify(database)


@pytest.mark.long_on_server
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        *(pytest.param(*each, id=each[0][:60]) for each in ALL),
        *(pytest.param(*each, id=each[0][:60], marks=pytest.mark.sqlite) for each in OF_FILES),
    ],
)
def test_whatever_is_done_to_the_outbox_is_said(paged: str, statement: str, said: str) -> None:
    found = verify_after(paged, statement)
    assert not found.is_intact
    assert found.broken is None
    assert any(said in str(each) for each in found.findings), list(map(str, found.findings))
    assert not any("cannot be read" in str(each) for each in found.findings), "each is a finding of its own"


ALLOWED = [
    "UPDATE deliveries SET claimed_by = NULL, claimed_until = NULL",
    "UPDATE deliveries SET due_at = due_at + 3600 WHERE held = 'limit'",
    "DELETE FROM page_links",
    "UPDATE deliveries SET state = 'cancelled', due_at = NULL, detail = 'too old to help', held = '' WHERE held <> ''",
]


@pytest.mark.parametrize("statement", ALLOWED, ids=[statement[:60] for statement in ALLOWED])
def test_what_a_claim_or_time_may_do_is_no_finding(paged: str, statement: str) -> None:
    assert verify_after(paged, statement).findings == ()
