"""Calling the command line in tests: it answers as a shell would see it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from supportdesk.cli.root import root
from supportdesk.clock import Clock, FixedClock
from tests.postgres import database_in

TREE = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call printed and its exit code."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def call(*arguments: str, clock: Clock | None = None, stdin: str | bytes | None = None) -> Answer:
    """Calls the command line in this process. An error that nobody foresaw fails the test."""
    ran = CliRunner(catch_exceptions=False).invoke(root, arguments, input=stdin, obj=clock)
    assert "supportdesk stopped:" not in ran.stderr, ran.stderr
    return Answer(ran.stdout, ran.stderr, ran.exit_code)


def call_in_a_shell(*arguments: str, stdin: str = "", **environment: str) -> Answer:
    """Calls the command line in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "supportdesk", *arguments],
        cwd=TREE,
        env={**os.environ, **environment},
        check=False,
        text=True,
        input=stdin,
        capture_output=True,
    )
    return Answer(ran.stdout, ran.stderr, ran.returncode)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Somebody at a desk's command line, at a time that stands still unless it is set."""

    address: str
    username: str
    clock: FixedClock

    @property
    def desk_name(self) -> str:
        """How a console calls the desk: by its file, or by its database and server."""
        if self.address.startswith("postgresql"):
            return f"{database_in(self.address)}@127.0.0.1"
        return Path(self.address).stem

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Answer:
        """Calls a command."""
        asked = ("--db", self.address, "--as", self.username, *arguments)
        return call(*asked, clock=self.clock, stdin=stdin)

    def done(self, *arguments: str, stdin: str | bytes | None = None) -> str:
        """Calls a command that has to succeed; returns what it printed."""
        answer = self(*arguments, stdin=stdin)
        assert (answer.code, answer.err) == (0, ""), answer
        return answer.out

    def refused(self, *arguments: str, stdin: str | bytes | None = None) -> str:
        """Calls a command that has to be refused as a bad request; returns what it said."""
        answer = self(*arguments, stdin=stdin)
        assert (answer.code, answer.out) == (2, ""), answer
        return answer.err

    def by(self, username: str) -> Prompt:
        """The same desk with somebody else at it."""
        return replace(self, username=username)

    def at(self, instant: datetime) -> Prompt:
        """The same, later or earlier."""
        self.clock.set(instant)
        return self

    def log(
        self, severity: str = "high", *more: str, channel: str = "phone", summary: str = "Approval fails"
    ) -> str:
        """Logs a request of Jo Park at Acme; returns its reference."""
        customer = ("--organisation", "Acme Ltd", "--contact", "Jo Park", "--channel", channel)
        logged = self("log", "--severity", severity, *customer, "--summary", summary, "--json", *more)
        return str(logged.json["ref"])

    def ticket(self, ref: str) -> Any:
        """A ticket as JSON."""
        return self("show", ref, "--json").json
