"""Every key has one action and an id, and appears wherever keys are listed."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest
from textual.binding import BindingsMap

from supportdesk import console
from supportdesk.console.keys import conflicts
from supportdesk.console.keys.conflicts import find_conflicts
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.key_bar import key_bar
from supportdesk.console.keys.keymap import KEYS, bindings, bound_keys
from supportdesk.console.keys.names import display, display_all
from supportdesk.console.main.help_entries import help_entries
from supportdesk.tickets.decide import COMMANDS, refuse_at_stage
from supportdesk.tickets.ticket import Stage


def test_no_key_has_two_actions_in_one_place() -> None:
    assert find_conflicts() == []


def test_the_name_of_each_key_is_read_once_to_find_conflicts(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def canonical_key(name: str) -> str:
        read.append(name)
        return name

    monkeypatch.setattr(conflicts, "canonical_key", canonical_key)
    find_conflicts()
    assert len(read) == sum(len(key.keys.split(",")) for key in KEYS)


def test_every_key_has_an_id_of_its_own() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    bound = [binding for scope in Scope for _, binding in BindingsMap(bindings(scope))]
    assert {binding.id for binding in bound} == {key.id for key in KEYS}


def test_every_command_about_tickets_has_a_key() -> None:
    assert {verb for key in KEYS for verb in key.verbs} == set(COMMANDS)


def test_a_rebound_key_that_conflicts_with_another_is_reported() -> None:
    found = find_conflicts(bound_keys({"ticket.claim": "a", "desk.filter": "?"}))
    assert [str(clash) for clash in found] == [
        "a is bound to both ticket.claim and ticket.assign; choose another key for one",
        "? is bound to both desk.filter and desk.help; choose another key for one",
    ]


def test_two_keys_may_be_swapped() -> None:
    assert find_conflicts(bound_keys({"ticket.claim": "a", "ticket.assign": "c"})) == []


def test_the_queue_and_an_open_ticket_may_share_keys() -> None:
    assert find_conflicts(bound_keys({"detail.zoom": "space"})) == []
    assert find_conflicts(bound_keys({"detail.zoom": "c"})) != []


def test_an_unknown_key_id_is_refused() -> None:
    with pytest.raises(KeyError, match=r"ticket\.sing"):
        bound_keys({"ticket.sing": "y"})


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("slash,f3", "/"), ("ctrl+p,f2", "^p"), ("pagedown", "PgDn"), ("f10", "F10"), ("X", "X"), ("f", "f")],
)
def test_a_key_is_displayed_as_on_the_keyboard(keys: str, shown: str) -> None:
    assert display(keys) == shown


def test_all_keys_of_an_action_are_displayed_side_by_side() -> None:
    assert display_all("V,shift+tab") == "V ⇧tab"


def test_the_help_lists_every_key_with_the_help_of_its_command() -> None:
    told = list(help_entries(None, Scope.QUEUE, None))
    assert {entry.place for entry in told} == {Scope.QUEUE.value, Scope.TICKET.value, Scope.DESK.value}
    claim = next(entry for entry in told if entry.key == "c")
    assert (claim.title, claim.text) == (COMMANDS["claim"].title, COMMANDS["claim"].help_text().rstrip("."))
    assert claim.refused == "the desk is not open yet"
    assert all(entry.text for entry in told)


def test_the_key_bar_of_a_replay_offers_nothing_that_changes_a_ticket() -> None:
    for scope in (Scope.QUEUE, Scope.TICKET_PANE):
        shown = key_bar(scope, replaying=True, narrow=False)
        assert not any(key.verbs or key.id == "desk.call" for key in shown)
        assert shown[0].scope is Scope.REPLAY


def test_the_key_bar_offers_no_command_to_somebody_who_is_not_on_the_staff() -> None:
    shown = key_bar(Scope.QUEUE, replaying=False, narrow=False, read_only=True)
    assert not any(key.verbs or key.id == "desk.call" for key in shown)
    assert any(key.id == "desk.filter" for key in shown)


@pytest.mark.parametrize("stage", [None, *Stage])
def test_the_key_bar_offers_the_commands_that_are_possible_at_the_stage_of_the_ticket(
    stage: Stage | None,
) -> None:
    shown = {key.id for key in key_bar(Scope.QUEUE, replaying=False, narrow=False, stage=stage) if key.verbs}
    possible = {
        key.id
        for key in KEYS
        if key.bar
        and key.scope is Scope.TICKET
        and any(refuse_at_stage(COMMANDS[verb], stage or Stage.RESOLUTION) is None for verb in key.verbs)
    }
    assert shown == possible


def test_the_key_bar_begins_with_a_call_and_offers_the_way_back_from_a_ticket() -> None:
    assert [key.id for key in key_bar(Scope.QUEUE, replaying=False, narrow=False)][:2] == [
        "desk.call",
        "queue.open",
    ]
    narrow = [key.id for key in key_bar(Scope.TICKET_PANE, replaying=False, narrow=True)]
    assert "desk.back" in narrow
    assert "detail.zoom" not in narrow


def test_every_binding_with_an_id_can_be_rebound() -> None:
    names = [module.name for module in walk_packages(console.__path__, "supportdesk.console.")]
    classes = {
        each for name in names for each in vars(import_module(name)).values() if isinstance(each, type)
    }
    ours = [each for each in classes if each.__module__.startswith("supportdesk.")]
    told = [binding for each in ours for _, binding in BindingsMap(vars(each).get("BINDINGS", []))]
    assert {binding.id for binding in told if binding.id} <= {key.id for key in KEYS}
    assert len(told) > len(KEYS)
