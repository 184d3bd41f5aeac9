"""The `[watcher.mailboxes]` tables of the settings file: the mailboxes from which the watcher takes in mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from supportdesk.files import expand
from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.toml_file.document import Fault

_PLACE = "$.watcher.mailboxes"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")


class MailboxSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A mailbox: the folder of its maildir, its own `addresses`, and the names of our mail servers, which date mail."""

    maildir: str = ""
    addresses: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


def decode_mailboxes(value: Any) -> tuple[dict[str, MailboxSettings], list[Fault]]:
    """Return the usable mailboxes by their names, and the faults of all."""
    if not isinstance(value, dict):
        return {}, [Fault(_PLACE, "give a table per mailbox, such as [watcher.mailboxes.support]")]
    mailboxes: dict[str, MailboxSettings] = {}
    faults: list[Fault] = []
    for name, table in value.items():
        place = f"{_PLACE}.{name}"
        if _NAME.fullmatch(name) is None:
            faults.append(
                Fault(place, "name a mailbox with small letters, digits and dashes, such as support")
            )
        elif not isinstance(table, dict):
            faults.append(Fault(place, f"give a table, [watcher.mailboxes.{name}]"))
        else:
            mailbox, found = decode_valid_parts(table, MailboxSettings, place)
            found = found or [Fault(f"{place}.{key}", why) for key, why in _find_faults(mailbox)]
            faults += found
            if not found:
                mailboxes[name] = mailbox
    return mailboxes, faults


def _find_faults(mailbox: MailboxSettings) -> Iterator[tuple[str, str]]:
    try:
        if not expand(mailbox.maildir).name:
            yield "maildir", "give the folder of the maildir, such as /srv/mail/support"
    except OSError as error:
        yield "maildir", str(error.strerror)
    if not all(_is_address(each) for each in mailbox.addresses):
        yield "addresses", 'give the addresses of the mailbox, such as ["support@example.com"]'
    if not all(_HOST.fullmatch(each) for each in mailbox.servers):
        yield "servers", 'give the names of your mail servers, such as ["mx.example.com"]'


def _is_address(text: str) -> bool:
    name, at, domain = text.rpartition("@")
    return bool(name and at) and _HOST.fullmatch(domain) is not None
