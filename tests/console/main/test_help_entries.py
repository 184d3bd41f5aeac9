"""The help names the keys that work where the focus is, and no others."""

from __future__ import annotations

from supportdesk.console.keys.key import Scope
from supportdesk.console.main.help_entries import help_entries


def places(scope: Scope) -> set[str]:
    """The headings of the help while the focus is in a scope, before the desk is open."""
    return {entry.place for entry in help_entries(None, scope, None)}


def test_commands_on_tickets_are_in_the_help_of_the_queue_and_not_of_a_voicemail() -> None:
    assert places(Scope.QUEUE) == {Scope.QUEUE, Scope.TICKET, Scope.DESK}
    assert places(Scope.VOICEMAIL) == {Scope.VOICEMAIL, Scope.DESK}


def test_the_help_of_a_voicemail_names_the_key_that_plays_it() -> None:
    entries = help_entries(None, Scope.VOICEMAIL, None)
    assert ("enter", "Listen to it, and settle it") in {(entry.key, entry.text) for entry in entries}
