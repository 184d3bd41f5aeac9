"""What a demo's customers send, taken in at once instead of by a watcher's threads."""

from __future__ import annotations

from datetime import timedelta

from supportdesk.clock import FixedClock
from supportdesk.demo.arrivals import ARRIVALS, DemoArrivals
from supportdesk.demo.intake_folders import find_folders
from supportdesk.demo.watcher_settings import DemoSettings
from supportdesk.desk import Desk
from supportdesk.intake.mail.configured import list_maildirs, make_mailboxes
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.maildir_intake import take_in_maildir
from supportdesk.intake.voicemail.folder_intake import take_in_folder
from supportdesk.intake.voicemail.voicemail_intake import VoicemailIntake, VoicemailSource
from supportdesk.intake.voicemail.voicemail_task import make_folders
from supportdesk.tickets.incoming_message import IncomingMessage

LAST = ARRIVALS[-1][0]
"""How long after the demo was opened the last of what arrives then does."""


class OpenDemo:
    """A demo that somebody has just opened; time passes when its user says so."""

    def __init__(self, desk: Desk, clock: FixedClock, address: str) -> None:
        self._desk = desk
        self._clock = clock
        self._address = address
        self.arrivals = DemoArrivals(lambda: find_folders(address))
        self.tick()

    def tick(self, *, after: timedelta = timedelta()) -> None:
        """Let time pass, and then what is due next arrive."""
        self._clock.set(self._clock.now() + after)
        self.arrivals.tick(self._desk, self._clock.now(), is_stopped=lambda: False)

    def take_in(self) -> list[IncomingMessage]:
        """Take in what has arrived, by the settings of the demo, and return it as the desk has it."""
        known = {each.key for each in self._desk.incoming_messages()}
        self._take_in_all()
        return [each for each in reversed(self._desk.incoming_messages()) if each.key not in known]

    def let_everything_arrive(self) -> list[IncomingMessage]:
        """Let all that is due at this opening arrive, and take it in."""
        taken = []
        for _ in ARRIVALS:
            self.tick(after=LAST)
            taken += self.take_in()
        return taken

    def _take_in_all(self) -> None:
        settings = DemoSettings(self._address).load()
        for box in list_maildirs(make_mailboxes(settings)):
            mail = MailIntake(self._desk, box.mailbox)
            assert not [why for _, why in take_in_maildir(mail, box.folder) if isinstance(why, str)]
        for each in make_folders(settings):
            voicemail = VoicemailIntake(self._desk, VoicemailSource(each.name))
            complete_at = self._clock.now().timestamp() + each.quiet
            found = take_in_folder(voicemail, each.folder, complete_at, each.quiet)
            assert not [why for _, why in found if isinstance(why, str)]
