"""The mailboxes that the settings name, and where each is."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from msgspec import Struct

from supportdesk.access.login import make_login
from supportdesk.access.secret import SetupError, secret_at
from supportdesk.intake.mail.imap.server import ImapServer
from supportdesk.intake.mail.mailbox import Mailbox
from supportdesk.settings.mail_server import split_server
from supportdesk.settings.mailboxes import ImapSettings
from supportdesk.settings.watcher import WatcherSettings


class MaildirMailbox(Struct, frozen=True):
    """A mailbox, and the folder of its maildir."""

    mailbox: Mailbox
    folder: Path


class ImapMailbox(Struct, frozen=True):
    """A mailbox, and what the settings say of its server; their paths are absolute."""

    mailbox: Mailbox
    settings: ImapSettings
    ca_file: Path | None = None
    password_file: Path | None = None

    def make_server(self) -> ImapServer:
        """Return its server, and how to log in there. Raises SetupError."""
        settings = self.settings
        server = split_server(settings.imap)
        login = make_login(
            settings.user, secret_at(self.password_file, settings.password_env), settings.token_command
        )
        if server is None or login is None:
            raise SetupError("the settings name no server or no user")
        host, port = server
        return ImapServer(
            host,
            login,
            settings.security,
            port,
            self.ca_file,
            settings.folder,
            settings.handled,
            settings.handled_folder,
        )


ConfiguredMailbox = MaildirMailbox | ImapMailbox


def make_mailboxes(settings: WatcherSettings) -> list[ConfiguredMailbox]:
    """Return the mailboxes of the settings, by name."""
    made: list[ConfiguredMailbox] = []
    for name, each in sorted(settings.mailboxes.items()):
        kind = "imap" if isinstance(each, ImapSettings) else "maildir"
        addresses, hosts = frozenset(each.addresses), each.servers or (_find_own_name(),)
        mailbox = Mailbox(
            name,
            kind,
            each.channel,
            each.team,
            addresses=addresses,
            hosts=hosts,
            has_voicemail=each.voicemail,
        )
        if isinstance(each, ImapSettings):
            ca_file, password_file = (
                settings.resolve(path) if path is not None else None
                for path in (each.ca_file, each.password_file)
            )
            made.append(ImapMailbox(mailbox, each, ca_file, password_file))
        else:
            made.append(MaildirMailbox(mailbox, settings.resolve(each.maildir)))
    return made


def list_maildirs(mailboxes: Iterable[ConfiguredMailbox]) -> list[MaildirMailbox]:
    """Return those of the mailboxes that are maildirs."""
    return [each for each in mailboxes if isinstance(each, MaildirMailbox)]


def list_imap(mailboxes: Iterable[ConfiguredMailbox]) -> list[ImapMailbox]:
    """Return those of the mailboxes that are on IMAP servers."""
    return [each for each in mailboxes if isinstance(each, ImapMailbox)]


@cache
def _find_own_name() -> str:
    """Return the name of this machine; asking for it may take long where the name server is silent."""
    return socket.getfqdn()
