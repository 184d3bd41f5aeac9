"""`supportdesk outbox`: what waits, what is held back until when, and what has failed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from supportdesk.cli import outbox_text
from supportdesk.cli.commands import outbox as outbox_command
from supportdesk.desk import Desk
from supportdesk.store import tables
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.records.commands import SendNotice
from tests.cli.prompt import Prompt
from tests.store.desks import database_of, done

CRITICAL = (
    *("--severity", "critical", "--channel", "hotline"),
    *("--organisation", "Acme Ltd", "--contact", "Jo Park", "--summary", "Everything hangs"),
)


@pytest.fixture
def ref(ann: Prompt) -> str:
    """A Critical, for which Priya is paged by SMS, and by telephone two minutes later."""
    addresses = ("--address", "sms +44 7700 900123", "--address", "call +44 7700 900123 after 2 min")
    ann.done("staff", "change", "priya", *addresses)
    return ann.done("log", *CRITICAL).split()[0]


def record(ann: Prompt, detail: str, **more: bool) -> None:
    """Record a failed attempt at what is due."""
    desk = Desk.open(ann.address, ann.clock)
    for shipment in desk.claim_shipments("here", {"sms": (9, 9)}):
        command = RecordAttempt(shipment.first.id, "not delivered", detail, **more)
        done(desk, command, by=WATCHER.key)
    desk.close()


def notify(ann: Prompt, key: str) -> None:
    desk = Desk.open(ann.address, ann.clock)
    done(desk, SendNotice(("priya",), "notice", f"about {key}", key), by=WATCHER.key)
    desk.close()


def test_an_empty_outbox_says_so(ann: Prompt) -> None:
    assert ann.done("outbox") == "Nothing waits to be sent.\n"
    assert ann("outbox", "--json").json == []


def test_what_waits_is_listed_with_its_time(ann: Prompt, ref: str) -> None:
    shown = ann.done("outbox")
    assert shown.startswith("2 messages wait to be sent.\n")
    [first, second] = [line for line in shown.splitlines() if ref in line]
    assert "page  Priya Nair  sms +44 7700 900123" in first
    assert first.endswith("  to be sent at 09:42 GMT")
    assert second.endswith("  to be sent at 09:44 GMT")


def test_what_is_not_listed_is_counted_all_the_same(
    ann: Prompt, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_text, "MOST", 1)
    shown = ann.done("outbox")
    assert shown.startswith("At least 1 message waits to be sent.\n")
    assert "Only the first 1 are listed" in shown
    monkeypatch.setattr(outbox_command, "_MOST", 1)
    shown = ann.done("outbox", "--all")
    assert shown.startswith("2 waiting.\n")
    assert shown.endswith("\nThe newest 1 of 2.\n")


def test_what_no_watcher_sends_is_named(ann: Prompt, ref: str) -> None:
    ann.clock.set(ann.clock.now() + timedelta(minutes=2))
    [line, _] = [line for line in ann.done("outbox").splitlines() if ref in line]
    assert line.endswith("due since 09:42 GMT: no watcher sends by sms")


def test_a_failed_attempt_says_what_came_of_it_and_when_it_is_repeated(ann: Prompt, ref: str) -> None:
    record(ann, "refused")
    assert "to be sent again at 09:42 GMT (last attempt: refused)" in ann.done("outbox")
    ann.clock.set(ann.clock.now() + timedelta(seconds=5))
    record(ann, "no such number", permanent=True)
    shown = ann.done("outbox")
    assert "1 message waits to be sent, 1 has failed in the last 7 days." in shown
    assert "not delivered: no such number" in shown


def test_what_is_held_back_says_until_when_and_why(ann: Prompt) -> None:
    ann.done("staff", "change", "priya", "--address", "sms +44 7700 900123", "--quiet", "08:00-10:00")
    notify(ann, "one")
    shown = ann.done("outbox")
    assert "1 message waits to be sent, 1 of them is held back." in shown
    assert "held until 10:00 GMT: quiet hours" in shown


def test_the_json_has_every_fact(ann: Prompt, ref: str) -> None:
    record(ann, "refused")
    first = ann("outbox", "--json").json[0]
    assert {**first, "id": ""} == {
        "id": "",
        "ref": ref,
        "kind": "page",
        "urgent": True,
        "person": "priya",
        "method": "sms",
        "target": "+44 7700 900123",
        "state": "waiting",
        "made_at": first["made_at"],
        "due_at": first["due_at"],
        "held": None,
        "attempts": 1,
        "tried_at": first["made_at"],
        "detail": "refused",
        "why": "Critical logged",
    }
    assert first["made_at"].endswith("09:42:00Z")


def test_the_status_of_the_watcher_mentions_what_waits(ann: Prompt, ref: str) -> None:
    assert "2 messages wait to be sent. See `supportdesk outbox`." in ann("watch", "--status").out


def test_the_watcher_sends_by_the_methods_of_the_settings_file(ann: Prompt, ref: str, tmp_path: Path) -> None:
    sent, config = tmp_path / "sent", tmp_path / "config.toml"
    config.write_text(
        f"[watcher.methods.sms]\ncommand = ['/bin/sh', '-c', 'cat >> {sent}; echo arrived at the gateway']\n"
    )
    answer = ann("--config", str(config), "watch", "--once")
    assert answer.code == 0, answer.err
    assert f"{ref}: page to priya by sms delivered" in answer.err
    page = json.loads(sent.read_text())
    assert (page["reference"], page["to"], page["kind"], page["username"]) == (
        ref, "+44 7700 900123", "page", "priya",
    )  # fmt: skip
    assert "sms to Priya Nair delivered: page to +44 7700 900123" in ann.done("show", ref)
    assert ann.done("outbox").startswith("1 message waits to be sent.")
    assert ann("--config", str(config), "watch", "--once").code == 0
    assert len(sent.read_text().splitlines()) == 1


def test_nothing_is_sent_without_methods(ann: Prompt, ref: str) -> None:
    assert ann("watch", "--once").code == 0
    assert ann.done("outbox").startswith("2 messages wait to be sent.")


def test_doctor_says_that_no_watcher_sends_by_a_method(ann: Prompt, ref: str) -> None:
    assert "no watcher sends" not in ann("doctor").out
    ann.clock.set(ann.clock.now() + timedelta(minutes=2))
    advice = ann("doctor").out
    assert (
        "1 message waits since 09:42 GMT, as no watcher sends by sms: set it up with [watcher.methods.sms]"
        in advice
    )
    record(ann, "refused")
    assert "sends by sms" not in ann("doctor").out


def test_what_failed_is_sent_again_by_the_beginning_of_its_id(ann: Prompt, ref: str) -> None:
    record(ann, "no such number", permanent=True)
    [failed] = [line for line in ann.done("outbox").splitlines() if "not delivered: no such number" in line]
    assert ann.done("outbox", "retry", failed.split()[0]) == (
        "It is sent again as soon as a watcher finds it, within seconds.\n"
    )
    assert "2 messages wait to be sent." in ann.done("outbox")
    assert "asked for the page to Priya Nair to be sent again by sms" in ann.done("show", ref)


def test_what_may_have_arrived_or_is_unknown_is_refused_with_what_to_do(ann: Prompt, ref: str) -> None:
    desk = Desk.open(ann.address, ann.clock)
    [page] = [each.first for each in desk.claim_shipments("here", {"sms": (9, 9)})]
    done(desk, RecordAttempt(page.id, "possibly delivered"), by=WATCHER.key)
    desk.close()
    refused = ann("outbox", "retry", page.id)
    assert refused.code == 2
    assert "supportdesk outbox retry --even-if-arrived" in refused.err
    assert "sent again" in ann.done("outbox", "retry", page.id, "--even-if-arrived")


@pytest.mark.parametrize("typed", ["", " ", "1", "1234567"])
def test_too_little_of_an_id_is_refused(ann: Prompt, typed: str) -> None:
    refused = ann("outbox", "retry", typed)
    assert (refused.code, "at least the first 8 characters" in refused.err) == (2, True)


@pytest.mark.parametrize("typed", ["00000000", "zzzzzzzz", "%%%%%%%%", "________", "0" * 65])
def test_an_id_that_no_message_has_is_refused(ann: Prompt, ref: str, typed: str) -> None:
    refused = ann("outbox", "retry", typed)
    assert (refused.code, f'No message begins with "{typed[:8]}' in refused.err) == (2, True)


def test_an_id_that_two_messages_have_is_refused(ann: Prompt, ref: str) -> None:
    desk = Desk.open(ann.address, ann.clock)
    for place, method in enumerate(("sms", "call")):
        alike = update(tables.deliveries).where(tables.deliveries.c.method == method)
        values = {"id": f"abcdef01{place}".ljust(64, "0")}
        database_of(desk).write(lambda connection: connection.execute(alike.values(values)))  # noqa: B023
    desk.close()
    refused = ann("outbox", "retry", "ABCDEF01")
    assert (refused.code, "2 messages begin with" in refused.err) == (2, True), refused.err
    assert "it was not tried yet" in ann("outbox", "retry", "abcdef010").err


def test_all_lists_what_went_out_with_what_became_of_it(ann: Prompt, ref: str) -> None:
    assert "2 waiting." in ann.done("outbox", "--all")
    desk = Desk.open(ann.address, ann.clock)
    [page] = [each.first for each in desk.claim_shipments("here", {"sms": (9, 9)})]
    done(desk, RecordAttempt(page.id, "delivered", "accepted"), by=WATCHER.key)
    desk.close()
    shown = ann.done("outbox", "--all")
    assert shown.startswith("1 waiting, 1 sent.\n")
    assert "  sent: accepted" in shown
    [sent] = [each for each in ann("outbox", "--all", "--json").json if each["fate"] == "sent"]
    assert (sent["id"], sent["bounce"]) == (page.id, None)
