"""A real program that answers mail of absent people, and the desk, soon have nothing more to say to each other.

The mail travels: the desk hands it to postfix, which delivers it to dovecot; the sieve script there answers through
postfix, which delivers to the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.incoming_message import MessageState
from tests.docs.paging.programs import free_ports
from tests.intake.mail.imap.dovecot import Dovecot, needs_dovecot, needs_sieve
from tests.intake.mail.mailing_site import LOSSY, mailing_site
from tests.intake.mail.messages import write
from tests.intake.mail.postfix import needs_postfix
from tests.store.desks import verified
from tests.store.mailing import mailing_desk, sentences

pytestmark = [needs_dovecot, needs_sieve, needs_postfix, pytest.mark.slow]

_MARKS = "Auto-Submitted|Precedence|X-Auto-Response-Suppress"
_THREAD = "In-Reply-To|References"
_ROUNDS = 5

_SIEVE = """
protocol lmtp {{
  mail_plugins = $mail_plugins sieve
}}
plugin {{
  sieve = file:~/vacation.sieve
  sieve_extensions = +vacation-seconds
  sieve_vacation_min_period = 0
  sieve_vacation_send_from_recipient = yes
}}
submission_host = 127.0.0.1:{port}
"""


@pytest.fixture(scope="module")
def submission_port() -> int:
    """Where the postfix of each test listens."""
    [port] = free_ports(1)
    return port


@pytest.fixture(scope="module")
def shared_responder(submission_port: int) -> Iterator[Dovecot]:
    server = Dovecot(_SIEVE.format(port=submission_port))
    yield server
    server.remove()


@pytest.fixture
def responder(shared_responder: Dovecot) -> Dovecot:
    """A server that answers each mail to anybody, however soon after the one before."""
    shared_responder.empty()
    (shared_responder.folder / "home" / "vacation.sieve").write_text(
        'require ["vacation", "vacation-seconds"];\n'
        'vacation :seconds 0 :subject "I am away" "I am away until Monday.";\n'
    )
    return shared_responder


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with mailing_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def exchange(desk: Desk, responder: Dovecot, submission_port: int) -> Callable[..., int]:
    """Jo writes, and is away since. Returns how many answers of the responder the desk has had when all is quiet.

    `way` and `back` are the transports of mail to the responder and to the desk.
    """

    def exchange(way: str, back: str, lost: str) -> int:
        to_jo = f"{way}:inet:127.0.0.1:{responder.lmtp}"
        with mailing_site(desk, {"acme.example": to_jo}, back, lost, port=submission_port) as site:
            site.receive(write("It does not print."))
            assert [site.send_all() for _ in range(_ROUNDS)] == [1, 0, 0, 0, 0], "the receipt, and no more"
            assert len(responder.list_files()) == 1, site.postfix.describe()
        assert verified(desk).is_intact
        return sum(desk.count_incoming()["support"].values()) - 1

    return exchange


def test_a_responder_that_knows_the_standard_does_not_answer_a_receipt(exchange: Callable[..., int]) -> None:
    assert exchange("lmtp", "lmtp", "") == 0


def test_the_answer_of_a_responder_to_a_receipt_has_no_effect_and_says_why(
    desk: Desk, exchange: Callable[..., int]
) -> None:
    assert exchange(LOSSY, "lmtp", _MARKS) == 1
    [answer] = desk.incoming_messages(states=[MessageState.AUTOMATIC])
    assert answer.sender_address == "jo@acme.example"
    assert answer.reason == (
        "Its header says that a program sent it (Auto-Submitted: auto-replied)."
        " Its header says that it is sent in bulk (Precedence: bulk)."
        " It asks for no automatic reply (X-Auto-Response-Suppress: All)."
    )


def test_an_answer_that_nothing_marks_as_one_is_on_the_ticket_and_gets_no_answer(
    desk: Desk, exchange: Callable[..., int]
) -> None:
    assert exchange(LOSSY, LOSSY, _MARKS) == 1
    [answer] = desk.incoming_messages(states=[MessageState.MESSAGE])
    assert [row.ref for row in desk.queue().rows] == [answer.ref]


def test_an_answer_that_lost_its_thread_as_well_is_a_ticket_that_says_why_it_has_no_receipt(
    desk: Desk, exchange: Callable[..., int]
) -> None:
    assert exchange(LOSSY, LOSSY, f"{_MARKS}|{_THREAD}") == 1
    tickets = desk.incoming_messages(states=[MessageState.TICKET])
    [answer] = [each for each in tickets if each.subject == "I am away"]
    assert answer.ref is not None
    [said] = sentences(desk, answer.ref)
    assert said.startswith(
        "the receipt was not mailed to Jo Park: they were mailed a receipt within the last hour"
    )
