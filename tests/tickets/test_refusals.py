"""Refusals say what helps, structurally: each surface names it by its own key or command."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import supportdesk.tickets
from supportdesk.tickets import remedies
from supportdesk.tickets.decide import COMMANDS, refuse_at_stage
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import Reopen
from supportdesk.tickets.process.resolution import Resolve
from supportdesk.tickets.process.undo import CANNOT_BE_UNDONE
from supportdesk.tickets.refusal import Refusal, Remedy, either
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import logged

ASKS_FOR_AN_ARGUMENT = ("say ", "a summary is needed", "it takes ")
"""How a refusal begins that asks for something to be typed, or names who may."""
RULES = sorted(Path(supportdesk.tickets.__path__[0]).rglob("*.py"))


def verbs(refusal: Refusal) -> list[str]:
    return [remedy.verb for way in refusal.remedies for remedy in way]


def letter(verb: str) -> str:
    return {"workaround": "o", "fix": "f", "article": "t"}[verb]


def test_what_is_still_missing_is_reported_with_the_name_of_each_command() -> None:
    scenario = logged("medium")
    refusal = scenario.refusal(Resolve(scenario.now.ref, "Done"))
    assert verbs(refusal) == ["workaround", "fix"]
    assert refusal.render(letter) == "Still missing: a workaround (o) and a fix date (f)"
    assert refusal.reason == "Still missing: a workaround and a fix date"


def test_of_several_ways_each_is_shown() -> None:
    scenario = logged("low")
    refusal = scenario.refusal(Resolve(scenario.now.ref, "Done"))
    assert refusal.render(letter) == "Still missing: an article (t), or a workaround (o) and a fix date (f)"


def test_what_cannot_be_done_at_a_stage_names_what_can() -> None:
    closed, resolved = refuse_at_stage(Claim, Stage.CLOSED), refuse_at_stage(Claim, Stage.RESOLVED)
    still_open = refuse_at_stage(Reopen, Stage.RESOLUTION)
    assert closed is not None
    assert resolved is not None
    assert still_open is not None
    assert verbs(closed) == ["reopen", "log", "link"]
    assert verbs(resolved) == ["reopen", "close"]
    assert verbs(still_open) == ["note"]
    closed_long_ago = refuse_at_stage(Claim, Stage.CLOSED, may_reopen=False)
    assert closed_long_ago is not None
    assert verbs(closed_long_ago) == ["log", "link"]


@pytest.mark.parametrize(
    ("remedies_", "expected"),
    [
        ((), "no"),
        (either(Remedy("a", "x")), "no; a (x)"),
        (either(Remedy("a", "x"), Remedy("b")), "no; a (x), or b"),
        (either(Remedy("a", "x"), Remedy("b", "y"), Remedy("c", "z")), "no; a (x), b (y), or c (z)"),
        (((Remedy("a", "x"), Remedy("b", "y")),), "no; a (x) and b (y)"),
    ],
)
def test_remedies_are_shown_in_order(remedies_: tuple[tuple[Remedy, ...], ...], expected: str) -> None:
    assert Refusal("no", remedies_).render(lambda verb: verb) == expected


def test_every_act_that_stays_says_what_to_do_instead() -> None:
    assert all(refusal.remedies or ";" in refusal.why for refusal in CANNOT_BE_UNDONE.values())


def test_every_remedy_for_a_ticket_names_a_command_that_there_is() -> None:
    known = [remedy for remedy in vars(remedies).values() if isinstance(remedy, Remedy)]
    assert known
    alone = {remedy.verb.partition(" --")[0] for remedy in known}
    assert {verb for verb in alone if " " not in verb} <= {"", *COMMANDS}


def _texts(call: ast.Call) -> str:
    parts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
    return "".join(part for part in parts if isinstance(part, str))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_refusal_that_is_written_in_words_says_what_to_do_next(path: Path) -> None:
    """An import's refusals only name the fault: they are read by someone correcting the file."""
    if path.name in {"importing.py", "sanitize.py"}:
        return
    mute = [
        _texts(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refusal"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
        and not {";", ":"} & set(_texts(node))
        and not _texts(node).startswith(ASKS_FOR_AN_ARGUMENT)
        and "takes" not in _texts(node)
    ]
    assert mute == []
