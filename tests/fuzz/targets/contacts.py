"""References, telephone numbers and addresses."""

from __future__ import annotations

from supportdesk.cli import desk_address
from supportdesk.settings.mail_server import split_server
from supportdesk.settings.web_address import check_link_base, split_address
from supportdesk.tickets import addresses, mail_address, reference, telephone
from supportdesk.watcher.links.addresses import parse_listen
from supportdesk.watcher.links.token import digest, is_token
from supportdesk.watcher.sending import mail_header
from tests.fuzz.target import as_text, assert_helps, text_target

SECRET = "s3cr3t"


@text_target("references")
def references(text: str) -> None:
    """A reference that is found is whole, and is the same when it is typed again."""
    reference.looks_like_reference(text)
    reference.typed_beginning(text)
    try:
        found = reference.parse(text)
    except reference.BadReferenceError as error:
        assert_helps(str(error), "type", "check", "CD-", "character", "reference")
        return
    assert reference.parse(found) == found
    assert reference.make(reference.number(found)) == found
    assert reference.spell(found)
    assert reference.looks_like_reference(found)


@text_target("telephone")
def telephones(text: str) -> None:
    """A number that can be dialled is the same when it is shown and typed again."""
    fault = telephone.find_fault(text, "GB")
    if fault is not None:
        assert_helps(fault, "type it as in +44 20 7946 0018")
    telephone.is_withheld(text)
    name, number = telephone.name_beside(text), telephone.extract_number(text)
    telephone.name_beside(telephone.beside_name(number, name))
    assert all(each.isascii() and each.isdigit() for each in telephone.endings(text))
    found = telephone.parse(text, "GB")
    assert (found is not None) == telephone.is_number(text)
    shown = telephone.format_number(text, "GB")
    if found is None:
        return
    telephone.likeness(found, text, "GB")
    if found.international is not None:
        again = telephone.parse(shown, "GB")
        assert again is not None
        assert again.international == found.international


@text_target("addresses")
def paging_addresses(text: str) -> None:
    """Addresses and quiet hours are the same when they are shown and typed again."""
    try:
        found = addresses.parse_addresses(text)
    except addresses.AddressError as error:
        assert_helps(str(error), "type", "longest", "digit other than")
    else:
        addresses.find_addresses_fault(found)
        assert addresses.parse_addresses(addresses.format_addresses(found)) == found
    try:
        hours = addresses.parse_quiet_hours(text)
    except addresses.AddressError as error:
        assert_helps(str(error), "type 22:00-07:00")
    else:
        assert addresses.parse_quiet_hours(addresses.format_quiet_hours(hours)) == hours


@text_target("mail-addresses")
def mail_addresses(text: str) -> None:
    """Mail is only sent to an address that is one line of ASCII, and faults say how to type one."""
    fault = mail_address.find_fault(text)
    if fault is not None:
        assert_helps(fault, "type it as in")
    mail_address.looks_like_address(text)
    mail_address.split_name(text)
    if mail_header.find_address_fault(text) is None:
        box = mail_header.mailbox(text)
        assert box.address.isascii()
        assert not set(box.address) & set("\r\n\0 <>,")


@text_target("web-addresses")
def web_addresses(text: str) -> None:
    """Links begin with an address over TLS; addresses to listen on, servers and tokens are what they say."""
    split_address(text)
    try:
        base = check_link_base(text)
    except ValueError as error:
        assert_helps(str(error), "give", "must begin")
    else:
        assert check_link_base(base) == base
        assert base.isascii()
        assert base.isprintable()
    try:
        listen = parse_listen(text)
    except ValueError as error:
        assert_helps(str(error), "such as")
    else:
        assert 0 <= listen.port <= 65535
    server = split_server(text)
    assert server is None or server[0].isascii()
    if is_token(text):
        assert len(digest(text)) == 64


@text_target("desk-address")
def desk_addresses(text: str) -> None:
    """The address of a desk is shown without its password, whatever else is in it."""
    for address in (
        f"postgresql://u:{SECRET}@{text}",
        f"postgresql+psycopg://{text.replace('@', '').replace('/', '')}:{SECRET}@db.example/desk",
        f"postgresql://u:{SECRET}{text}@db.example/desk",
        f"postgresql://u@db.example/desk?{text.replace('#', '')}&password={SECRET}",
    ):
        assert SECRET not in desk_address.display(address), ascii(address)
        assert SECRET not in desk_address.name(address), ascii(address)
    desk_address.display(as_text(text.encode("utf-8", "surrogatepass")))
    desk_address.name(text)
