"""Hours on call for pay, and the calendar file of a person, read back by a reader of such files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from icalendar import Calendar

from tests.cli.prompt import Prompt

DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_hours_of_a_month_are_those_of_the_timeline(ann: Prompt) -> None:
    ann.done("rota", "override", "sam", "--from", "2026-11-25T20:00", "--to", "2026-11-26T08:00")
    ann.at(datetime(2026, 11, 26, 2, tzinfo=UTC))
    ann.log("critical", channel="hotline")
    ann.at(DECEMBER)
    found = rows(ann.done("rota", "hours", "--month", "2026-11", "--csv"))
    assert [(each["username"], int(each["on_call_seconds"]) / 3600) for each in found] == [
        ("priya", (30 - 23) * 24 + 16 - 12),
        ("sam", 12),
    ]
    sam = found[1]
    assert (int(sam["night_seconds"]), sam["pages"], sam["times_woken"]) == (7 * 3600, "1", "1")
    assert found == rows(ann.done("rota", "hours", "--month", "Nov 2026", "--csv"))
    figures = ann("rota", "hours", "--month", "2026-11", "--json").json
    assert figures["month"] == "2026-11"
    assert sum(each["on_call_seconds"] for each in figures["people"]) == (7 * 24 + 16) * 3600
    printed = ann.done("rota", "hours", "--month", "2026-11")
    assert printed.startswith("November 2026\n\nPERSON")
    assert printed.splitlines()[-1].split()[:2] == ["all", "184:00:00"]


def test_the_pages_of_an_escalation_are_counted_for_whom_the_timeline_has_on_call_and_wake_once(
    ann: Prompt,
) -> None:
    ann.done("rota", "override", "sam", "--from", "2026-11-25T20:00", "--to", "2026-11-26T08:00")
    ann.at(datetime(2026, 11, 26, 2, tzinfo=UTC))
    ref = ann.log("critical", channel="hotline")
    ann.at(datetime(2026, 11, 26, 2, 5, 1, tzinfo=UTC))
    assert ann("watch", "--once").code == 0
    pages = [each for each in ann.ticket(ref)["timeline"] if "paged Sam Okoro" in each["sentence"]]
    assert len(pages) == 2
    ann.at(DECEMBER)
    found = rows(ann.done("rota", "hours", "--month", "2026-11", "--csv"))
    assert [(each["username"], each["pages"], each["times_woken"]) for each in found] == [
        ("priya", "0", "0"),
        ("sam", "2", "1"),
    ]


def test_only_what_has_passed_counts_in_this_month_and_what_is_planned_in_a_coming_one(ann: Prompt) -> None:
    (priya,) = ann("rota", "hours", "--json").json["people"]
    assert priya["on_call_seconds"] == (24 * 60 + 102) * 60
    january = ann("rota", "hours", "--month", "2027-01", "--json").json
    assert january["planned"]
    (priya,) = january["people"]
    assert (priya["on_call_seconds"], priya["pages"]) == (31 * 24 * 3600, 0)
    assert "January 2027, as planned" in ann.done("rota", "hours", "--month", "2027-01")
    refused = ann.refused("rota", "hours", "--month", "2028-01")
    assert "January 2028 is too far in the future; this month is November 2026; ask for one" in refused
    assert ann.done("rota", "hours", "--month", "2026-10") == "Nobody was on call in October 2026.\n"


def test_a_calendar_file_has_the_shifts_of_a_person_and_is_read_back(ann: Prompt) -> None:
    ann.done("rota", "override", "sam", "--from", "2026-11-25T20:00", "--to", "2026-11-26T08:00")
    calendar = Calendar.from_ical(ann.done("rota", "ics", "sam", "--weeks", "2"))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == datetime(2026, 11, 25, 20, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert str(event["summary"]) == "On call"
    assert str(event["description"]) == "Override, instead of Priya Nair"
    theirs = Calendar.from_ical(ann.done("rota", "ics", "priya", "--weeks", "2")).walk("VEVENT")
    starts = [each.decoded("dtstart") for each in theirs]
    assert starts[:2] == [datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 26, 8, tzinfo=UTC)]
    assert len({str(each["uid"]) for each in theirs}) == len(theirs)
