"""The keys of the screens that open over the queue; see `keymap`."""

from __future__ import annotations

from supportdesk.console.keys.key import Key, Scope


def _record(id: str, keys: str, action: str, help: str, *, label: str = "", bar: int = 0) -> Key:  # noqa: A002
    return Key(f"directory.{id}", keys, action, Scope.DIRECTORY, label, help, bar=bar)


def _rota(id: str, keys: str, action: str, help: str, *, label: str = "", bar: int = 0) -> Key:  # noqa: A002
    return Key(f"rota.{id}", keys, action, Scope.ROTA, label, help, bar=bar)


def _inbox(id: str, keys: str, action: str, help: str, *, label: str = "", bar: int = 0) -> Key:  # noqa: A002
    return Key(f"inbox.{id}", keys, action, Scope.INBOX, label, help, bar=bar)


def _shift(id: str, keys: str, action: str, help: str, *, label: str = "", bar: int = 0) -> Key:  # noqa: A002
    return Key(f"shift.{id}", keys, action, Scope.SHIFT, label, help, bar=bar)


def _intake(id: str, keys: str, action: str, help: str, *, label: str = "", bar: int = 0) -> Key:  # noqa: A002
    return Key(f"intake.{id}", keys, action, Scope.INTAKE, label, help, bar=bar)


def _outbox(id: str, keys: str, action: str, help: str, *, label: str = "", bar: int = 0) -> Key:  # noqa: A002
    return Key(f"outbox.{id}", keys, action, Scope.OUTBOX, label, help, bar=bar)


SCREEN_KEYS: tuple[Key, ...] = (
    Key("board.open", "enter,space", "open", Scope.BOARD, "open", "The tickets behind the figure under the cursor"),
    Key("board.right", "right,l", "go(1, 0)", Scope.BOARD, "", "The figure to the right, or the next page"),
    Key("board.left", "left,h", "go(-1, 0)", Scope.BOARD, "", "The figure to the left, or the previous page"),
    Key("board.down", "down,j", "go(0, 1)", Scope.BOARD, "", "The figure below"),
    Key("board.up", "up,k", "go(0, -1)", Scope.BOARD, "", "The figure above"),
    Key("board.next", "tab,pagedown", "turn(1)", Scope.BOARD, "next", "The next part of the board"),
    Key("board.last", "shift+tab,pageup", "turn(-1)", Scope.BOARD, "", "The previous part of the board"),
    Key("board.help", "question_mark,f1", "screen.help", Scope.BOARD, "help", "The keys that work here"),
    Key("board.back", "escape,q,b", "screen.dismiss", Scope.BOARD, "back", "Back to the queue"),
    Key("list.open", "enter,space", "open", Scope.LIST, "open", "Leave the board and go to the ticket"),
    Key("list.down", "down,j", "move(1)", Scope.LIST, "", "Down"),
    Key("list.up", "up,k", "move(-1)", Scope.LIST, "", "Up"),
    Key("list.page_down", "pagedown", "page(1)", Scope.LIST, "", "A page down"),
    Key("list.page_up", "pageup", "page(-1)", Scope.LIST, "", "A page up"),
    Key("list.top", "g,home", "top", Scope.LIST, "", "To the top"),
    Key("list.bottom", "G,end", "bottom", Scope.LIST, "", "To the bottom"),
    Key("list.back", "escape,q", "screen.dismiss", Scope.LIST, "back", "Back to the board"),
    _record("edit", "e,enter", "edit", "Change the record under the cursor", label="edit", bar=2),
    _record("new", "n", "new", "A new record in this list", label="new", bar=3),
    _record("undo", "u", "undo", "Undo your last change to a record"),
    _record("register", "r", "register", "Register a contact whose identity you have checked"),
    _record("erase", "ctrl+e", "erase", "Erase a contact for good; what it changes is shown first"),
    _record("tickets", "o", "tickets", "The open tickets of this customer or colleague", label="tickets", bar=4),
    _record("find", "slash,f3", "find", "Find by name, company or key", label="find", bar=1),
    _record("next_kind", "tab,right,right_square_bracket", "turn(1)", "The next list", label="next list", bar=5),
    _record("last_kind", "shift+tab,left,left_square_bracket", "turn(-1)", "The previous list"),
    _record("down", "down,j", "move(1)", "Down"),
    _record("up", "up,k", "move(-1)", "Up"),
    _record("page_down", "pagedown", "page(1)", "A page down"),
    _record("page_up", "pageup", "page(-1)", "A page up"),
    _record("top", "g,home", "top", "To the top"),
    _record("bottom", "G,end", "bottom", "To the bottom"),
    _record("help", "question_mark,f1", "help", "The keys that work here", label="help", bar=6),
    _record("back", "escape,q", "back", "Back to the queue", label="back", bar=7),
    _rota("override", "o", "override", "Put somebody on call instead", label="override", bar=2),
    _rota("swap", "s", "offer", "Offer the shift for a swap", label="swap", bar=3),
    _rota("absence", "a", "absence", "Record that this person is away, and who deputises", label="absence", bar=4),
    _rota("accept", "c", "accept", "Accept the swap in which the shift is offered", label="accept", bar=5),
    _rota("approve", "v", "approve", "Approve the swap, as a supervisor", label="approve", bar=6),
    _rota("end", "x", "end", "End the override or the absence, or close the swap", label="end", bar=7),
    _rota("undo", "u", "undo", "Undo your last change to a record"),
    _rota("next_shift", "tab", "turn(1)", "The next shift of the day", label="next shift", bar=8),
    _rota("last_shift", "shift+tab", "turn(-1)", "The previous shift of the day"),
    _rota("right", "right,l", "move(1)", "The next day"),
    _rota("left", "left,h", "move(-1)", "The previous day"),
    _rota("down", "down,j", "move(7)", "A week later"),
    _rota("up", "up,k", "move(-7)", "A week earlier"),
    _rota("page_down", "pagedown", "move(28)", "Four weeks later"),
    _rota("page_up", "pageup", "move(-28)", "Four weeks earlier"),
    _rota("today", "t,home", "today", "Today"),
    _rota("help", "question_mark,f1", "help", "The keys that work here", label="help", bar=1),
    _rota("back", "escape,q,R", "back", "Back to the queue", label="back", bar=9),
    _inbox("open", "enter", "open", "Open the ticket, or the rota", label="open", bar=2),
    _inbox("done", "d,space", "done", "Mark as done, or as new again", label="done", bar=3),
    _inbox("later", "l", "later", "Put off until a time, or show as new again", label="later", bar=4),
    _inbox("acknowledge", "p", "acknowledge", "Acknowledge the page", label="acknowledge", bar=5),
    _inbox("down", "down,j", "move(1)", "Down"),
    _inbox("up", "up,k", "move(-1)", "Up"),
    _inbox("page_down", "pagedown", "page(1)", "A page down"),
    _inbox("page_up", "pageup", "page(-1)", "A page up"),
    _inbox("top", "g,home", "end(-1)", "To the top"),
    _inbox("bottom", "G,end", "end(1)", "To the bottom"),
    _inbox("help", "question_mark,f1", "help", "The keys that work here", label="help", bar=1),
    _inbox("back", "escape,q,I", "back", "Back to the queue", label="back", bar=6),
    _shift("give", "h", "hand_over", "Hand your shift over, or change your open handover", label="hand over", bar=2),
    _shift("accept", "c", "accept", "Accept the handover of a colleague's shift", label="accept", bar=3),
    _shift("withdraw", "x", "withdraw", "Withdraw your open handover", label="withdraw", bar=5),
    _shift("open", "enter", "open", "Open the ticket", label="open", bar=4),
    _shift("switch", "tab", "switch", "The shift of the colleague who hands it over, or yours", label="whose", bar=6),
    _shift("undo", "u", "undo", "Undo your last change to a record"),
    _shift("down", "down,j", "move(1)", "Down"),
    _shift("up", "up,k", "move(-1)", "Up"),
    _shift("page_down", "pagedown", "page(1)", "A page down"),
    _shift("page_up", "pageup", "page(-1)", "A page up"),
    _shift("top", "g,home", "end(-1)", "To the top"),
    _shift("bottom", "G,end", "end(1)", "To the bottom"),
    _shift("help", "question_mark,f1", "help", "The keys that work here", label="help", bar=1),
    _shift("back", "escape,q,S", "back", "Back to the queue", label="back", bar=7),
    _intake("ticket", "n", "log", "Log a ticket for the message", label="log ticket", bar=2),
    _intake("add", "a", "add", "Add the message to a ticket", label="add to ticket", bar=3),
    _intake("enrol", "e", "enrol", "Enrol the sender as a contact of a customer", label="enrol sender", bar=4),
    _intake("refuse", "x", "refuse", "Refuse the message, with a reason", label="refuse", bar=5),
    _intake("open", "enter", "open", "Open the message's ticket or a voicemail; else read it", label="open", bar=6),
    _intake("read", "space", "read", "Read the message on the whole screen, or return", label="read", bar=7),
    _intake("quoted", "U", "unfold", "Show what the text quotes as well, or fold it", label="quoted", bar=8),
    _intake("attachments", "A", "attachments", "Open or save the message's files", label="attachments", bar=9),
    _intake("find", "slash,f3", "find", "Find by sender or subject", label="find", bar=10),
    _intake("next_view", "tab,right,right_square_bracket", "turn(1)", "The next view", label="next view", bar=11),
    _intake("last_view", "shift+tab,left,left_square_bracket", "turn(-1)", "The previous view"),
    _intake("down", "down,j", "move(1)", "Down"),
    _intake("up", "up,k", "move(-1)", "Up"),
    _intake("page_down", "pagedown", "page(1)", "A page down"),
    _intake("page_up", "pageup", "page(-1)", "A page up"),
    _intake("top", "g,home", "end(-1)", "To the top"),
    _intake("bottom", "G,end", "end(1)", "To the bottom"),
    _intake("help", "question_mark,f1", "help", "The keys that work here", label="help", bar=1),
    _intake("back", "escape,q,Q", "back", "Back to the queue", label="back", bar=12),
    _outbox("open", "enter", "open", "Open the ticket that the message is about", label="open", bar=2),
    _outbox("retry", "r", "retry", "Send the message again at once", label="retry now", bar=3),
    _outbox("read", "space", "read", "Read the details on the whole screen, or return", label="read", bar=4),
    _outbox("next_view", "tab,right,right_square_bracket", "turn(1)", "The next view", label="next view", bar=5),
    _outbox("last_view", "shift+tab,left,left_square_bracket", "turn(-1)", "The previous view"),
    _outbox("down", "down,j", "move(1)", "Down"),
    _outbox("up", "up,k", "move(-1)", "Up"),
    _outbox("page_down", "pagedown", "page(1)", "A page down"),
    _outbox("page_up", "pageup", "page(-1)", "A page up"),
    _outbox("top", "g,home", "end(-1)", "To the top"),
    _outbox("bottom", "G,end", "end(1)", "To the bottom"),
    _outbox("help", "question_mark,f1", "help", "The keys that work here", label="help", bar=1),
    _outbox("back", "escape,q,O", "back", "Back to the queue", label="back", bar=6),
)  # fmt: skip
