"""Who is known stays as they are, and what an import refuses, counts and survives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.servicenow import ImportRefusedError, import_file, importer
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation
from supportdesk.tickets.ticket import Stage
from tests.databases import address_at
from tests.intake.servicenow.a_log import only_ticket, row, rows, take_in, write
from tests.intake.servicenow.conftest import NOW


def test_nobody_who_is_known_is_changed(desk: Desk, tmp_path: Path) -> None:
    desk.do(SaveOrganisation(Organisation("acme", "Acme Ltd", account_manager="sam")), by="ann")
    desk.do(
        SaveContact(Contact("acme.jo", "acme", "Jo Park", super_user=True, telephone="+442079460018")),
        by="ann",
    )
    seq, staff = desk.queue().seq, desk.roster().staff
    customer = {"location": "ACME  Ltd", "caller_id": "jo park"}
    owners = [
        row("Active", f"29-02-2016 09:{20 + count}", assigned_to=name, **customer)
        for count, name in enumerate(("Ann Lee", "ann lee", "ANN LEE"))
    ]
    report = take_in(desk, tmp_path, *rows(row("New", **customer), *owners))
    assert report.refused == 0
    assert desk.roster().staff == staff
    assert desk.contacts("acme") == [
        Contact("acme.jo", "acme", "Jo Park", super_user=True, telephone="+442079460018")
    ]
    ticket = only_ticket(desk).ticket
    assert (ticket.organisation, ticket.contact, ticket.owner) == ("acme", "acme.jo", "ann")
    assert desk.find_organisations("Acme Ltd")[0].account_manager == "sam"
    assert desk.queue().seq > seq


@pytest.mark.parametrize("name", ["Ann", "Ánn", "ann!"])
def test_somebody_whose_name_makes_a_key_that_is_taken_is_somebody_else(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    before = desk.person("ann")
    take_in(desk, tmp_path, *rows(row("New"), row("Active", "29-02-2016 09:20", assigned_to=name)))
    assert desk.person("ann") == before
    owner = only_ticket(desk).ticket.owner
    assert owner not in (None, "ann")
    person = desk.person(str(owner))
    assert person is not None
    assert (person.name, person.active) == (name, False)


def test_people_whose_names_have_no_latin_letters_stay_apart(desk: Desk, tmp_path: Path) -> None:
    take_in(
        desk,
        tmp_path,
        row(number="INC1", location="東京", caller_id="山田"),
        row(number="INC2", location="大阪", caller_id="佐藤"),
        row(number="INC3", location="東京", caller_id="佐藤"),
    )
    tickets = [desk.ticket(each.ref) for each in desk.changes(0).rows]
    assert {(each.organisation.name, each.contact.name) for each in tickets} == {
        ("東京", "山田"),
        ("大阪", "佐藤"),
        ("東京", "佐藤"),
    }
    assert len({each.organisation.key for each in tickets}) == 2
    assert len({each.contact.key for each in tickets}) == 3


def test_a_later_export_of_an_incident_as_it_stands_continues_where_it_was(
    desk: Desk, tmp_path: Path
) -> None:
    take_in(desk, tmp_path, row("In Progress", assigned_to="Resolver 3", sys_mod_count="3"))
    later = row(
        "Resolved", "29-02-2016 12:10", assigned_to="Resolver 3", sys_mod_count="7", u_symptom="Symptom 9"
    )
    report = take_in(desk, tmp_path, later)
    assert (report.imported, report.refused) == (1, 0)
    assert only_ticket(desk).ticket.stage is Stage.RESOLVED
    again = take_in(desk, tmp_path, later)
    assert (again.imported, again.known, again.refused) == (0, 1, 0)


def test_an_incident_with_more_rows_than_any_has_is_refused_as_a_whole(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "MOST_ROWS", 3)
    report = take_in(desk, tmp_path, *rows(row(), row(), row(), row()), row(number="INC2"))
    assert (report.incidents, report.imported, report.refused) == (1, 1, 4)
    assert "4 rows, more than the 3" in report.unmapped[0].reason


def test_what_is_too_much_to_list_is_counted(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "LISTED", 2)
    report = take_in(desk, tmp_path, *(row(number="INC2", at="soon") for _ in range(5)))
    assert (report.refused, len(report.unmapped), report.unlisted) == (5, 2, 3)


@pytest.mark.slow
def test_imports_that_run_at_once_each_report_what_they_did(desk: Desk, tmp_path: Path) -> None:
    log = [
        each
        for number in range(40)
        for each in rows(
            row("New", number=f"INC{number}", caller_id=f"Caller {number % 7}"),
            row("Active", "29-02-2016 09:20", number=f"INC{number}", assigned_to=f"Resolver {number % 5}"),
        )
    ]
    path = write(tmp_path / "log.csv", log)
    with ThreadPoolExecutor() as pool:
        reports = list(
            pool.map(
                lambda _: import_file(
                    Desk.open(address_at(tmp_path / "desk.db"), FixedClock(NOW)), path, by="ann"
                ),
                range(3),
            )
        )
    assert sum(report.imported for report in reports) == len(log)
    assert sum(report.known for report in reports) == 2 * len(log)
    assert [report.refused for report in reports] == [0, 0, 0]
    assert len(desk.changes(0).rows) == 40
    assert len(desk.roster().staff) == len({person.name for person in desk.roster().staff})


def test_rows_that_cannot_be_imported_are_counted_and_the_others_are(desk: Desk, tmp_path: Path) -> None:
    path = write(
        tmp_path / "log.csv",
        [
            row(number="?"),
            row(number="INC0000002", sys_updated_at="soon"),
            row(number="INC0000003", sys_updated_at="01-01-2027 00:00"),
            row(number="INC0000004"),
        ],
    )
    path.write_text(path.read_text(encoding="utf-8") + "INC0000005,New\n", encoding="utf-8")
    report = import_file(desk, path, by="ann")
    assert (report.rows, report.incidents, report.imported, report.refused) == (5, 1, 1, 4)
    assert [(each.row, each.incident) for each in report.unmapped] == [
        (2, ""),
        (3, "INC0000002"),
        (4, "INC0000003"),
        (6, "INC0000005"),
    ]


def test_an_incident_before_the_oldest_policy_keeps_that_one(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, row("New", "07-06-2010 09:10", opened_at="07-06-2010 09:00"))
    assert (
        only_ticket(desk).ticket.policy
        == min(desk.policies.values(), key=lambda each: each.effective).version
    )


def test_hostile_text_of_a_log_is_made_plain(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, row(u_symptom="[/oops]\x1b]0;x\x07 down", location="Loc\u202eation"))
    view = only_ticket(desk)
    assert view.ticket.summary.startswith("[/oops]]0;x down")
    assert view.organisation.name == "Location"


@pytest.mark.parametrize(("by", "name"), [("sam", "Sam Fox"), ("nobody", "nobody")])
def test_somebody_who_may_not_import_changes_nothing(desk: Desk, tmp_path: Path, by: str, name: str) -> None:
    seq = desk.queue().seq
    with pytest.raises(ImportRefusedError, match=f"{name} may not import; this needs an admin"):
        take_in(desk, tmp_path, row(assigned_to="Resolver 3"), by=by)
    assert desk.queue().seq == seq


def test_progress_is_reported_in_incidents(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [row(), row(number="INC0000002")])
    heard: list[tuple[int, int]] = []
    import_file(desk, path, by="ann", progress=lambda done, of: heard.append((done, of)))
    assert heard == [(0, 2), (1, 2), (2, 2)]
