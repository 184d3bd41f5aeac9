"""A desk whose mail travels: it hands its mail to a postfix, which delivers the mail to the desk by LMTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from supportdesk.desk import Desk
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.watcher.customer_mail.sending_task import CustomerMail
from supportdesk.watcher.customer_mail.sending_transport import CustomerMailSender
from supportdesk.watcher.sending.mail_sender import MailSender
from tests.intake.mail.desk_lmtp import Opened, serving
from tests.intake.mail.messages import SUPPORT
from tests.intake.mail.postfix import Postfix
from tests.patience import wait_for
from tests.store.mailing import mails

LOSSY = "lossy"
"""The transport of postfix that loses the fields of a header which `lost` names, as some servers do."""

_LOSSY = f"""\
{LOSSY} unix - - n - - lmtp
  -o lmtp_header_checks=$lost_fields
"""


class MailingSite:
    """A desk, its watcher and its mail server."""

    def __init__(self, desk: Desk, postfix: Postfix) -> None:
        self.desk, self.postfix = desk, postfix
        transport = MailSender("127.0.0.1", f"Support <{SUPPORT}>", "none", postfix.port)
        sender = CustomerMailSender(transport.sender, transport)
        self._task = CustomerMail(lambda line: None, lambda: {CUSTOMER_MAIL: sender})

    def send_all(self) -> int:
        """Send what waits, and wait until it was delivered and what comes of it was; return how many mails it was."""
        number = len(mails(self.desk))
        self.hand_over()
        self.postfix.wait_until_delivered()
        return number

    def hand_over(self) -> None:
        """Give the mail server all that waits."""

        def is_empty() -> bool:
            self._task.tick(self.desk, self.desk.now(), is_stopped=lambda: False)
            return not mails(self.desk)

        wait_for(is_empty, lambda: f"still waiting: {mails(self.desk)}")

    def receive(self, content: bytes, sender: str = "jo@acme.example") -> None:
        """Have the mail server deliver a message to the desk, and wait until it has."""
        self.postfix.accept(content, SUPPORT, sender)
        self.postfix.wait_until_delivered()

    def close(self) -> None:
        """End the watcher."""
        self._task.close()


@contextmanager
def mailing_site(
    desk: Desk,
    routes: Mapping[str, str],
    transport: str = "lmtp",
    lost: str = "",
    *,
    port: int | None = None,
    **settings: str,
) -> Iterator[MailingSite]:
    """The site of a desk, until the block ends.

    `routes` are those of other mail, `transport` is that of mail to the desk, and `lost` a pattern of names of fields
    that the lossy transport loses. `port` is that of postfix, a free one by default; `settings` are added to its own.
    """
    with serving(Opened(desk), []) as lmtp:
        postfix = Postfix(
            {SUPPORT: f"{transport}:inet:127.0.0.1:{lmtp}", **routes},
            _LOSSY,
            port=port,
            lost_fields=f"regexp:{{ {{/^({lost}):/ IGNORE}} }}" if lost else "",
            **settings,
        )
        site = MailingSite(desk, postfix)
        try:
            yield site
        finally:
            site.close()
            postfix.remove()
