"""On a server with logins of their own, the intake records messages, staff settle them, and nobody deletes any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import psycopg
import pytest

from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Transaction
from supportdesk.store.postgres.roles import SERVICES
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.events import (
    CallMissed,
    MessageAccounted,
    MessageEvent,
    MessageSettled,
    VoicemailHeard,
    VoicemailTranscribed,
)
from supportdesk.tickets.records.incoming_commands import SettleMessage
from tests.databases import POSTGRES, use
from tests.store.desk_with_logins import EVERYBODY, LOGINS, attempt, desk_with_logins, name_of, opened_by
from tests.store.desks import REQUEST, done, running_server, verified
from tests.store.incoming import arrival, stored
from tests.store.test_postgres_roles import GUARD, event_row, insertion

pytestmark = pytest.mark.server

DENIED = "42501"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose staff have logins, with a message in quarantine; opened by the owner of its tables."""
    with use(POSTGRES), desk_with_logins(tmp_path_factory.mktemp("incoming")) as desk:
        with closing(opened_by(desk, "desk_intake")) as intake:
            done(intake, arrival(), by=INTAKE.key)
        yield desk


def tried(desk: Desk, login: str, statement: str, parameters: Sequence[object] = ()) -> str:
    """The SQLSTATE where the server refuses a statement over a connection of one's own; '' where it does not."""
    with running_server().connect(name_of(desk), login) as connection:
        connection.autocommit = False
        try:
            connection.execute(statement.encode(), parameters)
        except psycopg.Error as error:
            return error.sqlstate or "?"
        finally:
            connection.rollback()
    return ""


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (("INSERT INTO incoming_messages SELECT key || 'x', source, state, received_at, message_id, content_digest,"
          " ref, contact, document, changed_seq FROM incoming_messages"), {"desk_intake", *LOGINS}),
        ("UPDATE incoming_messages SET state = state", {"desk_intake", *LOGINS}),
        ("DELETE FROM incoming_messages", set()),
        ("TRUNCATE incoming_messages", set()),
        ("DELETE FROM attachments", set()),
        ("SELECT * FROM incoming_messages", set(EVERYBODY)),
    ],
)  # fmt: skip
def test_each_login_may_do_to_the_table_what_its_commands_need(
    desk: Desk, login: str, statement: str, allowed: set[str]
) -> None:
    assert tried(desk, login, statement) == ("" if login in allowed else DENIED)


ACTORS = {"desk_watcher": "watcher", "desk_intake": "intake", "desk_portal": "contact jo"}


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(
    ("event", "allowed"),
    [
        (MessageAccounted, {"desk_intake", "adam"}),
        (MessageSettled, set(LOGINS)),
        (CallMissed, set(LOGINS)),
        (VoicemailHeard, set(LOGINS)),
        (VoicemailTranscribed, {"desk_intake", "adam"}),
    ],
)
def test_each_login_writes_only_the_events_of_its_commands(
    desk: Desk, login: str, event: type[MessageEvent], allowed: set[str]
) -> None:
    row = event_row(desk, ACTORS.get(login, login), event(arrival().message))
    assert tried(desk, login, *insertion(row)) == ("" if login in allowed else GUARD)


def test_the_intake_records_and_everybody_on_the_staff_settles(desk: Desk) -> None:
    for number, login in enumerate(LOGINS, 2):
        with closing(opened_by(desk, "desk_intake")) as intake:
            done(intake, arrival(number), by=INTAKE.key)
        message = stored(desk)[-1]
        assert attempt(desk, login, SettleMessage(message.key, "refused", reason="advertising")) == ""
        assert stored(desk)[-1].decided_by == login
    assert verified(desk).is_intact


def test_the_intake_logs_a_ticket_together_with_its_message(desk: Desk) -> None:
    def work(do: Transaction) -> str | None:
        logged = do(Log(**{**REQUEST, "channel": "email"}), by=INTAKE.key, command_id="log 50")
        assert isinstance(logged, Applied), logged
        command = arrival(50, MessageState.TICKET, ref=logged.ref)
        assert isinstance(do(command, by=INTAKE.key, command_id="account 50"), Applied)
        return logged.ref

    with closing(opened_by(desk, "desk_intake")) as intake:
        ref = intake.transaction(work)
    assert stored(desk)[-1].ref == ref
    assert verified(desk).is_intact


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_settles_a_message(desk: Desk, service: str) -> None:
    message = stored(desk)[0]
    reason = attempt(desk, f"desk_{service}", SettleMessage(message.key, "refused", reason="x"), by="ann")
    assert "cannot write in the name of ann" in reason or "permission denied" in reason, reason
