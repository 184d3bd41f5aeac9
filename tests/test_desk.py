"""A desk: each command is decided once, written once, and seen by everybody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied, DeskUnavailableError, Executor, Outcome, UnknownTicketError
from supportdesk.sla.clocks import ClockKind
from supportdesk.store import payloads
from supportdesk.tickets import reference
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.resolution import LinkArticle, RecordContact, Wait
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import InstallPolicy, SavePerson
from tests.databases import address_at
from tests.store.desks import REQUEST, done, events, furnished_desk, logged, refused, verified
from tests.tickets.scenario import MONDAY_NINE, claritum

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with furnished_desk(tmp_path, clock) as desk:
        yield desk


def test_a_command_s_events_are_on_the_timeline_and_its_ticket_in_the_queue(desk: Desk) -> None:
    outcome = done(desk, Log(**REQUEST))
    assert outcome.ref == "CD-4C00-W"
    view = desk.ticket(outcome.ref)
    assert [(entry.event, entry.actor, entry.name, entry.at) for entry in view.timeline] == [
        ("logged", "ann", "Ann", MONDAY_NINE)
    ]
    assert view.organisation.name == "Acme Ltd"
    assert view.contact.name == "Jo Park"
    assert view.account_manager is not None
    assert view.account_manager.username == "max"
    assert desk.queue().rows == [view.row]
    assert view.row.organisation == "Acme Ltd"
    assert desk.queue().seq == outcome.seq == view.row.changed_seq


def test_a_refused_command_leaves_no_trace(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Claim(ref), by="sam")
    assert "Sam claimed it 0 s ago" in refused(desk, Claim(ref))
    assert events(desk, ref) == ["logged", "acknowledged", "claimed"]


def test_a_command_that_is_sent_again_under_its_id_is_carried_out_once(desk: Desk) -> None:
    first = done(desk, Log(**REQUEST), command_id="the-form-of-ann")
    assert done(desk, Log(**REQUEST), command_id="the-form-of-ann") == first
    assert len(desk.queue().rows) == 1


def test_an_id_never_stands_for_two_commands(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Note(ref, "one"), command_id="x")
    assert f"sent before with other values, and carried out ({ref})" in refused(
        desk, Note(ref, "two"), command_id="x"
    )


@pytest.mark.parametrize("typed", ["cd-4c00-w", "CD4C00W", "cd 4coo w", "4C00-W"])
def test_a_reference_is_understood_however_it_is_typed(desk: Desk, typed: str) -> None:
    ref = logged(desk)
    assert desk.ticket(typed).ticket.ref == ref
    assert done(desk, Note(typed, "seen")).ref == ref


@pytest.mark.parametrize("wrong", ["CD-4C01-T", "CD-4C00-X", "", "nonsense"])
def test_every_query_refuses_an_unknown_ticket(desk: Desk, wrong: str) -> None:
    with pytest.raises(UnknownTicketError):
        desk.ticket(wrong)
    with pytest.raises(UnknownTicketError):
        desk.explain(wrong, ClockKind.RESPONSE)
    with pytest.raises(UnknownTicketError):
        desk.do(Note(wrong, "hello"), by="ann")


def test_the_queue_has_every_ticket_that_is_not_closed_by_severity_and_urgency(
    desk: Desk, clock: FixedClock
) -> None:
    low = logged(desk, severity="low", channel="portal")
    second = logged(desk, summary="second")
    clock.set(MONDAY_NINE + timedelta(hours=1))
    critical = logged(desk, severity="critical", channel="hotline")
    earlier = logged(desk, received_at=MONDAY_NINE - timedelta(days=3))
    gone = logged(desk)
    done(desk, Close(gone, "withdrawn", "they found it"))
    assert [row.ref for row in desk.queue().rows] == [critical, earlier, second, low]
    assert [row.urgency for row in desk.queue().rows if row.severity == "high"] == sorted(
        row.urgency for row in desk.queue().rows if row.severity == "high"
    )


def test_changes_have_each_changed_ticket_once_as_it_is_now_closed_ones_included(desk: Desk) -> None:
    first, second, third = (logged(desk) for _ in range(3))
    since = desk.queue().seq
    assert desk.changes(since).rows == []
    done(desk, Claim(second))
    done(desk, Note(second, "a note"))
    done(desk, Close(third, "withdrawn", "never mind"))
    changes = desk.changes(since)
    assert {row.ref: row.stage for row in changes.rows} == {second: "resolution", third: "closed"}
    assert changes.seq == desk.queue().seq
    assert desk.ticket(first).row.changed_seq <= since


def test_time_never_runs_backwards_on_a_ticket(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    clock.set(MONDAY_NINE + timedelta(minutes=30))
    done(desk, Claim(ref))
    clock.set(MONDAY_NINE - timedelta(days=1))
    done(desk, Note(ref, "the clock was set back"))
    assert desk.ticket(ref).timeline[-1].at == MONDAY_NINE + timedelta(minutes=30)


def test_instants_are_stored_in_whole_utc_seconds(tmp_path: Path) -> None:
    clock = FixedClock(datetime(2026, 11, 23, 9, 0, 0, 999_999, tzinfo=UTC))
    with furnished_desk(tmp_path, clock) as desk:
        received = datetime.fromisoformat("2026-11-23T09:30:00.5+01:00")
        ref = logged(desk, received_at=received)
        assert desk.ticket(ref).ticket.received_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
        assert desk.ticket(ref).timeline[0].at == MONDAY_NINE


def test_a_time_without_its_zone_is_refused(desk: Desk) -> None:
    naive = datetime(2026, 11, 23, 8, 30)  # noqa: DTZ001 - that is the fault
    assert "needs a time zone" in refused(desk, Log(**REQUEST, received_at=naive))


def test_a_value_that_is_not_among_the_choices_is_refused(desk: Desk) -> None:
    assert "by must be one of 'message', 'telephone'" in refused(
        desk, Reply(logged(desk), "hello", by="pigeon")
    )


def test_texts_are_sanitized_before_they_are_stored(desk: Desk) -> None:
    ref = logged(
        desk, summary="[/oops] [@click=app.quit]x[/] \x1b]0;x\x07 \x00\ud800", description="a\x00b\r\nc"
    )
    ticket = desk.ticket(ref).ticket
    assert ticket.summary == "[/oops] [@click=app.quit]x[/] ]0;x"
    assert ticket.description == "ab\nc"


def test_a_text_that_is_too_long_is_truncated_visibly_and_its_original_stored(desk: Desk) -> None:
    ref = logged(desk, description="x" * (TEXT_LIMIT + 1))
    assert events(desk, ref) == ["logged", "text cut"]
    assert len(desk.ticket(ref).ticket.description) == TEXT_LIMIT
    assert "cut to 20,000 of 20,001 characters" in desk.ticket(ref).timeline[-1].sentence
    assert verified(desk).is_intact


def test_a_link_is_on_both_tickets(desk: Desk) -> None:
    one, other = logged(desk), logged(desk)
    done(desk, LinkTicket(one, other.lower()))
    assert [(link.kind, link.ref) for link in desk.ticket(other).ticket.links] == [("related", one)]
    third = logged(desk)
    done(desk, MarkDuplicate(third, one))
    assert desk.ticket(third).ticket.closed_as == "duplicate"
    assert ("duplicated by", third) in [(link.kind, link.ref) for link in desk.ticket(one).ticket.links]
    assert "there is no ticket" in refused(desk, LinkTicket(one, reference.make(99)))


def test_the_records_that_a_command_names_are_loaded_for_its_rule(desk: Desk) -> None:
    ref = logged(desk, severity="change")
    done(desk, RecordContact(ref, "next year"), by="sue")
    assert "Max discussed the next steps" in desk.ticket(ref).timeline[-2].sentence
    done(desk, LinkArticle(ref, "KB-1"))
    assert [article.title for article in desk.ticket(ref).articles] == ["Printing a logo"]
    assert "there is no article 'KB-9'" in refused(desk, LinkArticle(ref, "KB-9"))


def test_only_active_staff_act_on_tickets(desk: Desk) -> None:
    ref = logged(desk)
    assert "'mallory' is not on the staff" in refused(desk, Claim(ref), by="mallory")
    done(desk, SavePerson(Person("sam", "Sam", "user-support", (Role.AGENT,), active=False)), by="sue")
    assert "Sam is not on the staff any more" in refused(desk, Claim(ref), by="sam")
    assert "not on the staff" in refused(desk, Claim(ref), by=SYSTEM.key)
    assert "Jo Park is a contact of a customer" in refused(desk, Claim(ref), by="contact jo")
    assert "'contact joe' is not on the staff" in refused(desk, Claim(ref), by="contact joe")


@pytest.mark.parametrize("odd", ["", " ann", "ann\n", "a\x00n", "\ud800", "\u202enna", "x" * 300])
def test_a_username_and_an_id_are_short_plain_texts(desk: Desk, odd: str) -> None:
    ref = logged(desk)
    assert "the username must be" in refused(desk, Note(ref, "hello"), by=odd)
    if odd:
        assert "the command's id must be" in refused(desk, Note(ref, "hello"), command_id=odd)


def test_anybody_may_add_the_first_member_of_staff(tmp_path: Path) -> None:
    desk = Desk.create(address_at(tmp_path / "desk.db"), FixedClock(MONDAY_NINE))
    root = SavePerson(Person("root", "Root", "user-support", (Role.ADMINISTRATOR,)))
    done(desk, InstallPolicy(claritum()), by=SYSTEM.key)
    done(desk, root, by="root")
    assert "not on the staff" in refused(desk, root, by="somebody")
    done(desk, root, by="root")
    desk.close()


def test_the_commands_of_a_transaction_are_written_together_except_refused_ones(desk: Desk) -> None:
    def work(doing: Executor) -> list[Outcome]:
        ref = doing(Log(**REQUEST), by="ann", command_id="1")
        assert isinstance(ref, Applied)
        assert ref.ref is not None
        newcomer = SavePerson(Person("new", "Newcomer", "user-support", (Role.AGENT,)))
        return [
            doing(newcomer, by="sue", command_id="2"),
            doing(Claim(ref.ref), by="new", command_id="3"),
            doing(Claim(ref.ref), by="sam", command_id="4"),
            doing(Note(ref.ref, "seen"), by="sam", command_id="5"),
        ]

    before = desk.queue().seq
    outcomes = desk.transaction(work)
    assert isinstance(outcomes, list)
    assert [isinstance(outcome, Applied) for outcome in outcomes] == [True, True, False, True]
    assert desk.transaction(work) == outcomes, "once for each id"
    (row,) = desk.queue().rows
    assert row.owner_name == "Newcomer"
    assert desk.queue().seq == before + 5
    assert verified(desk).is_intact


def test_what_decodes_events_is_made_before_a_transaction_for_which_others_wait(desk: Desk) -> None:
    payloads._decoder.cache_clear()
    assert desk.transaction(lambda _: payloads._decoder.cache_info().currsize) == 1


def test_a_transaction_that_fails_writes_nothing(desk: Desk) -> None:
    def work(doing: Executor) -> None:
        doing(SavePerson(Person("new", "Newcomer", "user-support", (Role.AGENT,))), by="sue", command_id="1")
        doing(Log(**REQUEST), by="new", command_id="2")
        raise KeyError("half-way")

    before = desk.queue()
    with pytest.raises(KeyError):
        desk.transaction(work)
    assert desk.queue() == before
    assert desk.person("new") is None
    assert "is not on the staff" in refused(desk, Log(**REQUEST), by="new")


def test_a_desk_that_is_closed_says_so(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        desk.close()
        with pytest.raises(DeskUnavailableError, match="is closed"):
            desk.queue()
        assert not desk.wait_for_change(60)


def test_a_clock_is_explained_as_of_now(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk)
    clock.set(MONDAY_NINE + timedelta(hours=2))
    assert desk.explain(ref, ClockKind.RESPONSE).lines[-1].total == 2 * 3600


def test_the_roster_shows_who_is_on_call(desk: Desk) -> None:
    roster = desk.roster()
    assert [person.username for person in roster.staff] == [
        "ann",
        "dev",
        "dora",
        "max",
        "priya",
        "sam",
        "sue",
    ]
    assert [release.key for release in roster.releases] == ["2026.10", "2026.11", "2026.12", "2027.01"]
    assert roster.duty.on_call is not None
    assert roster.duty.on_call.username == "dora"


def test_records_are_found_by_parts_of_their_names(desk: Desk) -> None:
    assert [each.key for each in desk.find_organisations("acmee")] == ["acme"]
    assert desk.find_organisations("zzzz") == []
    assert next(each.key for each in desk.find_articles("logo printing")) == "KB-1"
    assert [each.name for each in desk.contacts("acme")] == ["Jo Park", "Kim Lo", "New Person"]


def test_two_open_desks_change_the_same_ticket(tmp_path: Path, clock: FixedClock) -> None:
    with furnished_desk(tmp_path, clock) as mine:
        yours = Desk.open(address_at(tmp_path / "desk.db"), clock)
        ref = logged(mine)
        done(yours, Assign(ref, owner="sam"), by="ann")
        assert isinstance(mine.do(Claim(ref), by="sam"), Applied)
        assert "claimed it" in refused(yours, Claim(ref))
        done(mine, Reply(ref, "What do you see?"), by="sam")
        done(yours, Wait(ref, "customer"), by="sam")
        assert mine.queue() == yours.queue()
        assert verified(mine).is_intact
        yours.close()


def test_the_last_command_of_a_person_can_be_undone_at_another_console(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    first, second = logged(desk), logged(desk)
    done(desk, Claim(first), by="sam")
    done(desk, Claim(second), by="sam")
    another = Desk.open(address_at(tmp_path / "desk.db"), clock)
    assert another.last_undoable_ticket("sam") == second
    done(another, Undo(second), by="sam")
    assert events(another, second) == ["logged", "acknowledged", "claimed", "taken back"]
    void = [each.event for each in another.ticket(second).timeline if each.is_undone]
    assert void == ["acknowledged", "claimed"]
    assert another.ticket(second).ticket.owner is None
    assert another.last_undoable_ticket("sam") == first
    done(another, Undo(first), by="sam")
    assert another.last_undoable_ticket("sam") is None
    another.close()
    assert verified(desk).is_intact


def test_a_command_of_more_than_ten_minutes_ago_is_not_offered_for_undo(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk)
    done(desk, Claim(ref))
    clock.set(MONDAY_NINE + timedelta(minutes=10))
    assert desk.last_undoable_ticket("ann") == ref
    clock.set(MONDAY_NINE + timedelta(minutes=10, seconds=1))
    assert desk.last_undoable_ticket("ann") is None


def test_a_mirrored_link_is_the_last_command_on_the_other_ticket(desk: Desk) -> None:
    first, second = logged(desk), logged(desk)
    done(desk, Claim(second), by="sam")
    done(desk, LinkTicket(first, second))
    assert refused(desk, Undo(second), by="sam").startswith(f"the last change is Ann's (linked it to {first}")
