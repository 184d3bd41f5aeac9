"""Whether the operator has to ring the person who is paged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.console.paging.on_call import page_instruction, ring_instruction
from supportdesk.heartbeat import Heartbeat
from supportdesk.settings.load import load_settings
from supportdesk.sla.policy import Rung
from supportdesk.tickets.documents import Address, Person
from supportdesk.tickets.rota.duty import Duty
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import running

PRIYA = Person("priya", "Priya Nair", "technical-support", (), "+44 7700 900104", "priya@example.com")
REACHED = replace(PRIYA, addresses=(Address("sms", "1"), Address("call", "1", 120), Address("sms", "2")))


@pytest.mark.parametrize(
    ("person", "methods", "told"),
    [
        (None, {"sms"}, "Nobody is on call; set the rota, and tell a supervisor now."),
        (PRIYA, set(), "Ring Priya Nair on +44 7700 900104: no pager is connected."),
        (PRIYA, {"sms"}, "Ring Priya Nair on +44 7700 900104: no method of sending reaches them."),
        (
            PRIYA,
            {"mail"},
            "Priya Nair is paged by mail. If nobody acknowledges, ring +44 7700 900104.",
        ),
        (
            REACHED,
            {"call", "mail", "sms"},
            "Priya Nair is paged by sms, then call. If nobody acknowledges, ring +44 7700 900104.",
        ),
        (
            replace(PRIYA, telephone="", email=""),
            {"sms"},
            "Contact Priya Nair yourself: no method of sending reaches them, and no number is recorded.",
        ),
        (replace(REACHED, telephone=""), {"call"}, "Priya Nair is paged by call."),
    ],
)
def test_the_operator_rings_whom_no_method_reaches(
    person: Person | None, methods: set[str], told: str
) -> None:
    assert ring_instruction(person, methods) == told


def test_the_last_resort_is_named() -> None:
    last = Duty(PRIYA, NOW, None, Rung("director", "Director"))
    assert page_instruction(last, {"mail"}).startswith(
        "Nobody is on call; last resort: Director. Priya Nair is paged by mail."
    )


def test_the_methods_are_those_of_the_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert load_settings(path).settings.methods == frozenset()
    path.write_text('[watcher.methods.sms]\ncommand = ["send"]\n[watcher.methods.mail]\nsmtp = "x"\n')
    assert load_settings(path).settings.methods == {"sms", "mail"}
    path.write_text("[watcher]\nmethods = 3\n")
    assert load_settings(path).settings.methods == frozenset()


async def test_the_methods_are_those_of_the_watcher_that_is_alive_wherever_it_runs() -> None:
    async with running(morning_desk()) as it:
        session, client = it.screen.session, it.screen.controllers.runner._client
        assert session is not None
        assert not client.context_for(session).methods
        session.heartbeat = Heartbeat("server", 1, "a", NOW, NOW, methods=("sms",))
        assert client.context_for(session).methods == ("sms",)
        session.heartbeat = replace(session.heartbeat, ticked=NOW - timedelta(minutes=1))
        assert not client.context_for(session).methods
