"""What a watcher that this program runs does outside its desk: what the settings file says, and nothing for a demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from supportdesk.cli.context import CliContext

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi
    from supportdesk.intake.mail.configured import ConfiguredMailbox
    from supportdesk.intake.voicemail.voicemail_task import VoicemailFolder
    from supportdesk.store.outbox_models import OutgoingMessage
    from supportdesk.watcher.anchors import AnchorSettings
    from supportdesk.watcher.current_settings import CurrentSettings
    from supportdesk.watcher.customer_mail.sending_settings import SettingsMailSender
    from supportdesk.watcher.customer_mail.sending_transport import CustomerMailSender
    from supportdesk.watcher.heartbeat_calls import HeartbeatCall
    from supportdesk.watcher.outside import Outside
    from supportdesk.watcher.sending.sender import Sender
    from supportdesk.watcher.settings_senders import SettingsSenders
    from supportdesk.watcher.task import Say, WatcherTask


def watcher_outside(context: CliContext, say: Say, *, has_links: bool = True) -> Outside:
    """Return what the settings file sets up; its functions read the file when it has changed, on the watcher's threads.

    Nothing is sent from a demo, and no mail is read there: its people and addresses are invented. Without `has_links`
    no page has a link.
    """
    from supportdesk.watcher.outside import Outside

    config, address, clock = context.settings_files.config, context.address, context.clock

    @cache
    def is_silent() -> bool:
        from supportdesk.demo.fill import is_demo

        return is_demo(address)

    @cache
    def make_settings() -> tuple[CurrentSettings, SettingsSenders]:
        from supportdesk.watcher.current_settings import CurrentSettings
        from supportdesk.watcher.settings_senders import SettingsSenders

        settings = CurrentSettings(config, say)
        return settings, SettingsSenders(settings, clock)

    def load_senders() -> Mapping[str, Sender]:
        return {} if is_silent() else make_settings()[1].load()

    def find_link(desk: DeskApi, message: OutgoingMessage) -> str | None:
        from supportdesk.watcher.links.link_desk import link_of_message

        base = None if is_silent() else make_settings()[0].load().general.link_base
        return link_of_message(desk, base, message) if base is not None else None

    def load_call() -> HeartbeatCall | None:
        from supportdesk.watcher.heartbeat_calls import make_call

        return None if is_silent() else make_call(make_settings()[0].load())

    def load_anchors() -> AnchorSettings | None:
        from supportdesk.watcher.anchors import make_anchor_settings

        return None if is_silent() else make_anchor_settings(make_settings()[0].load(), address)

    def load_mailboxes() -> list[ConfiguredMailbox]:
        from supportdesk.intake.mail.configured import make_mailboxes

        return [] if is_silent() else make_mailboxes(make_settings()[0].load())

    @cache
    def make_mail_sender() -> SettingsMailSender:
        from supportdesk.watcher.customer_mail.sending_settings import SettingsMailSender

        return SettingsMailSender(make_settings()[0])

    def load_mail_sender() -> Mapping[str, CustomerMailSender]:
        return {} if is_silent() else make_mail_sender().load()

    def load_voicemail() -> list[VoicemailFolder]:
        from supportdesk.intake.voicemail.voicemail_task import make_folders

        return [] if is_silent() else make_folders(make_settings()[0].load())

    def make_more_tasks(say: Say) -> Sequence[WatcherTask]:
        from supportdesk.intake.mail.configured import list_imap, list_maildirs
        from supportdesk.intake.mail.imap_task import ImapTask
        from supportdesk.intake.mail.maildir_task import MaildirTask
        from supportdesk.intake.voicemail.voicemail_task import VoicemailTask
        from supportdesk.watcher.customer_mail.sending_task import CustomerMail

        return (
            MaildirTask(say, lambda: list_maildirs(load_mailboxes())),
            ImapTask(say, lambda: list_imap(load_mailboxes())),
            VoicemailTask(say, load_voicemail),
            CustomerMail(say, load_mail_sender),
        )

    find = find_link if has_links else None
    return Outside(
        load_senders, find, load_call, load_anchors, make_more_tasks, lambda: tuple(load_mail_sender())
    )
