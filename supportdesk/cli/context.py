"""The context of a command: which desk it uses and who the operator is."""

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
from supportdesk.cli.output import echo_note
from supportdesk.clock import Clock, SystemClock
from supportdesk.files import expand
from supportdesk.store.location import find_file

if TYPE_CHECKING:
    from supportdesk.cli.param_types import TypedInstant
    from supportdesk.desk_api import DeskApi, RecordQueries
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
        """The address of the desk: a path or a URL."""
        return self.explicit_address or desk_address.default_address()

    @property
    def reading_address(self) -> str:
        """The address for what may lag: that of SUPPORTDESK_DB_READ, or the desk's own."""
        elsewhere = os.environ.get(desk_address.READ_VARIABLE, "").strip()
        if not elsewhere:
            return self.address
        from supportdesk.store.location import find_reading_address

        return find_reading_address(elsewhere)

    @property
    def reads_elsewhere(self) -> bool:
        """Whether what may lag is read elsewhere: then it says which event it reflects."""
        return self.reading_address != self.address

    @property
    def settings_files(self) -> SettingsFiles:
        """The files of the console's settings. Raises BadRequestError for a path that cannot exist."""
        from supportdesk.settings.files import settings_files

        try:
            return settings_files(self.config)
        except OSError as error:
            raise BadRequestError(f"--config {self.config}: {error.strerror}.") from error

    def find_methods(self) -> frozenset[str]:
        """Return the names of the methods by which messages are sent, according to the settings file."""
        from supportdesk.settings.load import load_settings

        return load_settings(self.settings_files.config).settings.methods

    @property
    def username(self) -> str:
        """The operator's username: `--as`, or the operating system's user; never taken from the environment."""
        if self._username:
            return self._username
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            raise BadRequestError(
                f"The operating system has no name for user {os.getuid()}: give your username with --as."
            ) from None

    @property
    def exists(self) -> bool:
        """Whether there may be a desk: False where its file is missing, True for a server.

        Raises FailureError for a path that cannot be opened.
        """
        file = find_file(self.address)
        if file is None:
            return True
        cannot = f"{desk_address.display(self.address)} cannot be opened"
        advice = "check the file and its folder, or choose another with --db"
        try:
            path = expand(file)
        except OSError as error:
            raise FailureError(f"{cannot} ({error.strerror}): {advice}") from error
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return False
        except OSError as error:
            raise FailureError(f"{cannot} ({error.strerror}): {advice}") from error
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return True
        raise FailureError(f"{cannot} (it is a pipe or a device, not a file): {advice}")

    @contextmanager
    def desk(self) -> Iterator[DeskApi]:
        """Yield the open desk. Its exceptions become BadRequestError or FailureError."""
        with report_errors():
            desk = self.opener()()
            try:
                yield desk
            finally:
                desk.close()

    @contextmanager
    def desk_to_read(self) -> Iterator[DeskApi]:
        """Yield a desk that may lag, and say which event it reflects where it is read elsewhere; else as `desk`."""
        with report_errors():
            desk = self.opener(self.reading_address)()
            try:
                seq = desk.queue().seq if self.reads_elsewhere else None
                yield desk
            finally:
                desk.close()
        if seq is not None:
            echo_note(f"As of event {seq:,}, read from {desk_address.display(self.reading_address)}.")

    @contextmanager
    def desk_at(self, at: TypedInstant | None) -> Iterator[DeskApi]:
        """Yield the desk as it was at an instant, or the present desk for None."""
        from supportdesk.sla.formatting import full_time

        with self.desk() as desk:
            if at is None:
                yield desk
                return
            now = desk.now()
            moment, zone = at.resolve(desk), desk.policy_at(now).timezone
        if moment > now:
            raise BadRequestError(f"{full_time(moment, zone)} has not happened yet; give an earlier time.")
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
    def database(self, address: str | None = None) -> Iterator[Database]:
        """Yield the open database, for commands that check or copy it; exceptions as in `desk`."""
        if address is None:
            self.require_desk()
        with report_errors():
            from supportdesk.store.database import open_database

            database = open_database(address or self.address)
            try:
                yield database
            finally:
                database.close()

    def describe_damage(self) -> str:
        """Return a message for a desk that does not pass `verify`; empty where it does, or cannot be opened.

        Reads the whole desk: call it only after an unexpected error.
        """
        from supportdesk.store.verification.verify import verify

        try:
            with self.database() as database:
                return "" if verify(database).is_intact else f"{database.location} {database.damage}"
        except click.ClickException:
            return ""

    def opener(self, elsewhere: str | None = None) -> Callable[[], DeskApi]:
        """Return a function that imports the database and opens the desk, or another address of it.

        It raises DeskUnavailableError.
        """
        if elsewhere is None:
            self.require_desk()
        address, clock, confirmed = elsewhere or self.address, self.clock, self.date_is_confirmed

        def open_desk() -> DeskApi:
            from supportdesk.desk import Desk

            desk = Desk.open(address, clock)
            desk.date_is_confirmed = confirmed
            return desk

        return open_desk

    def require_desk(self) -> None:
        """Raise FailureError where there is no desk."""
        if not self.exists:
            absence = self._explain_absence()
            if absence is not None:
                raise FailureError(f"{desk_address.display(self.address)} {absence}")
            raise FailureError(
                f"There is no desk at {desk_address.display(self.address)}."
                f" Create one with `{self._init_command}`, or try the demo with `supportdesk demo`."
            )

    def _explain_absence(self) -> str | None:
        """Return why the file is not there and what to do; None where nothing tells of a desk there."""
        from supportdesk.store.absence import explain_absence

        file = find_file(self.address)
        if file is None:
            return None
        return explain_absence(expand(file), self._init_command, is_named=self.explicit_address is not None)

    @property
    def _init_command(self) -> str:
        """The command that creates the desk, with the address that was given in place of the default one."""
        if not self.explicit_address:
            return "supportdesk init"
        import shlex

        return f"supportdesk --db {shlex.quote(desk_address.display(self.explicit_address))} init"

    def operator(self, desk: RecordQueries) -> Person:
        """Return the operator as a member of staff. Raises BadRequestError where they are not one."""
        person = desk.person(self.username)
        if person is None:
            raise BadRequestError(
                f"{self.username} is not on the staff of this desk. An administrator can add you with"
                f" `supportdesk staff add {self.username} --name NAME --team TEAM --role ROLE`;"
                " or give another username with --as."
            )
        if not person.active:
            raise BadRequestError(
                f"{person.username} is no longer on the staff. An administrator can reactivate you with"
                f" `supportdesk staff change {person.username} --active`."
            )
        return person


def full_name(username: str) -> str:
    """Return the full name that the operating system has for a user, or the username."""
    try:
        name = pwd.getpwnam(username).pw_gecos.partition(",")[0].strip()
    except KeyError:
        name = ""
    return name or username


pass_cli_context = click.make_pass_decorator(CliContext)
