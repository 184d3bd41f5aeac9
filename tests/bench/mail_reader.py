"""A process that reads one message and says how much memory it took.

`python -m tests.bench.mail_reader FILE` parses it by Python's own `email` only, as a message is at least read;
`python -m tests.bench.mail_reader FILE ADDRESS` takes it into a desk. Both print the peak of the process in MB.
"""

from __future__ import annotations

import email
import email.policy
import sys
from contextlib import closing
from pathlib import Path

from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.tickets.incoming_message import MessageState


def main(file: str, address: str | None = None) -> None:
    """Read a message, and print the peak."""
    content = Path(file).read_bytes()
    if address is None:
        read_bare(content)
    else:
        with closing(Desk.open(address)) as desk:
            accounted = MailIntake(desk, Mailbox("support", "files")).take_in(Delivery(content))
            assert accounted.state is MessageState.TICKET, accounted
    print(find_peak())


def read_bare(content: bytes) -> int:
    """Parse a message and decode each of its parts by `email`; return how many bytes these have."""
    size = 0
    for part in email.message_from_bytes(content, policy=email.policy.default).walk():
        if not part.is_multipart():
            size += len(part.get_payload(decode=True))
    return size


def find_peak() -> float:
    """Return the most memory that this process has had, in MB; not that of the one that it was forked from."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) / 1024
    raise RuntimeError("this system does not say how much memory a process has had")


if __name__ == "__main__":
    main(*sys.argv[1:])
