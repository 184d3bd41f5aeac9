"""Keeping staff, customers, releases, articles, the rota, policies and single days."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.cli.default_policy import DEFAULT_POLICY
from supportdesk.resources import data_path
from supportdesk.tickets.decide import list_rights
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call

KEPT = ("staff", "organisation", "release", "policy")


def test_somebody_is_added_with_team_roles_and_rungs(ann: Prompt) -> None:
    details = (
        "--name",
        "Tom Ellis",
        "--team",
        "Development",
        "--role",
        "engineer",
        "--role",
        "account-manager",
    )
    ann.done("staff", "add", "tom", *details, "--rung", "Support Manager", "--email", "tom@desk.example")
    tom = next(each for each in ann("staff", "list", "--json").json if each["username"] == "tom")
    assert tom == {
        "username": "tom",
        "name": "Tom Ellis",
        "team": "development",
        "roles": ["engineer", "account manager"],
        "telephone": "",
        "email": "tom@desk.example",
        "rungs": ["support-manager"],
        "active": True,
    }
    assert "Tom Ellis" in ann.done("staff", "list")


def test_somebody_is_not_added_twice_or_with_what_the_policy_does_not_have(ann: Prompt) -> None:
    assert "The member of staff sam already exists" in ann.refused(
        "staff", "add", "sam", "--name", "Sam", "--team", "user-support"
    )
    new = ("staff", "add", "tom", "--name", "Tom")
    assert "no team 'sales'" in ann.refused(*new, "--team", "sales")
    assert "not one of agent, engineer" in ann.refused(*new, "--team", "development", "--role", "king")
    assert "no rung 'king'" in ann.refused(*new, "--team", "development", "--rung", "king")
    assert "cannot be a key" in ann.refused("staff", "add", "t m", "--name", "T", "--team", "development")


def test_only_an_administrator_enrols(ann: Prompt) -> None:
    refusal = ann.by("sam").refused("staff", "add", "tom", "--name", "Tom", "--team", "development")
    assert "only an administrator (ann)" in refusal


def test_what_is_not_given_stays_when_somebody_is_changed(ann: Prompt) -> None:
    ann.done("staff", "change", "Priya Nair", "--telephone", "+44 7700 900105")
    priya = next(each for each in ann("staff", "list", "--json").json if each["username"] == "priya")
    assert (priya["telephone"], priya["roles"], priya["team"]) == (
        "+44 7700 900105",
        ["engineer"],
        "technical-support",
    )
    assert "no member of staff 'tom'" in ann.refused("staff", "change", "tom", "--gone")


def test_who_has_gone_can_do_nothing_more_until_reactivated(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("staff", "change", "sam", "--gone")
    assert "sam is no longer on the staff" in ann.by("sam").refused("claim", ref)
    assert "no member of staff 'sam'" in ann.refused("assign", ref, "--owner", "sam")
    ann.done("staff", "change", "sam", "--active")
    ann.by("sam").done("claim", ref)


def test_who_is_not_on_the_staff_is_shown_how_to_get_there(ann: Prompt) -> None:
    ref = ann.log()
    refusal = ann.by("eve").refused("claim", ref)
    assert "eve is not on the staff" in refusal
    assert "supportdesk staff add eve" in refusal


def test_a_customer_is_added_once_and_can_be_changed(ann: Prompt) -> None:
    ann.done("organisation", "add", "Globex Corporation", "--key", "globex")
    assert "already" in ann.refused("organisation", "add", "GLOBEX corporation")
    ann.done("organisation", "change", "globex", "--account-manager", "rosa", "--name", "Globex plc")
    assert {"key": "globex", "name": "Globex plc", "account_manager": "rosa"} in ann(
        "organisation", "list", "--json"
    ).json
    assert "Globex plc" in ann.done("organisation", "list")


def test_a_customer_that_is_not_known_is_refused_with_the_nearest(ann: Prompt) -> None:
    refusal = ann.refused("organisation", "change", "Akme", "--name", "x")
    assert "Acme Ltd" in refusal
    assert "supportdesk organisation add" in refusal
    assert "no member of staff 'eve'" in ann.refused("organisation", "add", "New", "--account-manager", "eve")


def test_a_customer_is_looked_up_without_accents_but_a_ticket_is_logged_only_for_the_one_that_is_named(
    ann: Prompt,
) -> None:
    ann.done("organisation", "add", "Łódź Øst", "--key", "lodz")
    assert ann("contact", "list", "lodz øst", "--json").json == []
    ann.done("organisation", "change", "LO\u0301dz ost", "--account-manager", "rosa")
    refusal = ann.refused(
        *("log", "--severity", "high", "--channel", "phone", "--organisation", "Lodz Ost"),
        *("--contact", "Kim", "--summary", "x"),
    )
    assert "Closest: Łódź Øst" in refusal


def test_a_contact_is_registered_and_one_added_with_a_request_can_be(ann: Prompt) -> None:
    ann.done("contact", "add", "Nils Berg", "--organisation", "Northwind Traders", "--super-user")
    [nils] = ann("contact", "list", "northwind traders", "--json").json
    assert (nils["name"], nils["super_user"], nils["registered"]) == ("Nils Berg", True, True)
    ann.done("log", "--severity", "high", "--channel", "phone", "--organisation", "Acme Ltd", "--contact", "Kim New",
             "--summary", "x")  # fmt: skip
    ann.done(
        "contact", "change", "Kim New", "--organisation", "Acme Ltd", "--registered", "--telephone", "4712"
    )
    kim = next(
        each for each in ann("contact", "list", "Acme Ltd", "--json").json if each["name"] == "Kim New"
    )
    assert (kim["registered"], kim["telephone"], kim["super_user"]) == (True, "4712", False)


def test_another_customer_or_contact_of_a_known_name_is_added_when_that_is_said(ann: Prompt) -> None:
    acme = ("--organisation", "Acme Ltd")
    assert "already a contact Jo Park (acme-ltd.jo-park)" in ann.refused("contact", "add", "Jó Park", *acme)
    ann.done("contact", "add", "Jó Park", *acme, "--another")
    ann.done("contact", "add", "鈴木", *acme)
    ann.done("contact", "add", "山田", *acme)
    ann.done("organisation", "add", "Ácme Ltd", "--another")
    known = {each["key"]: each["name"] for each in ann("contact", "list", "acme-ltd", "--json").json}
    assert known["acme-ltd.jo-park-2"] == "Jó Park"
    assert (known["acme-ltd.contact"], known["acme-ltd.contact-2"]) == ("鈴木", "山田")
    assert [each["key"] for each in ann("organisation", "list", "--json").json if "cme" in each["name"]] == [
        "acme-ltd",
        "acme-ltd-2",
    ]


def test_a_contact_needs_a_customer_and_is_not_registered_twice(ann: Prompt) -> None:
    assert "no customer 'Nowhere'" in ann.refused("contact", "add", "Nils", "--organisation", "Nowhere")
    assert "already" in ann.refused("contact", "add", "Jo Park", "--organisation", "Acme Ltd")
    refusal = ann.refused("contact", "change", "Nils", "--organisation", "Acme Ltd", "--super-user")
    assert "Acme Ltd has no contact 'Nils'" in refusal
    assert "no customer 'Nowhere'" in ann.refused("contact", "list", "Nowhere")


def test_a_release_that_moves_moves_the_promises_in_it(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    ann.done("release", "move", "7.4", "--day", "2026-12-16")
    assert ann.ticket(ref)["resolution"]["due"] == "2026-12-16T23:59:59Z"
    assert (
        ann.ticket(ref)["timeline"][-1]["sentence"] == "fix date of 7.4 moved from 9 Dec 2026 to 16 Dec 2026"
    )


def test_a_release_that_ships_keeps_the_promises_in_it_and_stays_as_it_is(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    ann.at(TUESDAY + timedelta(days=8)).done("release", "ship", "7.4", "--at", "2026-12-02T08:00")
    assert ann.ticket(ref)["fix"]["shipped_at"] is not None
    assert ann.ticket(ref)["resolution"]["state"] == "met"
    assert "shipped on 2 Dec 2026" in ann.refused("release", "move", "7.4", "--day", "2027-01-01")
    assert "shipped Wed 2 Dec 2026" in ann.done("release", "list")


def test_the_last_change_to_a_record_is_undone_and_what_moved_with_it_moves_back(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    ann.done("release", "move", "7.4", "--day", "2026-12-16")
    assert ann.done("undo") == (
        "Undone: changed release 7.4: date from 9 Dec 2026 to 16 Dec 2026."
        " It had changed 1 ticket, which records the undo.\n"
    )
    assert ann.ticket(ref)["fix"]["day"] == "2026-12-09"
    assert "fix date of 7.4 moved from 16 Dec 2026 to 9 Dec 2026" in ann.done("show", ref)
    sam = ann.by("sam")
    assert "You have changed no record in the last ten minutes." in sam.refused("undo")


def test_a_change_to_a_record_that_cannot_be_undone_is_refused_with_the_reason(ann: Prompt) -> None:
    ann.done("release", "add", "9.1", "--day", "2027-03-03")
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "9.1")
    assert f"release 9.1 is in use already: by {ref}" in ann.refused("undo")
    assert "Without REF it undoes your last change to a record" in ann.done("undo", "--help")


def test_rule_05_a_release_that_has_not_shipped_is_not_planned_for_a_day_in_the_past(ann: Prompt) -> None:
    told = "29 Dec 2025 is in the past and 7.4 has not shipped"
    assert told in ann.refused("release", "move", "7.4", "--day", "2025-12-29")
    assert "29 Dec 2025 is in the past" in ann.refused("release", "add", "9.1", "--day", "2025-12-29")
    assert "9.1" not in ann.done("release", "list")


def test_a_release_is_refused_twice_or_unknown_or_without_a_day(ann: Prompt) -> None:
    assert "The release 7.4 already exists" in ann.refused("release", "add", "7.4", "--day", "2027-01-01")
    assert "no release '9'" in ann.refused("release", "ship", "9")
    assert '"soon" is not a date' in ann.refused("release", "add", "7.5", "--day", "soon")
    assert "February 2027 has 28 days" in ann.refused("release", "add", "7.5", "--day", "2027-02-30")


@pytest.mark.parametrize("typed", ["2026-12-4", "4 Dec", "4/12/2026", "fri 4 dec"])
def test_the_day_of_a_release_is_read_as_people_type_it_and_reported(ann: Prompt, typed: str) -> None:
    answer = ann("release", "add", "7.9", "--day", typed)
    assert answer.out == "7.9 is planned for Fri 4 Dec 2026.\n"
    assert answer.err == f'"{typed}" is understood as Friday 4 December 2026.\n'


def test_hours_of_a_day_are_read_as_people_type_them(ann: Prompt) -> None:
    told = ann("day", "open", "28 Nov", "--reason", "x", "--hours", "9-12.30", "--hours", "1pm - 5pm").out
    assert told == "The office is open on Sat 28 Nov 2026, 09:00-12:30, 13:00-17:00.\n"
    told = ann("day", "open", "28 Nov", "--reason", "x", "--hours", "9:00\u201312:30", "--hours", "22-2").out
    assert told == "The office is open on Sat 28 Nov 2026, 09:00-12:30, 22:00-02:00 the next day.\n"


def test_an_article_is_written_and_found(ann: Prompt) -> None:
    title = ("--title", "Printing a logo in full resolution")
    ann.done("knowledge", "add", "KB-31", *title, "--text", "-", stdin="Use a vector file.\n")
    assert ann("knowledge", "find", "logo", "--json").json[0] == {"key": "KB-31", "title": title[1]}
    assert title[1] in ann.done("knowledge", "find", "printing", "logo")
    assert "The article kb-31 already exists" in ann.refused("knowledge", "add", "kb-31", *title)


def test_the_rota_says_who_is_on_call_and_pages_them(ann: Prompt) -> None:
    assert ann.done("rota", "show") == (
        "Priya Nair is on call until Mon 30 Nov 2026 08:00 GMT on +44 7700 900104.\n"
    )
    told = ann.done("rota", "set", "Sam Okoro", "priya", "--from", "2026-11-23T08:00")
    assert told == "Sam Okoro is on call until Mon 30 Nov 2026 08:00 GMT.\n"
    critical = ann.log("critical", channel="hotline")
    assert "paged Sam Okoro" in ann.ticket(critical)["timeline"][-1]["sentence"]


def test_the_rota_is_for_staff(ann: Prompt) -> None:
    assert "no member of staff 'eve'" in ann.refused("rota", "set", "eve", "--from", "2026-11-23T08:00")
    assert "--from" in ann.refused("rota", "set", "sam")


PRIYA_NOW = "Priya Nair is on call until Mon 30 Nov 2026 08:00 GMT on +44 7700 900104.\n"


def test_rule_18_a_rota_for_later_leaves_the_one_in_force_and_can_be_cancelled(ann: Prompt) -> None:
    planned = "From Mon 4 Jan 2027 08:00 GMT in turn: Sam Okoro, Priya Nair.\n"
    told = ann.done("rota", "set", "sam", "priya", "--from", "2027-01-04T08:00")
    assert told == ann.done("rota", "show") == PRIYA_NOW + planned
    assert ann.at(datetime(2027, 1, 4, 9, tzinfo=UTC)).done("rota", "show").startswith("Sam Okoro is on call")
    ann.at(TUESDAY)
    assert "no rotation is planned to start then; the planned ones start at Mon 4 Jan 2027" in ann.refused(
        "rota", "cancel", "2027-01-05T08:00"
    )
    cancelled = ann.done("rota", "cancel", "2027-01-04T08:00")
    assert cancelled == f"The rotation planned for Mon 4 Jan 2027 08:00 GMT is cancelled.\n{PRIYA_NOW}"
    refusal = ann.refused("rota", "cancel", "2027-01-04T08:00")
    assert "no rotation starts then, and none is planned; look at the rota (supportdesk rota show)" in refusal
    assert (
        ann.at(datetime(2027, 1, 4, 9, tzinfo=UTC)).done("rota", "show").startswith("Priya Nair is on call")
    )
    assert ann("verify").code == 0


def test_rule_18_somebody_who_has_left_is_on_call_nowhere_and_the_last_resort_is_paged(ann: Prompt) -> None:
    told = ann.done("staff", "change", "priya", "--gone")
    assert (
        "Nobody is on call from Mon 23 Nov 2026 08:00 GMT on, as Priya Nair has left; a page reaches nobody"
        in told
    )
    assert ann.done("rota", "show") == "Nobody is on call now. A page would reach nobody.\n"
    assert "There is no member of staff 'priya'" in ann.refused(
        "rota", "set", "priya", "--from", "2026-11-23T08:00"
    )
    nobody = ann.log("critical", channel="hotline")
    assert ann.ticket(nobody)["nobody_paged"]
    assert "Page             nobody paged: Critical logged, but nobody is on call" in ann.done("show", nobody)
    assert f"{nobody}  Acme Ltd  Approval fails  nobody paged" in ann.done("queue")
    ann.done("staff", "change", "maya", "--telephone", "+44 7700 900107")
    page = "A page goes to Maya Brandt, Support Manager on +44 7700 900107"
    assert ann.done("rota", "show") == f"Nobody is on call now. {page}.\n"
    critical = ann.log("critical", channel="hotline")
    assert (ann.ticket(critical)["paged"], ann.ticket(critical)["nobody_paged"]) == ("maya", False)
    assert "Page             Maya Brandt, paged at Tue 24 Nov 2026 09:42 GMT" in ann.done("show", critical)
    assert "last resort: Maya Brandt, Support Manager" in ann.done("doctor")
    assert not ann.by("maya").ticket(nobody)["paged"]
    ann.by("maya").done("acknowledge", nobody)
    assert not ann.ticket(nobody)["nobody_paged"]
    assert ann("verify").code == 0


def another_version(tmp_path: Path) -> Path:
    path = tmp_path / "next.toml"
    text = data_path(DEFAULT_POLICY).read_text()
    text = text.replace('version = "1"', 'version = "2"').replace(
        "2016-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
    )
    path.write_text(text)
    return path


def test_a_policy_is_installed_with_its_date_of_effect(ann: Prompt, tmp_path: Path) -> None:
    told = ann.done("policy", "install", str(another_version(tmp_path)))
    assert told == "Version 2 is in force from Fri 1 Jan 2027 00:00 GMT.\n"
    assert [(each["version"], each["in_force"]) for each in ann("policy", "list", "--json").json] == [
        ("1", True),
        ("2", False),
    ]
    assert "Fri 1 Jan 2027" in ann.done("policy", "list")
    assert ann("due", "--severity", "high", "--at", "2027-02-01T10:00", "--json").json["policy"] == "2"


def test_a_version_that_was_promised_stays_as_it_was(ann: Prompt, tmp_path: Path) -> None:
    path = tmp_path / "changed.toml"
    path.write_text(data_path(DEFAULT_POLICY).read_text().replace("hours = 3 }", "hours = 30 }"))
    assert "give the changed policy another version" in ann.refused("policy", "install", str(path))


def test_a_policy_is_checked_without_a_desk(tmp_path: Path) -> None:
    assert call("policy", "check", str(data_path(DEFAULT_POLICY))).out.endswith("no faults.\n")
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(
        data_path(DEFAULT_POLICY).read_text().replace('channels = ["hotline"]', 'channels = ["drum"]')
    )
    answer = call("policy", "check", str(faulty))
    assert answer.code == 2
    assert f"{faulty}, line" in answer.err
    assert "drum" in answer.err


@pytest.mark.parametrize("content", [b"", b"version = ", b"\xff\xfe", b'version = "1"'])
def test_a_file_that_is_no_policy_is_refused_in_words(ann: Prompt, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.toml"
    path.write_bytes(content)
    assert str(path) in ann.refused("policy", "install", str(path))
    assert "cannot be read" in ann.refused("policy", "install", str(tmp_path / "missing.toml"))


def test_a_closed_day_moves_what_is_due_and_shows_why(ann: Prompt) -> None:
    ref = ann.at(TUESDAY + timedelta(hours=7)).log("high")
    assert ann.ticket(ref)["response"]["due"] == "2026-11-25T09:42:00Z"
    ann.done("day", "close", "2026-11-25", "--reason", "no heating")
    assert ann.ticket(ref)["response"]["due"] == "2026-11-26T09:42:00Z"
    assert "no heating" in ann.ticket(ref)["timeline"][-1]["sentence"]


def test_an_extra_opening_moves_what_is_due(ann: Prompt) -> None:
    ref = ann.at(TUESDAY + timedelta(days=3, hours=7)).log("high")
    assert ann.ticket(ref)["response"]["due"] == "2026-11-30T09:42:00Z"
    told = ann.done("day", "open", "2026-11-28", "--hours", "09:00-12:00", "--reason", "stocktaking")
    assert "09:00-12:00" in told
    assert ann.ticket(ref)["response"]["due"] == "2026-11-28T10:42:00Z"


def test_a_day_is_refused_without_a_reason_a_calendar_or_hours_that_can_be(ann: Prompt) -> None:
    assert "--reason" in ann.refused("day", "close", "2026-11-25")
    assert "say why" in ann.refused("day", "close", "2026-11-25", "--reason", " ")
    assert "no calendar 'moon'" in ann.refused(
        "day", "close", "2026-11-25", "--calendar", "moon", "--reason", "x"
    )
    opening = ("day", "open", "2026-11-28", "--reason", "x")
    assert "Give hours such as 9:00-12:30" in ann.refused(*opening, "--hours", "nine to five")
    assert ann(*opening, "--hours", "09:00-25:00").code == 2


@pytest.mark.parametrize("group", KEPT)
def test_lists_are_shown_in_columns_and_as_json(ann: Prompt, group: str) -> None:
    assert len(ann(group, "list", "--json").json) + 1 == len(ann.done(group, "list").splitlines())


def test_changed_days_are_listed_in_their_order(ann: Prompt) -> None:
    ann.done("day", "open", "2026-11-28", "--hours", "09:00-12:00", "--reason", "stocktaking")
    ann.done("day", "close", "2026-11-25", "--reason", "no heating")
    assert ann.done("day", "list").splitlines() == [
        "DAY         CALENDAR  HOURS        REASON",
        "2026-11-25  office    closed       no heating",
        "2026-11-28  office    09:00-12:00  stocktaking",
    ]
    first, second = ann("day", "list", "--json").json
    assert (first["day"], first["spans"]) == ("2026-11-25", [])
    assert second["spans"] == [["09:00", "12:00"]]
    assert len(ann("day", "list", "--json").json) == 2


def test_who_may_do_what_is_reported_for_every_command(ann: Prompt) -> None:
    told = ann.done("staff", "roles")
    assert len(told.splitlines()) == 1 + len(list(list_rights()))
    assert "an account manager or a supervisor (Maya Brandt, Rosa Lindt or ann)" in told
    moving = next(line for line in told.splitlines() if line.startswith("Lower a severity"))
    assert moving.endswith("a supervisor (Maya Brandt or ann)")
    assert next(
        line for line in told.splitlines() if line.startswith("Claim") or "you own it" in line
    ).endswith("everybody")


def test_rule_18_the_page_of_somebody_who_leaves_goes_to_the_person_on_call_then(ann: Prompt) -> None:
    ref, other = ann.log("critical", channel="hotline"), ann.log("critical", channel="hotline")
    ann.by("sam").done("acknowledge", other, "--paged", "priya")
    ann.done("staff", "change", "maya", "--telephone", "+44 7700 900107")
    ann.done("staff", "change", "priya", "--gone")
    assert ann.ticket(ref)["paged"] == "maya"
    assert "Page             Maya Brandt, paged at Tue 24 Nov 2026 09:42 GMT, not acknowledged\n" in ann.done(
        "show", ref
    )
    assert (ann.ticket(other)["page_open"], ann.ticket(other)["paged"]) == (False, None)
    ann.done("staff", "change", "maya", "--gone")
    assert ann.ticket(ref)["nobody_paged"]
    assert f"{ref}  Acme Ltd  Approval fails  nobody paged" in ann.done("queue")
    assert ann.done("undo").startswith("Undone: ")
    assert ann("verify").code == 0


def test_rule_18_a_rotation_that_would_never_be_in_force_is_refused(ann: Prompt) -> None:
    assert ann.refused("rota", "set", "sam", "--from", "2026-11-20T08:00") == (
        "Error: the rotation in force began later, on Mon 23 Nov 2026 08:00 GMT; give that time or a later one\n"
    )
    ann.done("rota", "set", "sam", "--from", "2026-11-23T08:00")
    assert ann.done("rota", "show").startswith("Sam Okoro is on call")
    ann.done("rota", "set", "priya", "--from", "2026-11-24T08:00")
    assert ann.done("rota", "show").startswith("Priya Nair is on call")


def test_lists_show_names_and_say_where_there_is_nothing(ann: Prompt) -> None:
    ann.done("organisation", "add", "Globex plc", "--account-manager", "rosa")
    listed = ann.done("organisation", "list")
    assert "rosa" not in listed.split()
    assert "Technical Support" in ann.done("staff", "list")
    assert ann.done("knowledge", "find", "zzz") == "No article matches.\n"
    assert ann.done("contact", "list", "Globex plc").startswith("Globex plc has no contact yet")
    assert ann.done("day", "list") == "No day was closed or given other hours.\n"


def test_a_release_is_shown_with_its_weekday(ann: Prompt) -> None:
    assert ann.done("release", "add", "9.9", "--day", "2026-12-08") == "9.9 is planned for Tue 8 Dec 2026.\n"
    assert "STATUS" in ann.done("release", "list")
