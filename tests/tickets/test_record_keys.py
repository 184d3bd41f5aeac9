"""Keys made from names: legible where they can be, and never the same for two names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.record_keys import CONTACT, CUSTOMER, slug


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Umbra & Söhne", "umbra-sohne"),
        ("Łódź Ørsted", "lodz-orsted"),
        ("Straße", "strasse"),
        ("Юрий Гагарин", "iurii-gagarin"),
        ("Αθήνα ΑΕ", "athina-ae"),
        ("ユキ", "yuki"),
        ("ＡＣＭＥ", "acme"),
        ("北京公司", "customer"),
        ("שלום", "customer"),
        ("&", "customer"),
    ],
)
def test_a_name_is_a_key_in_latin_letters_or_what_it_is_the_name_of(name: str, key: str) -> None:
    assert slug(name, CUSTOMER) == key


@given(st.text(max_size=90))
def test_any_name_makes_a_key_that_can_be_typed(name: str) -> None:
    key = slug(name, CONTACT)
    assert key.isascii()
    assert key == key.lower().strip("-")
    assert 0 < len(key) <= 60
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
