"""Every key that can be rebound, once: bindings, key bar, help and palette are made from this list.

A key is identified by its id, which never changes, whatever its scope is called. A ticket command's title and help come
from the command; see `TicketCommand`. Keys with a fixed meaning, such as Enter in a confirmation, are declared by the
widgets that handle them; `overrides.FIXED` lists those that no other key may take there. `Console.BINDINGS` repeats the
ids of the keys that work on every screen, since this list is not imported before the first frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from supportdesk.console.keys.key import Key, Scope
from supportdesk.console.keys.screen_keys import SCREEN_KEYS


def _command(key: str, *verbs: str, bar: int = 0, label: str = "") -> Key:
    return Key(
        f"ticket.{verbs[0]}", key, f"command('{verbs[0]}')", Scope.TICKET, label or verbs[0], "", verbs, bar
    )


BACK = (
    "One step back: closes the message, call, voicemails, zoom, ticket, marks, filter or view, in this order"
)
"""What Escape closes, one at a time and in this order; a filter that is being typed comes before the ticket."""
JUMP = "Go to a severity by its number: 1 is the most severe"

KEYS: tuple[Key, ...] = (
    Key("desk.call", "n", "visit('call')", Scope.DESK, "call", "Take a call: find the caller, log the request", bar=2),
    Key("desk.log", "N", "visit('log')", Scope.DESK, "log", "", ("log",)),
    _command("c", "claim", bar=4),
    _command("a", "assign", bar=5),
    _command("e", "escalate", bar=3),
    _command("r", "reply", bar=6),
    _command("i", "note", bar=10),
    _command("w", "wait", "resume", bar=7, label="hold"),
    _command("s", "severity", bar=11),
    _command("o", "workaround"),
    _command("f", "fix", label="fix date"),
    _command("t", "article"),
    _command("T", "send-article", label="send article"),
    _command("y", "called", label="record call"),
    _command("Y", "customer-message", label="add message"),
    _command("m", "contacted"),
    _command("p", "acknowledge", bar=12),
    _command("H", "handover", label="hand over"),
    _command("h", "handback", label="hand back"),
    _command("x", "resolve", bar=8),
    _command("X", "reopen"),
    _command("z", "close"),
    _command("l", "link"),
    _command("d", "duplicate"),
    _command("P", "move-policy"),
    _command("C", "correct-time"),
    Key("desk.undo", "u", "command('undo')", Scope.DESK, "undo", "Undo your last action", ("undo",)),
    Key("desk.filter", "slash", "filter", Scope.DESK, "filter", "Filter the queue, or go to a reference", bar=9),
    Key("desk.seek", "apostrophe", "seek(0)", Scope.DESK, "find", "Find a ticket without filtering the queue"),
    Key("desk.seek_next", "f3", "seek(1)", Scope.DESK, "", "The next match"),
    Key("desk.seek_last", "f15", "seek(-1)", Scope.DESK, "", "The previous match"),
    Key(
        "desk.answer", "f4", "app.answer", Scope.DESK, "",
        "Answer the incoming call, on any screen", before_focus=True,
    ),
    Key("notice.act", "f7", "app.notice('act')", Scope.DESK, "", "Act on the notice", before_focus=True),
    Key("notice.open", "f5", "app.notice('open')", Scope.DESK, "", "Open the notice's ticket", before_focus=True),
    Key("notice.dismiss", "f12", "app.notice('dismiss')", Scope.DESK, "", "Dismiss the notice", before_focus=True),
    Key("desk.next_view", "v,tab", "next_view(1)", Scope.DESK, "view", "The next view", bar=14),
    Key("desk.last_view", "V,shift+tab", "next_view(-1)", Scope.DESK, "", "The previous view"),
    Key("desk.board", "b", "visit('board')", Scope.DESK, "board", "Board: attainment, load, breaching soon", bar=16),
    Key("desk.help", "question_mark,f1", "help", Scope.DESK, "help", "The keys that work here", bar=1),
    Key("desk.palette", "ctrl+p,f2", "app.command_palette", Scope.DESK, "commands", "All commands, by name", bar=13),
    Key("desk.narrower", "less_than_sign", "pane('narrower')", Scope.DESK, "", "Make the ticket pane smaller"),
    Key("desk.wider", "greater_than_sign", "pane('wider')", Scope.DESK, "", "Make the ticket pane larger"),
    Key("desk.turn_pane", "backslash", "pane('turn')", Scope.DESK, "", "Move the ticket pane beside or below"),
    Key("desk.directory", "D", "visit('directory')", Scope.DESK, "", "Directory: people, customers, releases, rota"),
    Key("desk.rota", "R", "visit('rota')", Scope.DESK, "", "Rota: who is on call, overrides, swaps and absences"),
    Key("desk.inbox", "I", "visit('inbox')", Scope.DESK, "", "Inbox: pages, offered tickets and notices for you"),
    Key("desk.shift", "S", "visit('shift')", Scope.DESK, "", "Shift: hand it over, or accept a handover"),
    Key("desk.intake", "Q", "visit('intake')", Scope.DESK, "", "Intake: what arrived by mail, and what became of it"),
    Key("desk.voicemail", "0", "voicemail", Scope.DESK, "", "Go to the voicemails and missed calls that wait"),
    Key("desk.outbox", "O", "visit('outbox')", Scope.DESK, "", "Outbox: what goes out, and what did not arrive"),
    Key("desk.attachments", "A", "attachments", Scope.DESK, "", "Attachments of the ticket's mail: open or save one"),
    Key("desk.lock", "L", "app.lock", Scope.DESK, "", "Lock the console: hides the desk, not its alarms"),
    Key(
        "desk.lock_anywhere", "shift+f11,f23", "app.lock", Scope.DESK, "", "Lock the console, on any screen",
        before_focus=True,
    ),
    Key("desk.theme", "f9", "app.change_theme", Scope.DESK, "", "Choose a theme"),
    Key("desk.back", "escape", "back", Scope.DESK, "back", BACK, (), 3),
    Key("desk.stop", "ctrl+z", "app.suspend_process", Scope.DESK, "", "Suspend to the shell; the command fg resumes"),
    Key("desk.quit", "q,f10", "app.quit", Scope.DESK, "quit", "Quit", bar=15),
    Key("queue.open", "enter", "open", Scope.QUEUE, "open", "Open the ticket, or unfold the group", bar=1),
    Key("queue.mark", "space", "mark", Scope.QUEUE, "mark", "Mark the ticket and move down; on a heading, fold"),
    Key("queue.mark_down", "shift+down", "mark_on(1)", Scope.QUEUE, "", "Mark the ticket and move down"),
    Key("queue.mark_up", "shift+up", "mark_on(-1)", Scope.QUEUE, "", "Mark the ticket and move up"),
    Key("queue.mark_all", "M", "mark_all", Scope.QUEUE, "", "Mark all tickets shown, or clear these marks"),
    Key("queue.fold_here", "left", "fold_here(True)", Scope.QUEUE, "", "Fold the group"),
    Key("queue.unfold_here", "right", "fold_here(False)", Scope.QUEUE, "", "Unfold the group"),
    Key("queue.down", "down,j", "move(1)", Scope.QUEUE, "", "Down"),
    Key("queue.up", "up,k", "move(-1)", Scope.QUEUE, "", "Up"),
    Key("queue.page_down", "pagedown", "page(1)", Scope.QUEUE, "", "A page down"),
    Key("queue.page_up", "pageup", "page(-1)", Scope.QUEUE, "", "A page up"),
    Key("queue.top", "g,home", "top", Scope.QUEUE, "", "To the top"),
    Key("queue.bottom", "G,end", "bottom", Scope.QUEUE, "", "To the bottom"),
    *(
        Key(f"queue.severity_{n}", str(n), f"jump({n})", Scope.QUEUE, "", JUMP if n == 1 else "")
        for n in range(1, 6)
    ),
    Key(
        "detail.zoom", "enter", "screen.pane('zoom')", Scope.TICKET_PANE, "zoom",
        "Show the ticket at full width, or beside the queue again", bar=1,
    ),
    Key("detail.down", "down,j", "scroll_by(1)", Scope.TICKET_PANE, "", "Down"),
    Key("detail.up", "up,k", "scroll_by(-1)", Scope.TICKET_PANE, "", "Up"),
    Key("detail.page_down", "pagedown", "page(1)", Scope.TICKET_PANE, "", "A page down"),
    Key("detail.page_up", "pageup", "page(-1)", Scope.TICKET_PANE, "", "A page up"),
    Key("detail.top", "g,home", "top", Scope.TICKET_PANE, "", "To the top"),
    Key("detail.bottom", "G,end", "bottom", Scope.TICKET_PANE, "", "To the bottom"),
    Key("detail.next_tab", "right,right_square_bracket", "turn(1)", Scope.TICKET_PANE, "tab", "The next tab", bar=2),
    Key("detail.last_tab", "left,left_square_bracket", "turn(-1)", Scope.TICKET_PANE, "", "The previous tab"),
    Key("detail.unfold", "U", "unfold", Scope.TICKET_PANE, "", "Unfold what was sent or quoted, or fold it"),
    Key("detail.next_ticket", "J", "screen.step(1)", Scope.TICKET_PANE, "", "The next ticket in the queue"),
    Key("detail.last_ticket", "K", "screen.step(-1)", Scope.TICKET_PANE, "", "The previous ticket in the queue"),
    Key("voicemail.open", "enter", "open", Scope.VOICEMAIL, "listen", "Listen to it, and settle it", bar=1),
    Key("voicemail.down", "down,j", "move(1)", Scope.VOICEMAIL, "", "Down, below the last one to the queue"),
    Key("voicemail.up", "up,k", "move(-1)", Scope.VOICEMAIL, "", "Up"),
    Key("voicemail.top", "g,home", "end(-1)", Scope.VOICEMAIL, "", "To the first one"),
    Key("voicemail.bottom", "G,end", "end(1)", Scope.VOICEMAIL, "", "To the last one"),
    Key("voicemail.mark", "space,shift+down,shift+up,M", "refuse", Scope.VOICEMAIL),
    Key("line.take", "tab", "take", Scope.FILTER, "accept", "Accept the suggestion (at the end, also →)", bar=1),
    Key(
        "line.next", "down", "choose(1)", Scope.FILTER, "next",
        "The next suggestion; the queue if there is none", bar=2,
    ),
    Key("line.last", "up", "choose(-1)", Scope.FILTER, "", "The previous suggestion"),
    Key("line.keep", "enter", "keep", Scope.FILTER, "apply", "Apply it and return, or go to a reference", bar=3),
    Key("line.leave", "pagedown,pageup", "leave", Scope.FILTER),
    Key("line.clear", "escape", "screen.back", Scope.FILTER, "clear", "Clear it and return to where you were", bar=4),
    Key("line.save", "f6", "save", Scope.FILTER, "save", "Save it as your own view", bar=5),
    Key("line.help", "f1", "screen.help", Scope.FILTER, "help", "What a filter can contain", bar=6),
    Key("replay.toggle", "space", "replay('toggle')", Scope.REPLAY, "play/pause", "Pause or resume the replay", bar=1),
    Key("replay.step", "full_stop", "replay('step')", Scope.REPLAY, "step", "One minute forward", bar=2),
    Key("replay.back", "comma", "replay('back')", Scope.REPLAY, "", "One minute back"),
    Key("replay.faster", "plus", "replay('faster')", Scope.REPLAY, "faster", "Faster", bar=3),
    Key("replay.slower", "minus", "replay('slower')", Scope.REPLAY, "slower", "Slower", bar=4),
    Key("dialog.leave", "escape", "leave", Scope.DIALOG, "", "Leave a dialog; what you typed is saved"),
    Key("dialog.page_down", "pagedown", "page(1)", Scope.DIALOG, "", "A page down in a dialog"),
    Key("dialog.page_up", "pageup", "page(-1)", Scope.DIALOG, "", "A page up in a dialog"),
    Key("form.send", "f2,ctrl+s", "send", Scope.FORM, "", "Send or save the form"),
    Key("form.start_afresh", "f8", "start_afresh", Scope.FORM, "", "Discard what you typed and start again"),
    # These come before what the fields would do, so that keys typed ahead go to the field that they were meant for.
    Key(
        "form.go_on", "enter", "go_on", Scope.FORM, "",
        "The next field; from the last one, send or save", before_focus=True,
    ),
    Key("form.next_field", "tab", "move(1)", Scope.FORM, "", "The next field", before_focus=True),
    Key("form.last_field", "shift+tab", "move(-1)", Scope.FORM, "", "The previous field", before_focus=True),
    Key("confirm.yes", "y", "yes", Scope.QUESTION, "", "Yes, in a confirmation"),
    Key("confirm.no", "n", "leave", Scope.QUESTION, "", "No, in a confirmation"),
    Key("call.brief", "f6", "brief", Scope.CALL, "", "Show the whole ticket, or return to the form", before_focus=True),
    Key("logged.copy", "c", "copy", Scope.READ_BACK, "", "Copy the reference and due times"),
    Key("listening.play", "enter,p", "play", Scope.LISTENING, "", "Play the recording, again from its beginning"),
    Key("listening.stop", "s", "stop", Scope.LISTENING, "", "Stop playing it"),
    Key("listening.log", "n", "log", Scope.LISTENING, "", "Log a ticket for it"),
    Key("listening.add", "a", "add", Scope.LISTENING, "", "Add it to a ticket"),
    Key("listening.dismiss", "x", "settle_dismissed", Scope.LISTENING, "", "Dismiss it, with a reason"),
    Key("listening.save", "w", "save", Scope.LISTENING, "", "Save the recording as a file"),
    Key("listening.help", "question_mark,f1", "help", Scope.LISTENING, "", "The keys that work here"),
    Key("attachments.open", "enter,o", "open", Scope.ATTACHMENTS, "", "Open it with the program of your settings"),
    Key("attachments.save", "w", "save", Scope.ATTACHMENTS, "", "Save it as a file"),
    Key("attachments.help", "question_mark,f1", "help", Scope.ATTACHMENTS, "", "The keys that work here"),
    *SCREEN_KEYS,
)  # fmt: skip


def bindings(*scopes: Scope) -> list[BindingType]:
    """Return Textual's bindings for the keys of some scopes."""
    return [
        Binding(
            key.keys,
            key.action,
            key.label,
            show=False,
            id=key.id,
            priority=key.before_focus or key.scope is Scope.REPLAY,
        )
        for key in KEYS
        if key.scope in scopes
    ]


def bound_keys(overrides: Mapping[str, str]) -> tuple[Key, ...]:
    """Return the keys with some of them rebound, by id. Raises KeyError for an unknown id."""
    return _rebind(tuple(sorted(overrides.items()))) if overrides else KEYS


@lru_cache(maxsize=4)
def _rebind(pairs: tuple[tuple[str, str], ...]) -> tuple[Key, ...]:
    overrides = dict(pairs)
    unknown = overrides.keys() - {key.id for key in KEYS}
    if unknown:
        raise KeyError(f"no key has the id {', '.join(sorted(unknown))}")
    return tuple(replace(key, keys=overrides.get(key.id, key.keys)) for key in KEYS)
