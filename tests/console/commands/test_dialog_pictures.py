"""Pictures of each dialog, on a wide terminal and on the smallest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual.screen import Screen

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.commands.escalate_form import EscalateForm
from supportdesk.console.commands.extend_form import ExtendForm
from supportdesk.console.commands.hand_over_form import HandOverForm
from supportdesk.console.commands.reply_form import ReplyForm
from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.dialog import DialogBody
from supportdesk.console.dialogs.help_screen import HelpEntry, HelpScreen
from supportdesk.console.dialogs.splash import SplashScreen
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.console.messages import QueueChanged
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Assign
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.resolution import PromiseFix, RecordContact, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import Seat, Shown, Stage, keys, settled, typed, until, words
from tests.console.harness.pictures import THEMES, Place, in_every_look

Compare = Callable[..., bool]
Script = Callable[[Shown], Awaitable[None]]
TOLD: tuple[type[Command], ...] = (Assign, Reply, PromiseFix, Wait, ChangeSeverity, Escalate, RecordContact)
HELP = (
    HelpEntry("In the queue", "enter", "", "Open the ticket, or unfold the group"),
    HelpEntry("In the queue", "space", "", "Fold or unfold the group whose heading the cursor is on"),
    *(HelpEntry("In the queue", key, "", "Down, or up, or somewhere else") for key in ("↓ j", "↑ k", "PgDn")),
    *(
        HelpEntry("The ticket", key, each.title, each.help_text())
        for key, each in zip("arfwsem", TOLD, strict=True)
    ),
    HelpEntry("The ticket", "X", "Reopen", "Reopen a ticket.", refused="it is open already"),
    HelpEntry("The desk", "/ F3", "", "Filter the queue, or go to a reference"),
    HelpEntry("The desk", "q F10", "", "Quit"),
)


async def nothing(pilot: Shown) -> None:
    await settled(pilot)


async def a_reply(pilot: Shown) -> None:
    await typed(pilot, "We can reproduce it. Which period do you export?")
    await keys(pilot, "tab", "t")


async def a_canned_reply(pilot: Shown) -> None:
    await keys(pilot, "shift+tab")
    await typed(pilot, "a")
    await until(pilot, lambda: bool(pilot.app.screen.query_one(SuggestionList).found))


async def a_name(pilot: Shown) -> None:
    await typed(pilot, "le")


async def a_severity(pilot: Shown) -> None:
    await keys(pilot, "c")


async def a_refusal(pilot: Shown) -> None:
    await keys(pilot, "tab")
    await typed(pilot, "an example")
    await keys(pilot, "enter")
    await until(pilot, lambda: bool(words(pilot, ".status.refused")))


async def a_change_meanwhile(pilot: Shown) -> None:
    await typed(pilot, "We can reproduce it and")
    form = pilot.app.screen
    assert isinstance(form, TicketForm)
    fake = form.context.desk
    assert isinstance(fake, FakeDesk)
    ref = form.view.ticket.ref
    fake.do_as("lee", Note(ref, "Bill rang: the period is October."))
    form.post_message(QueueChanged([fake.row(ref)]))
    await until(pilot, lambda: bool(words(pilot, ".news")))


async def a_handover(pilot: Shown) -> None:
    await typed(pilot, "Step three of the rollback hangs; Acme rings at 10.")


async def upward(pilot: Shown) -> None:
    await keys(pilot, "h")
    await typed(pilot, "the customer insists")


async def a_call(pilot: Shown) -> None:
    await typed(pilot, "glob")
    await keys(pilot, "enter")
    await typed(pilot, "han")
    await keys(pilot, "enter")
    await typed(pilot, "Labels print twice")
    await keys(pilot, "enter", "c", "tab", "tab", "t", "shift+tab", "shift+tab")
    screen = pilot.app.screen
    await until(pilot, lambda: screen.query_one(".keys").region.bottom <= screen.size.height)
    # How far it scrolled on the way is a matter of moments.
    screen.query_one(DialogBody).scroll_end(animate=False)
    await settled(pilot)


async def a_search(pilot: Shown) -> None:
    await typed(pilot, "n")


async def read_back(pilot: Shown) -> None:
    await a_call(pilot)
    await keys(pilot, "f2")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReadBackScreen))
    await settled(pilot)


def form(command: Any, about: str = "Export stops") -> Callable[[Seat], Screen[Any]]:
    return lambda seat: CommandForm(seat.context(), command, seat.view(about))


def reply(seat: Seat) -> ReplyForm:
    return ReplyForm(seat.context(), seat.view("Export stops"))


def extension(seat: Seat) -> ExtendForm:
    ref = seat.view("Nobody can log in").ticket.ref
    seat.desk.do_as("priya", Acknowledge(ref))
    seat.desk.do_as("ann", Assign(ref, owner="ann"))
    view, valid = seat.view("Nobody can log in"), seat.desk.explain_escalation(ref).valid
    return ExtendForm(seat.context(), view, valid)


async def a_reason(pilot: Shown) -> None:
    await typed(pilot, "the certificate is being renewed")


PICTURES: dict[str, tuple[Place, Callable[[Seat], Screen[Any]], Script]] = {
    "reply": (ReplyForm, reply, a_reply),
    "canned-reply": (ReplyForm, reply, a_canned_reply),
    "assign": (CommandForm, form(Assign), a_name),
    "fix-date": (CommandForm, form(PromiseFix), nothing),
    "severity": (CommandForm, form(ChangeSeverity), a_severity),
    "changed-meanwhile": (ReplyForm, reply, a_change_meanwhile),
    "hand-over": (HandOverForm, lambda seat: HandOverForm(seat.context(), seat.view("Checkout")), a_handover),
    "wait-refused": (CommandForm, form(Wait, "Stock levels"), a_refusal),
    "escalate": (
        EscalateForm,
        lambda seat: EscalateForm(seat.context(), seat.view("Purchase order")),
        upward,
    ),
    "escalate-breached": (
        EscalateForm,
        lambda seat: EscalateForm(seat.context(), seat.view("Checkout")),
        nothing,
    ),
    "extend": (ExtendForm, extension, a_reason),
    "log-who-rings": (LogRequestForm, lambda seat: LogRequestForm(seat.context()), a_search),
    "log-how-grave": (LogRequestForm, lambda seat: LogRequestForm(seat.context()), a_call),
    "logged": (ReadBackScreen, lambda seat: LogRequestForm(seat.context()), read_back),
    "help": (HelpScreen, lambda seat: HelpScreen(HELP), nothing),
    "opening": (SplashScreen, lambda seat: SplashScreen(), nothing),
    "confirm": (
        Confirm,
        lambda seat: Confirm("Close CD-4C02-Q?", "The ticket ends and its clocks stop.", "Close it"),
        nothing,
    ),
}


@in_every_look(PICTURES)
def test_a_dialog_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, opening, script = PICTURES[picture]
    stage = Stage(opening(Seat(morning_desk())), THEMES[theme])
    assert snap_compare(stage, terminal_size=size, run_before=script)
