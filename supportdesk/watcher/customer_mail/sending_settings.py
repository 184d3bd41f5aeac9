"""What sends mail to customers, as the settings file has it now."""

from __future__ import annotations

import shutil
import time
from importlib.util import find_spec
from pathlib import Path

from supportdesk.access.secret import SetupError
from supportdesk.settings.watcher import CustomerMailSettings, WatcherSettings
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.watcher.current_settings import SettingsSource
from supportdesk.watcher.customer_mail.sending_transport import (
    CustomerMailSender,
    SendmailProgram,
    Transport,
)
from supportdesk.watcher.sending.configured import ConfiguredSenders
from supportdesk.watcher.sending.mail_header import find_address_fault
from supportdesk.watcher.sending.methods import make_mail_sender
from supportdesk.watcher.sending.obstacles import find_obstacle

CHECK_SECONDS = 60.0
"""How often it is checked whether there is what it needs, such as a secret or a program."""

PLACE = "$.watcher.customer_mail"


class SettingsMailSender:
    """Returns what sends mail to customers; asked at each tick, on one thread."""

    def __init__(self, settings: SettingsSource) -> None:
        self._settings = settings
        self._of: WatcherSettings | None = None
        self._sender: CustomerMailSender | None = None
        self._obstacle = ""
        self._next_check = 0.0

    def load(self) -> ConfiguredSenders[CustomerMailSender]:
        """Return the sender, if there is one, and why it cannot be used. Never raises for what a file contains."""
        settings = self._settings.load()
        if settings is not self._of or time.monotonic() >= self._next_check:
            self._of, self._next_check = settings, time.monotonic() + CHECK_SECONDS
            self._sender, self._obstacle = make_sender(settings)
        unusable = (f"mail to customers cannot be sent: {self._obstacle}",) if self._obstacle else ()
        senders = {CUSTOMER_MAIL: self._sender} if self._sender is not None else {}
        return ConfiguredSenders(senders, unusable, tuple(senders))


def make_sender(settings: WatcherSettings) -> tuple[CustomerMailSender | None, str]:
    """Return what sends mail to customers, or why nothing can; neither where the settings say nothing of it."""
    if any(fault.place.startswith(PLACE) for fault in settings.faults):
        return None, "see `supportdesk config --check`"
    mail = settings.customer_mail
    if mail is None:
        return None, ""
    if find_spec("jinja2") is None:
        return None, "jinja2 is missing: pip install 'supportdesk[mail]'"
    try:
        templates = settings.resolve(mail.templates) if mail.templates is not None else None
        why = (
            find_address_fault(mail.sender) or _find_missing(mail, templates) or find_obstacle(mail, settings)
        )
        if why:
            return None, why
        transport = _make_transport(mail, settings)
        return CustomerMailSender(mail.sender, transport, mail.plus_addressing, templates), ""
    except SetupError as error:
        return None, str(error)


def _find_missing(mail: CustomerMailSettings, templates: Path | None) -> str:
    if templates is not None and not templates.is_dir():
        return f"there is no folder {templates} of templates"
    if templates is not None:
        from supportdesk.watcher.customer_mail.template_check import find_template_fault

        fault = find_template_fault(templates)
        if fault is not None:
            return fault
    program = next(iter(mail.sendmail), None)
    return f"there is no program {program}" if program and shutil.which(program) is None else ""


def _make_transport(mail: CustomerMailSettings, settings: WatcherSettings) -> Transport:
    if mail.sendmail:
        return SendmailProgram(mail.sendmail, mail.sender)
    return make_mail_sender(mail, settings)
