"""Addresses and quiet hours as they are typed and read."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.store import processed_commands
from supportdesk.tickets.addresses import (
    AddressError,
    find_addresses_fault,
    format_address,
    format_addresses,
    format_quiet_hours,
    parse_address,
    parse_addresses,
    parse_quiet_hours,
)
from supportdesk.tickets.documents import Address, QuietHours
from supportdesk.tickets.person_addresses import list_addresses
from supportdesk.tickets.records.commands import SavePerson
from tests.tickets.scenario import person

SMS = Address("sms", "+44 7700 900123")
CALL = Address("call", "+44 7700 900123", delay=120)


def test_addresses_are_typed_as_a_method_a_target_and_a_delay() -> None:
    assert parse_address("sms +44 7700 900123") == SMS
    assert parse_address("  Call  +44 7700 900123 after 2 min ") == CALL
    assert parse_addresses("sms +44 7700 900123; call +44 7700 900123 after 2;") == (SMS, CALL)
    assert parse_addresses("  ") == ()
    assert format_addresses((SMS, CALL)) == "sms +44 7700 900123; call +44 7700 900123 after 2 min"


WORDS = st.text(
    st.characters(codec="ascii", exclude_characters=";", categories=("L", "N", "P", "S")), min_size=1
)


@given(st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True), WORDS, st.integers(0, 24 * 3600))
def test_what_is_shown_of_an_address_can_be_typed(method: str, target: str, delay: int) -> None:
    address = Address(method, target[:100], delay)
    assert parse_address(format_address(address)) == address


FAULTY = [
    ("sms", "sms needs a number or an address"),
    ("+44 7700 900123", '"+44" cannot be a method of sending'),
    ("call +44 7700 900123 after lunch", '"lunch" is not a duration'),
    ("call +44 7700 900123 after 3 days", "72 h is too long a delay"),
    ("sms " + "1" * 201, "sms needs a number or an address"),
]


@pytest.mark.parametrize(("typed", "why"), FAULTY)
def test_what_cannot_be_an_address_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(AddressError) as refused:
        parse_address(typed)
    assert why in str(refused.value)


def test_the_same_address_twice_and_too_many_are_refused() -> None:
    assert find_addresses_fault((SMS, CALL)) is None
    assert find_addresses_fault((SMS, replace(SMS, delay=60))) == "sms +44 7700 900123 is given twice"
    many = [Address("sms", str(number)) for number in range(11)]
    assert "11 addresses are too many" in (find_addresses_fault(many) or "")


def test_a_person_without_addresses_is_reached_at_their_email_address() -> None:
    ann = replace(person("ann", "user-support"), email="ann@desk.example")
    assert list_addresses(ann) == (Address("mail", "ann@desk.example"),)
    assert list_addresses(replace(ann, addresses=(SMS, CALL))) == (SMS, CALL)
    assert list_addresses(replace(ann, email="")) == ()


@pytest.mark.parametrize("typed", ["22:00-07:00", "22-7", "22:00 to 07:00", "10 pm – 7 am"])
def test_quiet_hours_are_typed_as_two_times_of_day(typed: str) -> None:
    hours = parse_quiet_hours(typed)
    assert hours == QuietHours(time(22), time(7))
    assert format_quiet_hours(hours) == "22:00-07:00"


@pytest.mark.parametrize("typed", ["22:00", "late", "22:00-25:00", "7-7", "22:00 CET - 07:00", "-"])
def test_what_cannot_be_quiet_hours_is_refused(typed: str) -> None:
    with pytest.raises(AddressError):
        parse_quiet_hours(typed)


def test_no_quiet_hours_are_typed_as_nothing() -> None:
    assert parse_quiet_hours(" ") is None
    assert format_quiet_hours(None) == ""


def test_a_person_saved_before_there_were_addresses_is_the_same_command() -> None:
    ann = person("ann", "user-support")
    saved = SavePerson(ann)
    assert processed_commands.digest(saved) != processed_commands.digest(
        SavePerson(replace(ann, addresses=(SMS,)))
    )
    values = processed_commands._values(saved, complete=True)
    assert not {"addresses", "quiet_hours"} & values["person"].keys()
