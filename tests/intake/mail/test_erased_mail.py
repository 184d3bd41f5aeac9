"""Mail that is put back after it was erased is accounted for by what is left of it, and stored nowhere again."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.intake.mail.maildir_intake import take_in_maildir
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import EraseContact, SaveContact
from tests.intake.mail.messages import write
from tests.store.desks import done, furnished_desk, verified

pytestmark = pytest.mark.usefixtures("database_kind")

SUPPORT, SALES = Mailbox("support", "maildir"), Mailbox("sales", "maildir")
NAMED = "<jo.park.1@acme.example>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with furnished_desk(tmp_path) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        yield desk


@pytest.mark.parametrize("headers", [{}, {"Message_ID": NAMED}, {"Message_ID": ""}])
@pytest.mark.parametrize(("identity", "place"), [("1", SUPPORT), ("2", SUPPORT), ("1", SALES)])
def test_mail_of_an_erased_contact_that_is_put_back_is_known(
    desk: Desk, headers: dict[str, str], identity: str, place: Mailbox
) -> None:
    content = write(**headers)
    first = MailIntake(desk, SUPPORT).take_in(Delivery(content, "1"))
    done(desk, EraseContact("jo"), by="sue")
    again = MailIntake(desk, place).take_in(Delivery(content, identity))
    assert (again.state, again.ref, again.repeated) == (MessageState.TICKET, first.ref, True)
    [left] = desk.incoming_messages()
    assert desk.incoming_original(left.key) is None
    assert "Park" not in f"{left}"
    assert verified(desk).is_intact


def test_mail_that_only_named_them_is_not_stored_again_either(desk: Desk) -> None:
    content = write("Ask Jo Park.", sender="Eve <eve@elsewhere.example>")
    MailIntake(desk, SUPPORT).take_in(Delivery(content, "1"))
    done(desk, EraseContact("jo"), by="sue")
    again = MailIntake(desk, SUPPORT).take_in(Delivery(content, "2"))
    assert (again.state, again.repeated) == (MessageState.QUARANTINE, True)
    assert again.reason.startswith("What was in it was erased with a contact")
    assert len(desk.incoming_messages()) == 1


def test_other_mail_from_their_address_is_a_message_of_its_own(desk: Desk) -> None:
    content = write()
    MailIntake(desk, SUPPORT).take_in(Delivery(content, "1"))
    done(desk, EraseContact("jo"), by="sue")
    other = MailIntake(desk, SUPPORT).take_in(Delivery(content.replace(b"Mon, 23", b"Tue, 24"), "1"))
    assert (other.state, other.repeated) == (MessageState.QUARANTINE, False)
    assert len(desk.incoming_messages()) == 2


def test_what_is_put_back_into_a_maildir_leaves_it_again(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "box"
    box = mailbox.Maildir(folder, create=True)
    content, intake = write(Message_ID=NAMED), MailIntake(desk, SUPPORT)
    for _ in range(2):
        box.add(content)
        for _, accounted in take_in_maildir(intake, folder):
            assert isinstance(accounted, Accounted)
        assert not [*(folder / "new").iterdir(), *(folder / "cur").iterdir()]
        if desk.caller("jo") is not None:
            done(desk, EraseContact("jo"), by="sue")
    box.close()
    assert len(desk.incoming_messages()) == 1
