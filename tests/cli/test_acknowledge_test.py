"""The test page of the month on the command line: acknowledged, and named by doctor where it was not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from supportdesk.desk import Desk
from supportdesk.tickets.records.commands import SendNotice
from tests.cli.prompt import Prompt

SENT = datetime(2026, 12, 1, 10, tzinfo=UTC)
PAGES = ("test page 2026-12 priya", "test page 2026-12 sam")


def send_tests(ann: Prompt) -> None:
    """Send test pages to Priya and Sam, as a watcher does."""
    ann.at(SENT)
    desk = Desk.open(ann.address, ann.clock)
    for key in PAGES:
        desk.do(SendNotice((key.split()[-1],), "test", "This is a test", key), by="watcher")
    desk.close()


def test_a_test_page_is_acknowledged_once_by_the_person_to_whom_it_was_sent(ann: Prompt) -> None:
    assert "No test page waits for you" in ann.by("priya").refused("acknowledge", "--test")
    send_tests(ann)
    priya = ann.by("priya")
    assert priya.done("acknowledge", "--test") == (
        "The test page of Tue 1 Dec 2026 10:00 GMT is acknowledged.\n"
    )
    assert "No test page waits for you" in priya.refused("acknowledge", "--test")
    assert "No test page waits for you" in ann.refused("acknowledge", "--test")
    assert "or --test for the test page" in ann.refused("acknowledge")
    assert ann("verify").code == 0


def test_doctor_names_who_did_not_acknowledge_within_a_day(ann: Prompt) -> None:
    send_tests(ann)
    ann.by("priya").done("acknowledge", "--test")
    assert "did not acknowledge the test page" not in ann("doctor").out
    ann.at(SENT + timedelta(days=1, minutes=1))
    shown = " ".join(ann("doctor").out.split())
    assert "Sam Okoro did not acknowledge the test page of Tue 1 Dec 2026 10:00 GMT" in shown
    assert "Priya Nair did not acknowledge" not in shown
