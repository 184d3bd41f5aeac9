"""A desk that an earlier version made: it is migrated, it verifies, and what was sent to it is recognised."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied
from supportdesk.resources import data_path
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import load_policy
from supportdesk.store import processed_commands
from supportdesk.store.database import open_database
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.command import EVERYBODY, Command, TicketCommand, argument
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.documents import Line, TurnUnit
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.records.commands import InstallPolicy, SaveRotation
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.layers import find_rotation
from supportdesk.tickets.rota.timeline import timeline
from tests.databases import copy_of
from tests.store.earlier_desk import FIRST, LIFE, MORNING, PLANNED, RECORDS, SECOND, THIRD, unpack

pytestmark = pytest.mark.sqlite


def policy_as_it_was() -> Policy:
    """Return the built-in policy with the words that it had when the desk was made, and without what came later."""
    policy = load_policy(data_path("policies/claritum.toml"))
    calendars = tuple(
        structs.replace(each, name=each.name.replace("office hours", "office time"))
        for each in policy.calendars
    )
    severities = tuple(
        structs.replace(each, promise=each.promise.replace("office hours", "business hours"), ladder=())
        for each in policy.severities
    )
    channels = tuple(
        structs.replace(each, number="", severity=None, severity_words=None) for each in policy.channels
    )
    return structs.replace(policy, calendars=calendars, severities=severities, channels=channels)


SENT: list[tuple[str, str, Command]] = [
    ("policy", SYSTEM.key, InstallPolicy(policy_as_it_was())),
    *((f"record-{place}", SYSTEM.key, command) for place, command in enumerate(RECORDS)),
    *((f"life-{place}", by, command) for place, (by, command) in enumerate(LIFE)),
]
REPLY = next(command for _, command in LIFE if isinstance(command, Reply))
REPLY_ID = f"life-{[command for _, command in LIFE].index(REPLY)}"


NEXT_MORNING = FixedClock(MORNING + timedelta(days=1))


def migrate(address: str) -> None:
    """Make a desk that the earlier version made, and migrate it."""
    Desk.create(str(unpack(Path(address).parent)), NEXT_MORNING).close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A copy of it, since migrating takes long."""
    with closing(Desk.open(copy_of(migrate, tmp_path / "desk.db"), NEXT_MORNING)) as made:
        yield made


def test_it_is_migrated_and_verifies(desk: Desk, tmp_path: Path) -> None:
    with closing(open_database(str(tmp_path / "desk.db"))) as database:
        found = verify(database)
    assert found.is_intact, found
    assert found.tickets == 4
    assert {row.ref for row in desk.queue().rows} >= {FIRST, SECOND}
    assert desk.ticket(THIRD).ticket.workaround == "print in black"


@pytest.mark.parametrize(("command_id", "by", "command"), SENT, ids=[each[0] for each in SENT])
def test_a_command_that_is_sent_again_is_recognised(
    desk: Desk, command_id: str, by: str, command: Command
) -> None:
    before = desk.queue().seq
    outcome = desk.do(command, by=by, command_id=command_id)
    assert isinstance(outcome, Applied), outcome
    assert outcome.repeated
    assert desk.queue().seq == before


def test_other_words_under_the_same_id_are_refused(desk: Desk) -> None:
    outcome = desk.do(replace(REPLY, text="Something else."), by="priya", command_id=REPLY_ID)
    assert isinstance(outcome, Refusal)
    assert "with other values" in outcome.reason


def test_the_weekly_rotation_of_an_earlier_version_becomes_the_first_layer(tmp_path: Path) -> None:
    made = Desk.create(str(unpack(tmp_path, "0005")), NEXT_MORNING)
    with closing(made) as desk:
        data = desk.roster().reference_data
        first = next(each for each in RECORDS if isinstance(each, SaveRotation)).rotation
        assert data.rotations == (first, PLANNED[0], PLANNED[2])
        base = (Line.FIRST, 0, TurnUnit.WEEKS, 1)
        assert {(each.line, each.layer, each.unit, each.every) for each in data.rotations} == {base}
        assert find_rotation(data.rotations, MORNING + timedelta(days=60)) == PLANNED[0]
        shifts = timeline(data, MORNING, MORNING + timedelta(days=42))
        assert [(each.person, each.start.day) for each in shifts] == [
            ("ann", 23),
            ("priya", 30),
            ("ann", 6),
            ("priya", 13),
            ("ann", 20),
            ("ann", 20),  # At eight in UTC, an hour after the handover.
            ("priya", 27),
            ("ann", 4),
        ]
        for place, rotation in enumerate(PLANNED):
            outcome = desk.do(SaveRotation(rotation), by="ann", command_id=f"rota-{place}")
            assert isinstance(outcome, Applied), outcome
            assert outcome.repeated
    with closing(open_database(str(tmp_path / "desk.db"))) as database:
        assert verify(database).is_intact


@dataclass(frozen=True, slots=True)
class Answer(TicketCommand):
    """What `Reply` may be one day: a class of another name, a renamed argument, one more argument."""

    tag = "Reply"
    needs = EVERYBODY

    message: str = argument("what is said", stored_as="text")
    by: str = argument("how it is said", default="message")
    stop_response: bool = argument("whether it counts as the response", default=True, later=True)


def test_a_renamed_command_with_a_renamed_and_a_new_argument_is_recognised(desk: Desk) -> None:
    assert [each.stored_as for each in Answer.arguments()] == ["text", "by", "stop_response"]
    stored = processed_commands.digest(REPLY)
    assert processed_commands.is_same(stored, Answer(REPLY.ref, REPLY.text))
    assert not processed_commands.is_same(stored, Answer(REPLY.ref, REPLY.text, stop_response=False))
    assert not processed_commands.is_same(stored, Answer(REPLY.ref, "Something else."))


def test_what_an_earlier_version_stored_is_recognised_after_a_renaming(desk: Desk, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection:
        ((stored,),) = connection.execute("SELECT digest FROM commands WHERE id = ?", (REPLY_ID,))
    assert stored != processed_commands.digest(REPLY)
    assert processed_commands.is_same(stored, Answer(REPLY.ref, REPLY.text))
    assert not processed_commands.is_same(stored, Answer(REPLY.ref, REPLY.text, stop_response=False))


def command_types(base: type[Command] = Command) -> Iterator[type[Command]]:
    """Every class of commands that can be given, from modules that are loaded."""
    for each in base.__subclasses__():
        if "needs" in vars(each) and each.__module__.startswith("supportdesk"):
            yield each
        yield from command_types(each)


def test_every_command_has_the_tag_with_which_it_was_first_stored() -> None:
    assert COMMANDS
    assert {each.tag for each in command_types()} == {
        *(
            "Acknowledge",
            "Assign",
            "ChangeDay",
            "ChangeSeverity",
            "Claim",
            "Close",
            "CorrectTime",
            "Escalate",
        ),
        *("AcceptSwap", "ApproveSwap", "CloseSwap", "EndAbsence", "EndOverride", "OfferSwap"),
        *("OverrideShifts", "RecordAbsence"),
        *("HandBack", "HandOver", "InstallPolicy", "KeepArticle", "KeepContact", "KeepOrganisation"),
        *("KeepPerson", "KeepRelease", "KeepRotation", "LinkArticle", "LinkTicket", "Log", "MarkDuplicate"),
        *("MoveToPolicy", "Note", "PromiseFix", "ProposeWorkaround", "RecordCall", "RecordContact", "Reopen"),
        *("Reply", "Resolve", "Resume", "SendArticle", "TakeBack", "TakeInHistory", "TakeInRequest"),
        *(
            "UndoRecord",
            "Wait",
            "escalate unsent page",
            "mark page shown",
            "record attempt",
            "record bounce",
            "retry delivery",
            "send notice",
        ),
        *("hand over shift", "accept handover", "withdraw handover", "acknowledge notice", "withdraw notice"),
        *("AddCustomerMessage", "EraseContact", "take steps", "account message", "settle message"),
        *("add transcript", "mark voicemail heard", "record missed call"),
    }
