"""New customers and contacts: each gets a key of its own, and only an exact name is taken for a known one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Outcome
from supportdesk.store.processed_commands import is_same
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation
from supportdesk.tickets.registration import find_same_names
from tests.store.desks import REQUEST, address_of, done, furnished_desk, logged, refused, verified
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with furnished_desk(tmp_path) as desk:
        yield desk


def customers(desk: Desk) -> dict[str, str]:
    """The names of the customers by key."""
    return {each.key: each.name for each in desk.find_organisations("", 100)}


NAMES = ("北京公司", "東京商店", "Muller", "Müller", "Łoś", "Los")


def test_customers_whose_names_look_alike_in_latin_letters_are_different_ones(desk: Desk) -> None:
    for name in NAMES:
        logged(desk, organisation=name, contact="王", new_organisation=True)
    known = customers(desk)
    assert {key: known[key] for key in known if known[key] in NAMES} == {
        "customer": "北京公司",
        "customer-2": "東京商店",
        "muller": "Muller",
        "muller-2": "Müller",
        "los": "Łoś",
        "los-2": "Los",
    }
    assert verified(desk).is_intact


def test_a_contact_is_recognised_only_by_the_exact_name(desk: Desk) -> None:
    first = done(desk, Log(**{**REQUEST, "contact": "Jo Müller"})).ref
    same = done(desk, Log(**{**REQUEST, "contact": " JO  MU\u0308LLER"})).ref
    assert first is not None
    assert same is not None
    assert desk.ticket(same).contact == desk.ticket(first).contact
    refusal = refused(desk, Log(**{**REQUEST, "contact": "Jo Muller"}))
    assert refusal.startswith("Jo Muller may be Jo Müller (acme.jo-muller); give the key, or say")
    other = done(desk, Log(**{**REQUEST, "contact": "Jo Muller"}, new_contact=True)).ref
    assert other is not None
    assert desk.ticket(other).contact.key == "acme.jo-muller-2"
    assert desk.ticket(other).contact.name == "Jo Muller"


@pytest.mark.parametrize(
    ("name", "may_be"), [("Jo", "Jo Park (jo)"), ("Park", "Jo Park (jo)"), ("K", "Kim Lo (kim)")]
)
def test_a_part_of_a_contacts_name_adds_no_new_contact(desk: Desk, name: str, may_be: str) -> None:
    assert may_be in refused(desk, Log(**{**REQUEST, "contact": name}))


def test_another_contact_of_the_same_name_is_added_only_on_demand(desk: Desk) -> None:
    new = SaveContact(Contact("", "acme", "John Smith"), new=True)
    done(desk, new)
    assert "there is already a contact John Smith (acme.john-smith)" in refused(desk, new)
    done(desk, replace(new, another=True))
    assert done(desk, Log(**{**REQUEST, "contact": "john smith"}, new_contact=True)).ref is not None
    named = [each.key for each in desk.contacts("acme") if each.name.casefold() == "john smith"]
    assert sorted(named) == ["acme.john-smith", "acme.john-smith-2", "acme.john-smith-3"]
    assert "John Smith may be" in refused(desk, Log(**{**REQUEST, "contact": "John Smith"}))


def test_another_customer_of_the_same_name_is_added_only_on_demand(desk: Desk) -> None:
    done(desk, SaveOrganisation(Organisation("", "Łódź"), new=True))
    assert customers(desk)["lodz"] == "Łódź"
    assert "there is already a customer Łódź (lodz)" in refused(
        desk, SaveOrganisation(Organisation("", "Lodz"), new=True)
    )
    done(desk, SaveOrganisation(Organisation("gdansk", "Gdańsk")))
    renamed = SaveOrganisation(Organisation("gdansk", "LODZ"))
    assert "there is already a customer Łódź (lodz)" in refused(desk, renamed)
    done(desk, replace(renamed, another=True))
    done(desk, SaveOrganisation(Organisation("gdansk", "LODZ", "max")))
    assert customers(desk)["gdansk"] == "LODZ"


def test_a_command_from_before_the_option_for_another_record_is_recognised() -> None:
    stored = "bfed6a453763d878a5ce74d52bf496f71e1c637c90f1dc5538cf302e122ace3b"
    assert is_same(stored, SaveOrganisation(Organisation("acme", "Acme Ltd")))
    assert not is_same(stored, SaveOrganisation(Organisation("acme", "Acme Ltd"), another=True))


def test_of_two_consoles_that_add_the_same_customer_at_once_one_is_refused(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        address = address_of(desk)
        asked = Log(**{**REQUEST, "organisation": "Zeta", "contact": "Lee"}, new_organisation=True)
        contact = Log(**{**REQUEST, "contact": "Lee Long"}, new_contact=True)

        def both(command: Command) -> list[Outcome]:
            def log(_: int) -> Outcome:
                other = Desk.open(address, FixedClock(MONDAY_NINE))
                try:
                    return other.do(command, by="ann")
                finally:
                    other.close()

            with ThreadPoolExecutor(2) as consoles:
                return list(consoles.map(log, range(2)))

        assert sorted(type(each).__name__ for each in both(asked)) == ["Applied", "Refusal"]
        assert [type(each).__name__ for each in both(contact)] == ["Applied", "Applied"]
        named = [each.key for each in desk.contacts("acme") if each.name == "Lee Long"]
        assert sorted(named) == ["acme.lee-long", "acme.lee-long-2"]
        assert verified(desk).is_intact


def test_a_plural_of_a_customers_name_may_be_meant_for_it() -> None:
    known = [("calder-textiles", "Calder Textiles"), ("other", "Calder Text")]
    assert find_same_names(Organisation("", "Calder Textile"), known) == [
        ("calder-textiles", "Calder Textiles")
    ]


@pytest.mark.parametrize("name", ["jo mueller", "Müller, Jo", "Mueller, Jo", "J\u043e Müller", "JO MULLER"])
def test_another_spelling_of_a_contacts_name_may_be_meant_for_it(desk: Desk, name: str) -> None:
    done(desk, SaveContact(Contact("", "acme", "Jo Müller"), new=True))
    assert "there is already a contact Jo Müller (acme.jo-muller)" in refused(
        desk, SaveContact(Contact("", "acme", name), new=True)
    )
    assert "may be Jo Müller (acme.jo-muller)" in refused(desk, Log(**{**REQUEST, "contact": name}))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jö Strauß", "Joe Strauss"),
        ("Åse Bø", "aase boe"),
        ("Kjær", "Kjaer"),
        ("ΑΚΜΕ", "AKME"),
        ("ВЕРА", "вера"),
    ],
)
def test_spellings_of_one_name_are_similar(name: str, other: str) -> None:
    assert find_same_names(Contact("", "acme", name), [("known", other)])
    assert find_same_names(Organisation("", name), [("known", other)])


@pytest.mark.parametrize(
    ("name", "other"), [("Joe Muller", "Jo Muller"), ("Sam Baer", "Sam Bar"), ("王", "李")]
)
def test_names_of_different_letters_are_not_similar(name: str, other: str) -> None:
    assert not find_same_names(Contact("", "acme", name), [("known", other)])


def test_a_name_needs_a_letter_or_a_digit(desk: Desk) -> None:
    for name in ("-", "…", "🙂"):
        fault = f"{name!r} cannot be a name: a name has a letter or a digit"
        assert fault in refused(desk, SaveOrganisation(Organisation("", name), new=True))
        assert fault in refused(desk, SaveContact(Contact("", "acme", name), new=True))
    asked = Log(**{**REQUEST, "organisation": "-", "contact": "Lee"}, new_organisation=True)
    assert "'-' cannot be a name" in refused(desk, asked)
    assert "'-' cannot be a name" in refused(desk, Log(**{**REQUEST, "contact": "-"}, new_contact=True))
    done(desk, SaveOrganisation(Organisation("", "王"), new=True))
