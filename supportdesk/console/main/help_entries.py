"""The entries of the help: the keys that work in a scope, and the filter language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from supportdesk.console.dialogs.help_screen import HelpEntry
from supportdesk.console.keys.key import Key, Scope
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.keys.names import display_all
from supportdesk.console.keys.refusal_text import with_keys
from supportdesk.tickets.decide import COMMANDS, refuse_at_stage
from supportdesk.tickets.permissions import refuse_person
from supportdesk.tickets.ticket import Stage

if TYPE_CHECKING:
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow
    from supportdesk.tickets.command import Command
    from supportdesk.tickets.refusal import Refusal

FIELDS_PLACE, FLAGS_PLACE, SIGNS_PLACE = (
    "Fields: name, colon, value",
    "Single words",
    "Combining terms",
)
SIGNS = (
    ("a b", "both"),
    ("a or b", "either; with both: (a or b) c"),
    ("x:a,b", "either, as in owner:me,none"),
    ("-a !a", "not, as in -owner:none or -(a b)"),
    ('"a b"', "this exact phrase"),
    ("< > <=", "for due, age and rung; durations in w, d, h and m, as in due:<1h30m"),
    (">2026-11-20", "for received, resolved and due: after that day; also 20/11/2026 and yesterday"),
)


def help_entries(session: Session | None, scope: Scope, row: QueueRow | None) -> Iterator[HelpEntry]:
    """Yield the keys that work while the focus is in `scope`; `row` is the ticket under the cursor."""
    replaying = session is not None and session.replay is not None
    scopes = [scope, Scope.REPLAY if replaying else Scope.TICKET, Scope.DESK]
    if scope is Scope.FILTER:
        scopes = [scope]
    elif scope is Scope.VOICEMAIL:
        scopes = [scope, Scope.DESK]
    keys = session.keys if session is not None else KEYS
    for key in (key for wanted in scopes for key in keys if key.scope is wanted and (key.verbs or key.help)):
        if not replaying:
            yield _entry(key, session, row)
        elif (working := _during_replay(key, keys)).keys:
            yield _entry(working, session, row)
    if scope is Scope.FILTER:
        yield from filter_entries(session)


def filter_entries(session: Session | None) -> Iterator[HelpEntry]:
    """Yield the fields, flags and operators of a filter, with an example value from this desk for each field."""
    from supportdesk.console.queue.desk_vocabulary import vocabulary_of
    from supportdesk.console.queue.filter.fields import FIELDS, FLAGS
    from supportdesk.console.queue.filter.values import Value, value_as_typed
    from supportdesk.console.queue.filter.vocabulary import Vocabulary
    from supportdesk.sla.clocks import State

    known = (
        vocabulary_of(session.username, session.desk.policies.values(), session.roster, session.model.index)
        if session is not None
        else Vocabulary()
    )
    for name, field in FIELDS.items():
        options = [value for value, _ in field.options(known)]
        # `breached` is shown on every screen; `ok` is shown as on track.
        value = State.BREACHED if State.BREACHED in options else next(iter(options), None)
        example = f", as in {name}:{value_as_typed(Value(value))}" if value is not None else ""
        yield HelpEntry(FIELDS_PLACE, name, "", f"{field.description}{example}")
    for name, flag in FLAGS.items():
        yield HelpEntry(FLAGS_PLACE, name, "", flag.description)
    for sign, text in SIGNS:
        yield HelpEntry(SIGNS_PLACE, sign, "", text)


def title_of(key: Key) -> str:
    """Return the titles of a key's commands, empty for a key without any."""
    return " / ".join(COMMANDS[verb].title for verb in key.verbs) if key.verbs else ""


def key_description(key: Key) -> str:
    """Return what a key does, in a sentence."""
    return key.help or COMMANDS[key.verbs[0]].help_text().rstrip(".")


def refusal_of(key: Key, session: Session | None, row: QueueRow | None) -> str:
    """Return why a key is refused now, empty if it is not."""
    if not key.changes_desk:
        return ""
    if session is None:
        return "the desk is not open yet"
    if session.read_only_reason is not None:
        is_replay = session.replay is not None
        return (
            "nothing can be changed in a replay" if is_replay else session.read_only_reason.removesuffix(".")
        )
    refusals = [_refusal(COMMANDS[verb], session, row) for verb in key.verbs]
    return (
        next((with_keys(refusal, session.keys) for refusal in refusals if refusal), "")
        if all(refusals)
        else ""
    )


def _refusal(command: type[Command], session: Session, row: QueueRow | None) -> Refusal | None:
    assert session.person is not None, "an operator who is not on the staff is refused everything"
    return refuse_person(command, session.person, session.roster.staff) or refuse_at_stage(
        command, Stage(row.stage) if row else None
    )


def _during_replay(key: Key, keys: Sequence[Key]) -> Key:
    """Return a key with only those of its keys that do not control the replay instead."""
    if key.scope is Scope.REPLAY:
        return key
    taken = {each for other in keys if other.scope is Scope.REPLAY for each in other.keys.split(",")}
    return replace(key, keys=",".join(each for each in key.keys.split(",") if each not in taken))


def _entry(key: Key, session: Session | None, row: QueueRow | None) -> HelpEntry:
    return HelpEntry(
        place=key.scope.value,
        key=display_all(key.keys),
        title=title_of(key),
        text=key_description(key),
        refused=refusal_of(key, session, row),
    )
