"""The settings of the watcher of a demo, whatever the settings file says: its people and addresses are invented."""

from __future__ import annotations

from pathlib import Path

from supportdesk.demo.customer_mail import SUPPORT_ADDRESS, can_read_mail
from supportdesk.demo.intake_folders import find_folders
from supportdesk.settings.mailboxes import MailboxSettings, MaildirSettings
from supportdesk.settings.voicemail import VoicemailSettings
from supportdesk.settings.watcher import WatcherSettings

_NAME = "demo"
"""The name of the demo's mailbox, and of its folder of voicemails."""


class DemoSettings:
    """Settings by which nothing is sent or called, and nothing is taken in but what arrives in the demo's folders."""

    path = Path("demo")
    """Stands for the path of a file: there is none."""
    fault = ""

    def __init__(self, address: str) -> None:
        """Make those of the demo at an address."""
        self._address = address
        self._settings = WatcherSettings(self.path)

    def load(self) -> WatcherSettings:
        """Return the settings."""
        found = self._find()
        if found != self._settings:
            self._settings = found
        return self._settings

    def _find(self) -> WatcherSettings:
        folders = find_folders(self._address)
        if folders is None:
            return WatcherSettings(self.path)
        mailboxes: dict[str, MailboxSettings] = {}
        if can_read_mail():
            _, host = SUPPORT_ADDRESS.split("@")
            mailboxes[_NAME] = MaildirSettings(str(folders.mail), (SUPPORT_ADDRESS,), (host,))
        voicemail = {_NAME: VoicemailSettings(str(folders.voicemail), quiet=1)}
        return WatcherSettings(self.path, mailboxes=mailboxes, voicemail=voicemail)
