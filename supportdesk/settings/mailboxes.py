"""The `[watcher.mailboxes]` tables of the settings file: the mailboxes from which the watcher takes in mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from supportdesk.files import expand
from supportdesk.settings.mail_server import LoginSettings, Security, find_login_faults, split_server
from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.settings.source_names import is_address, is_host, is_source_name
from supportdesk.toml_file.document import Fault

_PLACE = "$.watcher.mailboxes"

Handling = Literal["move", "flag", "delete"]
"""What becomes on an IMAP server of a message that is accounted for."""


class MaildirSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A mailbox in a maildir: its folder, its own `addresses`, and the names of our mail servers, which date mail.

    To a mailbox for `voicemail`, a telephone system sends recordings. `channel` and `team` are keys of the policy;
    without a team, a request goes to the team of its severity.
    """

    maildir: str = ""
    addresses: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    voicemail: bool = False
    channel: str = "email"
    team: str = ""


class ImapSettings(LoginSettings, frozen=True, forbid_unknown_fields=True):
    """A mailbox on an IMAP server, `HOST` or `HOST:PORT`; by default, the port of `security`.

    `handled` is what becomes there of a message that is accounted for: it is moved to `handled_folder`, flagged, or
    deleted.
    """

    imap: str = ""
    addresses: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    voicemail: bool = False
    channel: str = "email"
    team: str = ""
    security: Security = "tls"
    folder: str = "INBOX"
    handled: Handling = "move"
    handled_folder: str = "Handled"


MailboxSettings = MaildirSettings | ImapSettings

_SHAPES: dict[str, type[MailboxSettings]] = {"maildir": MaildirSettings, "imap": ImapSettings}
"""The setting that says how a mailbox is read."""


def decode_mailboxes(value: Any) -> tuple[dict[str, MailboxSettings], list[Fault]]:
    """Return the usable mailboxes by their names, and the faults of all."""
    if not isinstance(value, dict):
        return {}, [Fault(_PLACE, "give a table per mailbox, such as [watcher.mailboxes.support]")]
    mailboxes: dict[str, MailboxSettings] = {}
    faults: list[Fault] = []
    for name, table in value.items():
        place = f"{_PLACE}.{name}"
        if not is_source_name(name):
            faults.append(
                Fault(place, "name a mailbox with small letters, digits and dashes, such as support")
            )
        elif not isinstance(table, dict):
            faults.append(Fault(place, f"give a table, [watcher.mailboxes.{name}]"))
        elif len(shapes := [shape for key, shape in _SHAPES.items() if key in table]) != 1:
            several = (
                "say either maildir or imap, not both" if shapes else "say where it is, with maildir or imap"
            )
            faults.append(Fault(place, several))
        else:
            mailbox, found = decode_valid_parts(table, shapes[0], place)
            found = found or [Fault(f"{place}.{key}", why) for key, why in _find_faults(mailbox)]
            faults += found
            if not found:
                mailboxes[name] = mailbox
    return mailboxes, faults


def _find_faults(mailbox: MailboxSettings) -> Iterator[tuple[str, str]]:
    if isinstance(mailbox, ImapSettings):
        yield from _find_imap_faults(mailbox)
    else:
        yield from _find_path_faults(
            mailbox, "maildir", "give the folder of the maildir, such as /srv/mail/support"
        )
    if not all(is_address(each) for each in mailbox.addresses):
        yield "addresses", 'give the addresses of the mailbox, such as ["support@example.com"]'
    if not all(is_host(each) for each in mailbox.servers):
        yield "servers", 'give the names of your mail servers, such as ["mx.example.com"]'
    if not mailbox.channel:
        yield "channel", "give the key of a channel of the policy, such as email"


def _find_imap_faults(mailbox: ImapSettings) -> Iterator[tuple[str, str]]:
    if split_server(mailbox.imap) is None:
        yield "imap", "give a server, such as mail.example.com or mail.example.com:993"
    if not mailbox.user and not (mailbox.password_file or mailbox.password_env or mailbox.token_command):
        yield "user", "give the user name with which to log in"
    yield from find_login_faults(mailbox, mailbox.security, mailbox.imap)
    for name in ("ca_file", "password_file"):
        if getattr(mailbox, name) is not None:
            yield from _find_path_faults(mailbox, name, "give the path of a file, such as imap-password")
    for name in ("folder", "handled_folder"):
        text = getattr(mailbox, name)
        if not text or not text.isprintable():
            yield name, "give the name of a folder, such as INBOX"
    if mailbox.handled == "move" and mailbox.handled_folder == mailbox.folder:
        yield "handled_folder", "give another folder than the one that is read"


def _find_path_faults(mailbox: MailboxSettings, name: str, advice: str) -> Iterator[tuple[str, str]]:
    try:
        if not expand(getattr(mailbox, name)).name:
            yield name, advice
    except OSError as error:
        yield name, str(error.strerror)
