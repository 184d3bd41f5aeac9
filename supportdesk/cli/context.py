"""What stands before a command: which desk is meant and who asks."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from supportdesk.cli import desk_address
from supportdesk.cli.errors import BadRequestError, FailureError, report_errors
from supportdesk.clock import Clock, SystemClock
from supportdesk.files import expand

if TYPE_CHECKING:
    from supportdesk.cli.param_types import TypedInstant
    from supportdesk.desk_api import DeskApi
    from supportdesk.settings.files import SettingsFiles
    from supportdesk.store.backend import Database
    from supportdesk.tickets.documents import Person


class CliContext:
    """What the options before a command say: which desk, who is the operator, which settings file.

    `explicit_address` comes from `--db` or SUPPORTDESK_DB, `config` from `--config` or SUPPORTDESK_CONFIG; None where
    neither is given.
    """

    def __init__(
        self,
        explicit_address: str | None = None,
        username: str | None = None,
        clock: Clock | None = None,
        config: str | None = None,
        *,
        date_is_confirmed: bool = False,
    ) -> None:
        self.explicit_address = explicit_address
        self.config = config
        self.date_is_confirmed = date_is_confirmed
        self.clock = clock or SystemClock()
        self._username = username

    @property
    def address(self) -> str:
        """The database that is meant."""
        return self.explicit_address or desk_address.default_address()

    @property
    def settings_files(self) -> SettingsFiles:
        """Where the console's settings are."""
        from supportdesk.settings.files import settings_files

        try:
            return settings_files(self.config)
        except OSError as error:
            raise BadRequestError(f"--config {self.config}: {error.strerror}.") from error

    @property
    def username(self) -> str:
        """Who asks: `--as`, or whoever is logged in to the operating system; never what the environment says."""
        if self._username:
            return self._username
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            raise BadRequestError(
                f"The operating system has no name for user {os.getuid()}: say who you are with --as."
            ) from None

    @property
    def exists(self) -> bool:
        """Whether there may be a desk: False where its file is missing, True for a server.

        Raises FailureError for a file that cannot be.
        """
        file = desk_address.file_of(self.address)
        if file is None:
            return True
        cannot = f"{desk_address.display(self.address)} cannot be opened"
        try:
            path = expand(file)
        except OSError as error:
            raise FailureError(f"{cannot}: {error.strerror}.") from error
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return False
        except OSError as error:
            raise FailureError(f"{cannot}: {error.strerror}.") from error
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return True
        raise FailureError(f"{cannot}: it is a pipe or a device, not a file.")

    @contextmanager
    def desk(self) -> Iterator[DeskApi]:
        """The desk, open within the block; what it raises becomes one line and an exit code."""
        with report_errors():
            desk = self.opener()()
            try:
                yield desk
            finally:
                desk.close()

    @contextmanager
    def desk_at(self, at: TypedInstant | None) -> Iterator[DeskApi]:
        """The desk as it was at an instant, within the block; the desk itself for None."""
        from supportdesk.cli.param_types import utc

        with self.desk() as desk:
            if at is None:
                yield desk
                return
            now = desk.now()
            moment = at.on(desk)
        if moment > now:
            raise BadRequestError(f"{utc(moment)} is still to come; it is {utc(now)}.")
        with report_errors():
            from supportdesk.past import PastDesk

            past = PastDesk.open(self.address, moment, present=self.clock)
            past.controls.pause()
            past.controls.seek(moment)
            try:
                yield past
            finally:
                past.close()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database itself, for its keepers; the same of it."""
        self.require_desk()
        with report_errors():
            from supportdesk.store.database import open_database

            database = open_database(self.address)
            try:
                yield database
            finally:
                database.close()

    def damage(self) -> str:
        """Return what is to be said of a desk that does not pass `verify`; nothing where it does, or cannot be asked.

        Reads the whole desk: for after an error that nobody foresaw.
        """
        from supportdesk.store.errors import DAMAGED
        from supportdesk.store.verification.verifier import verify

        try:
            with self.database() as database:
                return "" if verify(database).holds else f"{database.location} {DAMAGED}"
        except click.ClickException:
            return ""

    def opener(self) -> Callable[[], DeskApi]:
        """Opens the desk when called, and imports the database only then; raises DeskUnavailableError."""
        self.require_desk()
        address, clock, confirmed = self.address, self.clock, self.date_is_confirmed

        def open_desk() -> DeskApi:
            from supportdesk.desk import Desk

            desk = Desk.open(address, clock)
            desk.date_is_confirmed = confirmed
            return desk

        return open_desk

    def require_desk(self) -> None:
        """Raises FailureError, saying what to do, where there is no desk."""
        if not self.exists:
            raise FailureError(
                f"There is no desk at {desk_address.display(self.address)}."
                " Make one with `supportdesk init`, or look at a filled one with `supportdesk demo`."
            )

    def actor(self, desk: DeskApi) -> Person:
        """Who asks, as a member of staff."""
        person = desk.person(self.username)
        if person is None:
            raise BadRequestError(
                f"{self.username} is not on the staff of this desk. An administrator enrols you with"
                f" `supportdesk staff add {self.username} --name NAME --team TEAM --role ROLE`;"
                " or say who you are with --as."
            )
        if not person.active:
            raise BadRequestError(
                f"{person.username} has left the staff. An administrator takes you back with"
                f" `supportdesk staff change {person.username} --active`."
            )
        return person


def full_name(username: str) -> str:
    """The name that the operating system has for somebody; the username where it has none."""
    try:
        told = pwd.getpwnam(username).pw_gecos.partition(",")[0].strip()
    except KeyError:
        told = ""
    return told or username


pass_cli_context = click.make_pass_decorator(CliContext)
