"""Records saved elsewhere, and policies and shifts that begin with time alone, reach a running console."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from supportdesk.sla.policy import Policy, with_days
from supportdesk.tickets.documents import Contact, Person, Role, Rotation
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import ChangeDay, SaveContact, SavePerson, SaveRotation
from tests.console.fixtures.fake_desk import FakeDesk, claritum
from tests.console.fixtures.morning import NOW, OPERATOR, morning_desk
from tests.console.harness.console import Running, running

ROOT = Person("root", "Root", "user-support", (Role.ADMINISTRATOR,))


def morning() -> FakeDesk:
    """A desk with an administrator on its staff."""
    desk = morning_desk()
    desk.records = replace(desk.records, staff={**desk.records.staff, "root": ROOT})
    return desk


def ref(desk: FakeDesk, summary: str) -> str:
    return next(row.ref for row in desk.queue().rows if row.summary.startswith(summary))


async def test_the_person_on_call_has_the_new_name_though_a_ticket_changes_at_the_same_time() -> None:
    desk = morning()
    async with running(desk) as it:
        assert "on call Priya N." in it.header
        priya = msgspec.structs.replace(desk.records.staff["priya"], name="Priya Iyer")
        desk.do(SavePerson(priya), by="root")
        desk.do_as("sam", Note(ref(desk, "Export stops"), "looking"))
        await it.until(lambda: "on call Priya I." in it.header)


async def test_a_rota_that_changes_with_a_ticket_is_shown_in_the_header() -> None:
    desk = morning()
    async with running(desk) as it:
        desk.do(SaveRotation(Rotation(("sam",), NOW, "Europe/London")), by="root")
        desk.do_as("sam", Note(ref(desk, "Export stops"), "looking"))
        await it.until(lambda: "on call Sam O." in it.header)


async def test_a_closure_declared_on_another_console_is_shown_in_the_header_and_stops_the_timers() -> None:
    desk = morning()
    async with running(desk) as it:
        assert "Office open until 18:00 GMT" in it.header
        assert "1:33" in it.line(ref(desk, "Stock levels"))
        desk.policy = with_days(desk.policy, [ChangeDay("office", NOW.date(), (), "storm")])
        desk._seq += 1
        desk._records["day"] = desk._seq
        desk.do_as("sam", Note(ref(desk, "Export stops"), "looking"))
        await it.until(lambda: "Office closed until Wed 08:00 GMT" in it.header)


async def test_a_contacts_new_number_is_shown_in_the_brief() -> None:
    desk = morning()
    async with running(desk, (80, 24)) as it:
        await _open(it, "Checkout")
        assert "+44 20 7946 0018" in it.ticket_text
        jo = desk.records.contacts["jo"]
        assert isinstance(jo, Contact)
        desk.do(SaveContact(msgspec.structs.replace(jo, telephone="+44 20 7946 0099")), by="ann")
        desk.announce_change()
        await it.until(lambda: "+44 20 7946 0099" in it.ticket_text)


async def test_an_operator_who_becomes_a_supervisor_has_the_permissions_at_once() -> None:
    desk = morning()
    async with running(desk) as it:
        me = msgspec.structs.replace(desk.records.staff[OPERATOR], roles=(Role.SUPERVISOR,))
        desk.do(SavePerson(me), by="root")
        desk.do_as("sam", Note(ref(desk, "Export stops"), "looking"))

        def is_supervisor() -> bool:
            session = it.screen.session
            return session is not None and session.person == me

        await it.until(is_supervisor)


class LaterPolicy(FakeDesk):
    """Has another version of the policy from `effective` on; nobody writes anything when it begins."""

    effective: datetime
    later: Policy

    def policy_at(self, at: datetime) -> Policy:
        return self.later if at >= self.effective else self.policy


async def test_a_policy_that_takes_effect_later_applies_in_a_running_console_from_then_on() -> None:
    today = morning()
    desk = LaterPolicy(today.clock, today.records)
    desk.__dict__.update(today.__dict__)
    renamed = tuple(
        msgspec.structs.replace(each, name="Urgent" if each.key == "high" else each.name)
        for each in claritum().severities
    )
    desk.effective = NOW + timedelta(minutes=10)
    desk.later = msgspec.structs.replace(claritum(), version="2", severities=renamed)
    async with running(desk) as it:
        await it.at(NOW + timedelta(minutes=9, seconds=59))
        assert any(line.lstrip(" ▸▾").startswith("HIGH") for line in it.queue)
        await it.at(desk.effective)
        await it.until(lambda: any(line.lstrip(" ▸▾").startswith("URGENT") for line in it.queue))


async def test_a_shift_that_begins_after_a_gap_is_shown_in_the_header() -> None:
    desk = morning()
    starts = NOW + timedelta(minutes=10)
    desk.records = replace(desk.records, rotations=(Rotation(("sam",), starts, "Europe/London"),))
    async with running(desk) as it:
        assert "nobody on call" in it.header
        await it.at(starts)
        await it.until(lambda: "on call Sam O." in it.header)


async def _open(it: Running, summary: str) -> None:
    assert it.screen.queue.find(ref(it.desk, summary))
    it.screen.queue.focus()
    await it.press("enter")
    await it.until(
        lambda: it.screen.ticket_pane.context is not None and it.screen.ticket_pane.context.view is not None
    )
    await it.pilot.pause()
