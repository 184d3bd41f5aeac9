"""A refusal names the keys of its remedies, as they are bound."""

from __future__ import annotations

import pytest
from click import Command, Context, Group

from supportdesk.cli.root import root
from supportdesk.console.keys.keymap import KEYS, bound_keys
from supportdesk.console.keys.names import display
from supportdesk.console.keys.refusal_text import DIRECTORY, bound_key, with_keys
from supportdesk.tickets import remedies
from supportdesk.tickets.refusal import Refusal, Remedy, either
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import running

ALL = [remedy for remedy in vars(remedies).values() if isinstance(remedy, Remedy) and remedy.verb]


def test_keys_are_named_as_they_are_bound() -> None:
    refusal = Refusal("it is resolved", either(remedies.REOPEN, remedies.CLOSE))
    assert with_keys(refusal, KEYS) == "it is resolved; reopen it (X), or close it (z)"
    keys = bound_keys({"ticket.reopen": "f7"})
    assert with_keys(refusal, keys) == "it is resolved; reopen it (F7), or close it (z)"


def test_a_key_with_two_verbs_is_named_for_both() -> None:
    assert with_keys(Refusal("no", either(remedies.RESUME)), KEYS) == "no; take it off hold (w)"


def test_a_remedy_in_the_directory_names_the_key_of_the_directory() -> None:
    key = next(display(key.keys) for key in KEYS if key.id == DIRECTORY)
    assert with_keys(Refusal("no", either(remedies.ADD_RELEASE)), KEYS) == f"no; add a release ({key})"


def test_a_remedy_on_the_rota_names_the_key_of_the_rota() -> None:
    told = with_keys(Refusal("no", either(remedies.OVERRIDE_SHIFT)), KEYS)
    assert told == f"no; override it ({bound_key('desk.rota', KEYS)})"


def test_a_remedy_without_a_key_names_its_command() -> None:
    told = with_keys(Refusal("no", either(remedies.INSTALL_POLICY)), KEYS)
    assert told == "no; install it (supportdesk policy install)"


@pytest.mark.parametrize("remedy", ALL, ids=lambda remedy: remedy.words)
def test_every_remedy_names_a_command_of_the_command_line(remedy: Remedy) -> None:
    group: Command = root
    words, *options = remedy.verb.split(" --")
    for word in words.split():
        assert isinstance(group, Group)
        found = group.get_command(Context(group), word)
        assert found is not None, remedy.verb
        group = found
    assert not isinstance(group, Group)
    known = {name for param in group.params for name in param.opts}
    assert {f"--{option.split()[0]}" for option in options} <= known


async def test_a_refused_key_names_the_keys_that_help() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        assert it.screen.queue.find(ref_of(desk, "Stock levels"))
        await it.press("X")
        assert "it is open already; write a note (i)." in it.foot


def test_a_key_is_displayed_as_it_is_bound_by_its_id() -> None:
    assert bound_key("desk.seek", KEYS) == "'"
    assert bound_key("desk.seek", bound_keys({"desk.seek": "f7"})) == "F7"


async def test_finding_the_next_match_without_a_search_names_the_key_that_starts_one() -> None:
    async with running(morning_desk()) as it:
        await it.press("f3")
        assert "There is no search to repeat; press ' to start one." in it.foot
