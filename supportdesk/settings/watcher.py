"""The `[watcher]` table of the settings file: the methods by which the watcher sends pages.

Only a process that sends reads it. The console loads the file without these structs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from supportdesk.files import expand, is_writable_by_all
from supportdesk.settings.mail_server import (
    LoginSettings,
    Security,
    at_most_one,
    find_login_faults,
    split_server,
)
from supportdesk.settings.mailboxes import MailboxSettings, decode_mailboxes
from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.settings.voicemail import VoicemailSettings, decode_voicemail
from supportdesk.settings.web_address import check_link_base, split_address
from supportdesk.toml_file.document import Fault, UnreadableError, describe_fault, read_toml
from supportdesk.toml_file.position import line_of

LONGEST_COMMAND = 300
"""The longest time that a user's program may take, in seconds."""

_APART = ("methods", "mailboxes", "voicemail", "customer_mail")
_METHOD = re.compile(r"[a-z][a-z0-9-]{0,29}")


class MailMethod(LoginSettings, frozen=True, forbid_unknown_fields=True):
    """Mail by SMTP. `smtp` is `HOST` or `HOST:PORT`; by default, the port of `security`."""

    smtp: str = ""
    sender: str = ""
    security: Security = "starttls"


class CustomerMailSettings(MailMethod, frozen=True, forbid_unknown_fields=True):
    """How mail goes to customers: by a server, or by a program with the arguments of `sendmail`.

    With `plus_addressing`, they reply to the address of `sender` with the reference in it. `templates` is the folder of
    the desk's own templates and texts.
    """

    sendmail: tuple[str, ...] = ()
    plus_addressing: bool = False
    templates: str | None = None


class ServiceMethod(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that apprise supports, by an address in which `{target}` stands for that of the person."""

    apprise_file: str | None = None
    apprise_env: str | None = None
    text: Literal["full", "short"] = "full"


class WebhookMethod(Struct, frozen=True, forbid_unknown_fields=True):
    """A web address to which a page is posted, signed if there is a secret."""

    url: str | None = None
    url_file: str | None = None
    url_env: str | None = None
    secret_file: str | None = None
    secret_env: str | None = None
    ca_file: str | None = None


class CommandMethod(Struct, frozen=True, forbid_unknown_fields=True):
    """A program and its arguments. It is ended after `timeout` seconds."""

    command: tuple[str, ...] = ()
    timeout: Annotated[int, Meta(ge=1, le=LONGEST_COMMAND)] = 60


class GeneralSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What `[watcher]` says apart from the methods, mailboxes and voicemail, which are decoded one by one.

    `link_base` begins each link by which a page is acknowledged; without it, pages have none. The heartbeat address is
    called each minute, with `heartbeat_body` as JSON if there is one. Once a day the end of the ledger is noted in
    `anchor_file`, in the system log with `anchor_syslog`, or both.
    """

    link_base: str | None = None
    heartbeat_url: str | None = None
    heartbeat_url_file: str | None = None
    heartbeat_url_env: str | None = None
    heartbeat_body: str | None = None
    anchor_file: str | None = None
    anchor_syslog: bool = False
    methods: dict[str, Any] = {}
    mailboxes: dict[str, Any] = {}
    customer_mail: dict[str, Any] = {}
    voicemail: dict[str, Any] = {}


Method = MailMethod | ServiceMethod | WebhookMethod | CommandMethod

_SHAPES: dict[str, type[Method]] = {
    "smtp": MailMethod,
    "apprise_file": ServiceMethod,
    "apprise_env": ServiceMethod,
    "url": WebhookMethod,
    "url_file": WebhookMethod,
    "url_env": WebhookMethod,
    "command": CommandMethod,
}
"""The setting that says what a method is."""


class WatcherSettings(Struct, frozen=True):
    """The usable settings of the watcher. `faulty` has the reason, in one line, for each method that cannot be used.

    `mailboxes` are those from which it takes in mail, by name, and `voicemail` the folders from which it takes in
    recordings. `customer_mail` is None where none is sent to customers. Relative paths in the file are relative to
    `folder`.
    """

    path: Path
    methods: Mapping[str, Method] = {}
    faulty: Mapping[str, str] = {}
    general: GeneralSettings = GeneralSettings()
    faults: tuple[Fault, ...] = ()
    text: str = ""
    mailboxes: Mapping[str, MailboxSettings] = {}
    customer_mail: CustomerMailSettings | None = None
    voicemail: Mapping[str, VoicemailSettings] = {}

    def fault_lines(self) -> list[str]:
        """Return one line per fault, with the file, the line, the position and what to do."""
        in_order = sorted(self.faults, key=lambda fault: line_of(self.text, fault.place) or 0)
        return [describe_fault(self.path, fault, self.text) for fault in in_order]

    def resolve(self, path: str) -> Path:
        """Return a path of the file as an absolute one. Raises OSError for one that is not possible."""
        return self.path.parent.absolute() / expand(path)


def load_watcher_settings(path: Path) -> WatcherSettings:
    """Load the watcher's settings; a missing file has none. Never raises for the file's content."""
    try:
        text, document = read_toml(path)
    except UnreadableError as error:
        missing = isinstance(error.__cause__, FileNotFoundError)
        return WatcherSettings(path, faults=() if missing else (error.fault,))
    return decode_watcher(path, text, document)


def decode_watcher(path: Path, text: str, document: Mapping[str, Any]) -> WatcherSettings:
    """Return the watcher's settings of a settings file that was read."""
    table = document.get("watcher", {})
    if table and is_writable_by_all(path):
        fault = Fault("", f"everybody can change it, so nothing that it names is run; run `chmod o-w {path}`")
        return WatcherSettings(path, faults=(fault,), text=text)
    if not isinstance(table, dict):
        return WatcherSettings(path, faults=(Fault("$.watcher", "give a table, [watcher]"),), text=text)
    general, faults = _decode_general({name: value for name, value in table.items() if name not in _APART})
    mailboxes, wrong = decode_mailboxes(table.get("mailboxes", {}))
    faults += wrong
    customer_mail, wrong = _decode_customer_mail(table.get("customer_mail"))
    faults += wrong
    voicemail, wrong = decode_voicemail(table.get("voicemail", {}))
    faults += wrong
    methods: dict[str, Method] = {}
    faulty: dict[str, str] = {}
    listed = table.get("methods", {})
    if not isinstance(listed, dict):
        faults.append(Fault("$.watcher.methods", "give a table per method, such as [watcher.methods.mail]"))
        listed = {}
    for name, value in listed.items():
        method, found = _decode_method(name, value)
        faults += found
        if found:
            faulty[name] = describe_fault(path, found[0], text)
        elif method is not None:
            methods[name] = method
    return WatcherSettings(
        path, methods, faulty, general, tuple(faults), text, mailboxes, customer_mail, voicemail
    )


def _decode_general(table: dict[str, Any]) -> tuple[GeneralSettings, list[Fault]]:
    general, faults = decode_valid_parts(table, GeneralSettings, "$.watcher")
    found = dict(_find_general_faults(general))
    faults += [Fault(f"$.watcher.{name}", why) for name, why in found.items()]
    unusable = dict.fromkeys(found)
    if general.link_base is not None and "link_base" not in found:
        return replace(general, link_base=check_link_base(general.link_base), **unusable), faults
    return replace(general, **unusable), faults


def _find_general_faults(general: GeneralSettings) -> Iterator[tuple[str, str]]:
    yield from at_most_one(general, "heartbeat_url", "heartbeat_url_file", "heartbeat_url_env")
    if general.heartbeat_url is not None and split_address(general.heartbeat_url) is None:
        yield "heartbeat_url", "give a whole web address, such as https://alarm.example.com/desk"
    if general.heartbeat_body is not None and not _is_json(general.heartbeat_body):
        yield "heartbeat_body", 'give JSON, such as \'{"status": "alive"}\''
    if general.anchor_file is not None:
        try:
            if not expand(general.anchor_file).name:
                yield "anchor_file", "give the path of a file, such as /srv/anchors/desk"
        except OSError as error:
            yield "anchor_file", str(error.strerror)
    if general.link_base is not None:
        try:
            check_link_base(general.link_base)
        except ValueError as error:
            yield "link_base", str(error)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _decode_method(name: str, value: Any) -> tuple[Method | None, list[Fault]]:
    place = f"$.watcher.methods.{name}"
    if _METHOD.fullmatch(name) is None:
        return None, [Fault(place, "name a method with small letters, digits and dashes, such as sms")]
    if not isinstance(value, dict):
        return None, [Fault(place, f"give a table, [watcher.methods.{name}]")]
    shapes = {shape for key, shape in _SHAPES.items() if key in value}
    if len(shapes) != 1:
        several = "say only one of" if shapes else "say what this method is, with one of"
        return None, [Fault(place, f"{several} smtp, command, url, url_file, apprise_file")]
    method, faults = decode_valid_parts(value, shapes.pop(), place)
    return method, faults or [Fault(f"{place}.{key}", why) for key, why in _find_faults(method)]


def _decode_customer_mail(value: Any) -> tuple[CustomerMailSettings | None, list[Fault]]:
    place = "$.watcher.customer_mail"
    if value is None:
        return None, []
    if not isinstance(value, dict):
        return None, [Fault(place, "give a table, [watcher.customer_mail]")]
    mail, faults = decode_valid_parts(value, CustomerMailSettings, place)
    faults = faults or [Fault(f"{place}.{key}", why) for key, why in _find_customer_mail_faults(mail)]
    return (None if faults else mail), faults


def _find_customer_mail_faults(mail: CustomerMailSettings) -> Iterator[tuple[str, str]]:
    if not mail.sendmail:
        yield from _find_mail_faults(mail)
    elif mail.smtp:
        yield "sendmail", "say either smtp or sendmail, not both"
    elif "@" not in mail.sender:
        yield "sender", "give the address from which mail is sent, such as support@example.com"


def _find_faults(method: Method) -> Iterator[tuple[str, str]]:
    """Yield setting and reason for what cannot be right whatever the servers say."""
    match method:
        case MailMethod():
            yield from _find_mail_faults(method)
        case WebhookMethod():
            yield from at_most_one(method, "url", "url_file", "url_env")
            yield from at_most_one(method, "secret_file", "secret_env")
            if method.url is not None and not method.url.startswith(("https://", "http://")):
                yield "url", "give a whole web address, such as https://hooks.example.com/page"
        case ServiceMethod():
            yield from at_most_one(method, "apprise_file", "apprise_env")
        case CommandMethod():
            if not method.command or not method.command[0]:
                yield "command", 'give a program and its arguments, such as ["/usr/local/bin/send-sms"]'


def _find_mail_faults(method: MailMethod) -> Iterator[tuple[str, str]]:
    if split_server(method.smtp) is None:
        yield "smtp", "give a server, such as mail.example.com or mail.example.com:587"
    if "@" not in method.sender:
        yield "sender", "give the address from which mail is sent, such as desk@example.com"
    yield from find_login_faults(method, method.security, method.smtp)
