"""Taking in a log of incidents: what each row becomes, what is reported, and that nothing is taken in twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.intake.servicenow import ImportReport, import_file
from supportdesk.sla.clocks import State
from supportdesk.tickets.documents import ERASED, Person, Role
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.records.commands import EraseContact, SavePerson
from supportdesk.tickets.ticket import Stage
from tests.intake.servicenow.a_log import only_ticket, row, rows, take_in, timeline_of

FIRST = "CD-4C00-Z"


def test_an_incident_becomes_a_ticket_with_its_whole_history(desk: Desk, tmp_path: Path) -> None:
    report = take_in(
        desk,
        tmp_path,
        *rows(
            row("New"),
            row("Active", "29-02-2016 09:20", assigned_to="Resolver 3"),
            row("Awaiting User Info", "29-02-2016 09:40", assigned_to="Resolver 3"),
            row("Active", "29-02-2016 15:40", assigned_to="Resolver 3"),
            row("Resolved", "29-02-2016 16:00", assigned_to="Resolver 3", active="FALSE"),
            row("Closed", "05-03-2016 16:00", assigned_to="Resolver 3"),
        ),
    )
    assert report == ImportReport(6, 1, imported=6, unchanged=0, known=0, refused=0, unmapped=())
    view = only_ticket(desk)
    assert timeline_of(view) == [
        "29 09:10 logged",
        "29 09:20 assigned",
        "29 09:20 claimed",
        "29 09:40 clock stopped",
        "29 09:40 wait began",
        "29 15:40 wait ended",
        "29 16:00 clock stopped",
        "29 16:00 resolved",
        "05 16:00 closed",
    ]
    ticket = view.ticket
    assert ticket.source == "servicenow:INC0000001"
    assert ticket.received_at == datetime(2016, 2, 29, 9, 0, tzinfo=UTC)
    assert (ticket.severity, ticket.channel, ticket.owner) == ("high", "phone", "resolver-3")
    assert (ticket.stage, ticket.resolved_how, ticket.closed_as) == (
        Stage.CLOSED,
        "recorded elsewhere",
        "recorded elsewhere",
    )
    assert (view.organisation.name, view.contact.name) == ("Location 5", "Caller 7")
    assert ticket.summary == "Symptom 4 (Category 20, Subcategory 125)"
    person = desk.person("resolver-3")
    assert person is not None
    assert not person.active


def test_the_verdicts_are_this_desks_and_only_a_wait_or_the_resolution_answers(
    desk: Desk, tmp_path: Path
) -> None:
    take_in(
        desk,
        tmp_path,
        *rows(
            row("New"),
            row("Active", "29-02-2016 09:20", assigned_to="Resolver 3"),
            row("Awaiting User Info", "29-02-2016 13:00", assigned_to="Resolver 3"),
            row("Resolved", "01-03-2016 13:00", assigned_to="Resolver 3"),
        ),
    )
    ticket = only_ticket(desk).ticket
    assert ticket.response_verdict is not None
    assert ticket.resolution_verdict is not None
    assert ticket.response_verdict.state is State.MISSED
    assert ticket.response_verdict.elapsed == timedelta(hours=4).total_seconds()
    assert ticket.resolution_verdict.state is State.MET
    assert ticket.resolution_verdict.elapsed == timedelta(hours=4).total_seconds(), (
        "it waited on the customer"
    )


@pytest.mark.parametrize(
    ("state", "on"),
    [
        ("Awaiting User Info", "customer"),
        ("Awaiting Vendor", "third party"),
        ("Awaiting Evidence", "third party"),
        ("Awaiting Problem", "release"),
    ],
)
def test_each_waiting_state_is_a_wait(desk: Desk, tmp_path: Path, state: str, on: str) -> None:
    take_in(desk, tmp_path, *rows(row("New"), row(state, "29-02-2016 09:40")))
    waiting = only_ticket(desk).ticket.waiting
    assert waiting is not None
    assert waiting.on == on


@pytest.mark.parametrize(
    ("priority", "severity"),
    [("1 - Critical", "critical"), ("2 - High", "high"), ("3 - Moderate", "medium"), ("4 - Low", "low")],
)
def test_priorities_are_severities(desk: Desk, tmp_path: Path, priority: str, severity: str) -> None:
    take_in(desk, tmp_path, row(priority=priority))
    assert only_ticket(desk).ticket.severity == severity


def test_a_changed_priority_moves_the_clocks(desk: Desk, tmp_path: Path) -> None:
    take_in(
        desk,
        tmp_path,
        *rows(
            row("New", priority="3 - Moderate"),
            row("Active", "29-02-2016 10:00", priority="3 - Moderate"),
            row("Active", "29-02-2016 11:00", priority="1 - Critical"),
        ),
    )
    ticket = only_ticket(desk).ticket
    assert ticket.severity == "critical"
    assert ticket.response.start == datetime(2016, 2, 29, 11, 0, tzinfo=UTC)


def test_the_first_group_is_the_first_line_and_its_name_is_saved(desk: Desk, tmp_path: Path) -> None:
    take_in(
        desk,
        tmp_path,
        *rows(
            row("Active", assigned_to="Resolver 3"),
            row("Active", "29-02-2016 10:00", assignment_group="Group 9", assigned_to="Resolver 3"),
            row("Active", "29-02-2016 11:00", assignment_group="Group 12", assigned_to="Resolver 3"),
            row("Active", "29-02-2016 12:00", assigned_to="?"),
        ),
    )
    view = only_ticket(desk)
    sentences = [f"{line.at:%H:%M} {line.sentence}" for line in view.timeline]
    assert "10:00 assigned it to Resolver 3 (Technical Support): Active, Group 9, Updated by 3" in sentences
    assert "11:00 note: assignment_group: Group 9 -> Group 12" in sentences
    assert (view.ticket.team, view.ticket.owner) == ("user-support", None)


def test_a_reopened_incident_continues_with_its_clock(desk: Desk, tmp_path: Path) -> None:
    take_in(
        desk,
        tmp_path,
        *rows(
            row("Resolved", "29-02-2016 10:00"),
            row("Active", "29-02-2016 12:00", reopen_count="1"),
            row("Resolved", "29-02-2016 13:00", reopen_count="1"),
        ),
    )
    ticket = only_ticket(desk).ticket
    assert ticket.reopens == 1
    assert ticket.resolution_verdict is not None
    assert ticket.resolution_verdict.elapsed == timedelta(hours=2).total_seconds()


def test_a_row_written_before_the_ending_does_not_reopen_it_whatever_its_time(
    desk: Desk, tmp_path: Path
) -> None:
    report = take_in(
        desk,
        tmp_path,
        row("New", "29-02-2016 11:10", sys_mod_count="1"),
        row("New", "29-02-2016 09:52", sys_mod_count="1"),
        row("Resolved", "29-02-2016 11:03", sys_mod_count="2"),
        row("Closed", "05-03-2016 12:00", sys_mod_count="3"),
    )
    assert timeline_of(only_ticket(desk)) == [
        "29 09:52 logged",
        "29 11:03 clock stopped",
        "29 11:03 clock stopped",
        "29 11:03 resolved",
        "05 12:00 closed",
    ]
    assert [(each.row, each.reason) for each in report.unmapped] == [
        (2, "state 'New' comes before 'Resolved' by its count of changes; it does not reopen the ticket")
    ]


@pytest.mark.parametrize(
    "later",
    [
        {"sys_mod_count": "1", "reopen_count": "1"},
        {"sys_mod_count": "3", "reopen_count": "0"},
        {"sys_mod_count": "", "reopen_count": ""},
    ],
    ids=["by its count of reopenings", "by its count of changes", "by its time"],
)
def test_a_row_after_the_ending_reopens_it(desk: Desk, tmp_path: Path, later: dict[str, str]) -> None:
    take_in(
        desk,
        tmp_path,
        row("New", sys_mod_count="1"),
        row("Resolved", "29-02-2016 11:03", sys_mod_count="2" if later["sys_mod_count"] else ""),
        row("Active", "29-02-2016 11:10", **later),
    )
    assert only_ticket(desk).ticket.reopens == 1


def test_running_it_twice_adds_nothing_even_for_another_person(desk: Desk, tmp_path: Path) -> None:
    log = rows(
        row("New"),
        row("Active", "29-02-2016 09:20", assigned_to="Resolver 3"),
        row("Closed", "29-02-2016 10:00"),
    )
    first = take_in(desk, tmp_path, *log)
    second = take_in(desk, tmp_path, *log, by="ann")
    desk.do(SavePerson(Person("eve", "Eve Hart", "development", (Role.ADMINISTRATOR,))), by="ann")
    seq = desk.queue().seq
    third = take_in(desk, tmp_path, *log, by="eve")
    assert (first.imported, first.known) == (3, 0)
    assert (second.imported, second.known, second.unmapped) == (0, 3, ())
    assert third == second
    assert desk.queue().seq == seq


def test_a_longer_log_adds_only_the_new_rows(desk: Desk, tmp_path: Path) -> None:
    log = rows(
        row("New"),
        row("Active", "29-02-2016 09:20", assigned_to="Resolver 3"),
        row("Resolved", "29-02-2016 09:20", assigned_to="Resolver 3"),
        row("Closed", "05-03-2016 10:00", assigned_to="Resolver 3"),
    )
    take_in(desk, tmp_path, *log[:2])
    before = only_ticket(desk)
    report = take_in(desk, tmp_path, *log, row(number="INC0000002"))
    assert (report.imported, report.known, report.refused) == (3, 2, 0)
    after = desk.ticket(before.ticket.ref)
    assert after.timeline[: len(before.timeline)] == before.timeline
    assert after.ticket.stage is Stage.CLOSED


def test_a_ticket_that_continued_here_takes_no_more_of_its_old_history(desk: Desk, tmp_path: Path) -> None:
    log = rows(row("New"), row("Active", "29-02-2016 09:20"), row("Resolved", "29-02-2016 10:00"))
    take_in(desk, tmp_path, *log[:2])
    ref = only_ticket(desk).ticket.ref
    desk.do(Reply(ref, "we go on here"), by="sam")
    report = take_in(desk, tmp_path, *log)
    assert (report.known, report.imported, report.refused) == (2, 0, 1)
    assert "changed here on 23 Nov 2026" in report.unmapped[0].reason
    assert desk.ticket(ref).ticket.stage is Stage.RESOLUTION


def test_rows_that_differ_in_their_counters_only_are_counted_as_unchanged(desk: Desk, tmp_path: Path) -> None:
    report = take_in(
        desk, tmp_path, *rows(row("New"), row("New", "29-02-2016 09:30"), row("New", "29-02-2016 09:40"))
    )
    assert (report.imported, report.unchanged) == (1, 2)
    assert timeline_of(only_ticket(desk)) == ["29 09:10 logged"]


def test_what_has_no_place_here_is_saved_as_a_note(desk: Desk, tmp_path: Path) -> None:
    take_in(
        desk,
        tmp_path,
        *rows(row("New"), row("New", "29-02-2016 09:30", category="Category 9", u_symptom="?")),
    )
    assert only_ticket(desk).timeline[-1].sentence == (
        "note: category: Category 20 -> Category 9\nu_symptom: Symptom 4 -> ?"
    )


def test_what_cannot_be_mapped_is_reported_by_row_and_taken_for_the_nearest(
    desk: Desk, tmp_path: Path
) -> None:
    report = take_in(
        desk,
        tmp_path,
        *rows(
            row("New", contact_type="Direct opening", location="?", caller_id="?", opened_at="never"),
            row("-100", "29-02-2016 09:30", priority="5 - Planning", location="Location 6"),
        ),
    )
    assert (report.imported + report.unchanged, report.refused) == (2, 0)
    assert [(each.row, each.reason) for each in report.unmapped] == [
        (2, "opened_at 'never' is not a time; the time of the row is used"),
        (2, "no company or location; the customer is called `Location not given`"),
        (2, "no caller; the contact is called `Caller not given`"),
        (2, "contact_type 'Direct opening' is not a channel here; phone is used"),
        (3, "priority '5 - Planning' is not 1 to 4; high is used"),
        (3, "state '-100' has no stage here; triage is used"),
        (3, "location became Location 6; the ticket stays with the first"),
        (3, "caller_id became Caller 7; the ticket stays with the first"),
    ]
    assert {each.incident for each in report.unmapped} == {"INC0000001"}


def test_another_spelling_of_the_same_name_is_no_change(desk: Desk, tmp_path: Path) -> None:
    log = rows(row("New"), row("Active", "29-02-2016 09:20", location="LOCATION  5", caller_id="caller 7"))
    assert take_in(desk, tmp_path, *log).unmapped == ()


def test_rows_are_imported_by_time_and_then_by_count_whatever_their_order(desk: Desk, tmp_path: Path) -> None:
    log = rows(
        row("New"),
        row("Active", "29-02-2016 09:20", assigned_to="Resolver 3"),
        row("Awaiting User Info", "29-02-2016 09:20", assigned_to="Resolver 3"),
        row("Resolved", "29-02-2016 10:00", assigned_to="Resolver 3"),
    )
    assert take_in(desk, tmp_path, *reversed(log)).unmapped == ()
    waits = [line for line in timeline_of(only_ticket(desk)) if "wait" in line or "resolved" in line]
    assert [(line.split()[1], line.split()[-1]) for line in waits] == [
        ("09:20", "began"),
        ("10:00", "ended"),
        ("10:00", "resolved"),
    ]


@pytest.mark.parametrize(
    ("state", "reason", "standing"),
    [
        ("In Progress", "", (Stage.RESOLUTION, None)),
        ("2", "", (Stage.RESOLUTION, None)),
        ("On Hold", "Awaiting Caller", (Stage.RESOLUTION, "customer")),
        ("on hold", "1", (Stage.RESOLUTION, "customer")),
        ("3", "Awaiting Change", (Stage.RESOLUTION, "release")),
        ("On Hold", "Awaiting Problem", (Stage.RESOLUTION, "release")),
        ("On Hold", "Awaiting Vendor", (Stage.RESOLUTION, "third party")),
        ("On Hold", "", (Stage.RESOLUTION, "third party")),
        ("6", "", (Stage.RESOLVED, None)),
        ("7", "", (Stage.CLOSED, None)),
    ],
)
def test_servicenows_current_states_are_recognised(
    desk: Desk, tmp_path: Path, state: str, reason: str, standing: tuple[Stage, str | None]
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "number,state,hold_reason,sys_updated_on,priority,caller_id,company,contact_type,assigned_to\n"
        "INC1,New,,2026-11-20 09:00:00,2 - High,Jo,Acme,Email,\n"
        f"INC1,{state},{reason},2026-11-20 09:30:30,2 - High,Jo,Acme,Email,Resolver 3\n",
        encoding="utf-8",
    )
    report = import_file(desk, path, by="ann")
    ticket = only_ticket(desk).ticket
    assert (ticket.stage, ticket.waiting.on if ticket.waiting else None) == standing
    assert [each.reason for each in report.unmapped] == (
        ["no hold reason; a third party is assumed"] if state == "On Hold" and not reason else []
    )
    assert report.refused == 0


@pytest.mark.parametrize("state", ["Canceled", "Cancelled", "8"])
def test_a_cancelled_incident_is_withdrawn_without_a_verdict(desk: Desk, tmp_path: Path, state: str) -> None:
    take_in(
        desk,
        tmp_path,
        *rows(
            row("Active", assigned_to="Resolver 3"),
            row(state, "29-02-2016 09:30", assigned_to="Resolver 3"),
        ),
    )
    ticket = only_ticket(desk).ticket
    assert (ticket.stage, ticket.closed_as) == (Stage.CLOSED, "withdrawn")
    assert ticket.resolution_verdict is not None
    assert ticket.resolution_verdict.state is State.VOID


def test_a_cancelled_incident_that_comes_back_continues(desk: Desk, tmp_path: Path) -> None:
    states = [
        row(state, f"29-02-2016 {hour}:30", assigned_to="Resolver 3")
        for hour, state in ((10, "Active"), (11, "Canceled"), (12, "Active"))
    ]
    take_in(desk, tmp_path, *rows(*states))
    assert only_ticket(desk).ticket.stage is Stage.RESOLUTION


def test_an_incident_is_one_ticket_however_its_number_is_spelt(desk: Desk, tmp_path: Path) -> None:
    spellings = ("INC0000011", "inc0000011", " Inc0000011\u200b", "INC 0000011", "\uff29\uff2e\uff230000011")
    given = [
        row(number=number, sys_updated_at=f"29-02-2016 1{hour}:16", sys_mod_count=str(hour))
        for hour, number in enumerate(spellings, 1)
    ]
    report = take_in(desk, tmp_path, *given)
    assert report.incidents == 1
    only_ticket(desk)
    assert take_in(desk, tmp_path, row(number="iNC0000011", sys_mod_count="1")).incidents == 1
    only_ticket(desk)


@pytest.mark.usefixtures("database_kind")
def test_an_erased_caller_does_not_come_back_with_the_export_that_was_imported_before(
    desk: Desk, tmp_path: Path
) -> None:
    changes = rows(
        row(caller_id="Zoe Zack"),
        row("Active", "29-02-2016 09:20", caller_id="Zoe Zack"),
        row("Resolved", "29-02-2016 10:00", caller_id="Zoe Zack"),
    )
    take_in(desk, tmp_path, *changes[:2])
    ref = only_ticket(desk).ticket.ref
    erased = desk.ticket(ref).contact.key
    assert isinstance(desk.do(EraseContact(erased), by="ann"), Applied)
    report = take_in(desk, tmp_path, *changes)
    assert (report.imported, report.known, report.refused) == (1, 2, 0)
    assert report.unmapped == ()
    assert desk.caller(erased) is None
    assert desk.ticket(ref).contact.name == ERASED
    assert desk.ticket(ref).ticket.stage is Stage.RESOLVED


@pytest.mark.usefixtures("database_kind")
def test_a_caller_who_is_added_where_somebody_was_erased_is_named(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, row(caller_id="Zoe Zack"))
    erased = only_ticket(desk).contact.key
    assert isinstance(desk.do(EraseContact(erased), by="ann"), Applied)
    report = take_in(desk, tmp_path, row(number="INC0000002", caller_id="Zoe Zack"))
    (remark,) = report.unmapped
    assert remark.reason == (
        "its caller Zoe Zack was added: if they were erased here before, erase them again with"
        f" `supportdesk erase {erased}`"
    )
    assert desk.caller(erased) is not None
    assert take_in(desk, tmp_path, row(number="INC0000002", caller_id="Zoe Zack")).unmapped == ()
