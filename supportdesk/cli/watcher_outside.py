"""What a watcher that this program runs does outside its desk: what the settings file says; little on a demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from supportdesk.cli.context import CliContext

if TYPE_CHECKING:
    from supportdesk.demo.intake_folders import DemoFolders
    from supportdesk.desk_api import DeskApi
    from supportdesk.intake.mail.configured import ConfiguredMailbox
    from supportdesk.intake.voicemail.voicemail_task import VoicemailFolder
    from supportdesk.store.outbox_models import OutgoingMessage
    from supportdesk.watcher.anchors import AnchorSettings
    from supportdesk.watcher.current_settings import SettingsSource
    from supportdesk.watcher.customer_mail.sending_settings import SettingsMailSender
    from supportdesk.watcher.customer_mail.sending_transport import CustomerMailSender
    from supportdesk.watcher.heartbeat_calls import HeartbeatCall
    from supportdesk.watcher.outside import Outside
    from supportdesk.watcher.sending.sender import Sender
    from supportdesk.watcher.settings_senders import SettingsSenders
    from supportdesk.watcher.task import Say, WatcherTask


def watcher_outside(context: CliContext, say: Say, *, has_links: bool = True) -> Outside:
    """Return what the settings file sets up; its functions read the file when it has changed, on the watcher's threads.

    Nothing is sent from a demo, and nothing is taken in but what its own customers send: people and addresses are
    invented. Without `has_links` no page has a link.
    """
    from supportdesk.watcher.outside import Outside

    found = _SettingsOutside(context, say)
    return Outside(
        found.load_senders,
        found.find_link if has_links else None,
        found.load_call,
        found.load_anchors,
        found.make_more_tasks,
        lambda: tuple(found.load_mail_sender()),
    )


class _SettingsOutside:
    """What the settings of a desk set up. What this needs is imported on the watcher's threads, which call it."""

    def __init__(self, context: CliContext, say: Say) -> None:
        self._context = context
        self._say = say

    def load_senders(self) -> Mapping[str, Sender]:
        """Return the senders of pages, by their methods."""
        return self._senders.load()

    def find_link(self, desk: DeskApi, message: OutgoingMessage) -> str | None:
        """Return the link of a page; None without an address that begins it."""
        from supportdesk.watcher.links.link_desk import link_of_message

        base = self._settings.load().general.link_base
        return link_of_message(desk, base, message) if base is not None else None

    def load_call(self) -> HeartbeatCall | None:
        """Return what calls the heartbeat address; None without one."""
        from supportdesk.watcher.heartbeat_calls import make_call

        return make_call(self._settings.load())

    def load_anchors(self) -> AnchorSettings | None:
        """Return where the ledger is anchored; None for nowhere."""
        from supportdesk.watcher.anchors import make_anchor_settings

        return make_anchor_settings(self._settings.load(), self._context.address)

    def load_mail_sender(self) -> Mapping[str, CustomerMailSender]:
        """Return what sends mail to customers, by its method."""
        return self._mail_sender.load()

    def make_more_tasks(self, say: Say) -> Sequence[WatcherTask]:
        """Return what takes in and sends mail, takes in voicemails, and lets both arrive at a demo."""
        from supportdesk.demo.arrivals import DemoArrivals
        from supportdesk.intake.mail.configured import list_imap, list_maildirs
        from supportdesk.intake.mail.imap_task import ImapTask
        from supportdesk.intake.mail.maildir_task import MaildirTask
        from supportdesk.intake.voicemail.voicemail_task import VoicemailTask
        from supportdesk.watcher.customer_mail.sending_task import CustomerMail

        return (
            DemoArrivals(self._find_demo_folders),
            MaildirTask(say, lambda: list_maildirs(self._load_mailboxes())),
            ImapTask(say, lambda: list_imap(self._load_mailboxes())),
            VoicemailTask(say, self._load_voicemail),
            CustomerMail(say, self.load_mail_sender),
        )

    def _load_mailboxes(self) -> list[ConfiguredMailbox]:
        from supportdesk.intake.mail.configured import make_mailboxes

        return make_mailboxes(self._settings.load())

    def _load_voicemail(self) -> list[VoicemailFolder]:
        from supportdesk.intake.voicemail.voicemail_task import make_folders

        return make_folders(self._settings.load())

    def _find_demo_folders(self) -> DemoFolders | None:
        from supportdesk.demo.intake_folders import find_folders

        return find_folders(self._context.address) if self._is_demo else None

    @cached_property
    def _is_demo(self) -> bool:
        """Whether the desk is a demo; asking raises DeskUnavailableError while it cannot be read."""
        from supportdesk.demo.fill import is_demo

        return is_demo(self._context.address)

    @cached_property
    def _settings(self) -> SettingsSource:
        from supportdesk.demo.watcher_settings import DemoSettings
        from supportdesk.watcher.current_settings import CurrentSettings

        if self._is_demo:
            return DemoSettings(self._context.address)
        return CurrentSettings(self._context.settings_files.config, self._say)

    @cached_property
    def _senders(self) -> SettingsSenders:
        from supportdesk.watcher.settings_senders import SettingsSenders

        return SettingsSenders(self._settings, self._context.clock)

    @cached_property
    def _mail_sender(self) -> SettingsMailSender:
        from supportdesk.watcher.customer_mail.sending_settings import SettingsMailSender

        return SettingsMailSender(self._settings)
