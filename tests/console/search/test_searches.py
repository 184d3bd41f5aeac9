"""Searches by a few letters: beginnings of words first, then misspellings."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import msgspec
import pytest

from supportdesk.console.calls import caller_search
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate
from supportdesk.tickets.documents import Contact, Organisation, Person, Release
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import CONTACTS, NOW, morning_desk


@pytest.fixture
def desk() -> FakeDesk:
    return morning_desk()


def names(found: object) -> list[str]:
    assert isinstance(found, list)
    return [each.name for each in found]


def test_an_empty_text_finds_all_by_name(desk: FakeDesk) -> None:
    staff = searches.list_staff(desk.roster(), desk.policy)
    assert names(searches.make_search(staff)("")) == sorted(names(staff))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("priya", ["Priya Nair"]),
        ("PRI", ["Priya Nair"]),
        ("nai", ["Priya Nair"]),
        ("l", ["Lee Wong", "Ann Lee", "Rosa Lindt"]),
        ("le", ["Lee Wong", "Ann Lee"]),
        ("LEE", ["Lee Wong", "Ann Lee"]),
        ("ann l", ["Ann Lee"]),
        ("technical", ["Priya Nair"]),
        ("on call", ["Priya Nair"]),
        ("preya", ["Priya Nair"]),
        ("okro", ["Sam Okoro"]),
        ("zzzz", []),
    ],
)
def test_beginnings_of_words_match_and_misspellings_only_without_such_a_match(
    text: str, found: list[str], desk: FakeDesk
) -> None:
    assert (
        names(searches.make_search(searches.list_staff(desk.roster(), desk.policy))(text))[: len(found) or 1]
        == found
    )


def test_an_equal_key_comes_before_names_that_begin_with_it() -> None:
    ann, annie = Candidate("ann", "Zoe Ann Lee"), Candidate("annie", "Ann Other")
    assert searches.make_search([annie, ann])("ann") == [ann, annie]


def test_people_who_have_left_are_not_found_and_the_one_on_call_is_marked(desk: FakeDesk) -> None:
    roster = desk.roster()
    gone = dataclasses.replace(roster, staff=tuple(_inactive(each, "sam") for each in roster.staff))
    staff = {each.key: each.note for each in searches.list_staff(gone, desk.policy)}
    assert "sam" not in staff
    assert staff["priya"] == "on call · Technical Support · priya"
    assert staff["tom"] == "on call next · Development · tom"
    assert staff["ann"] == "User Support · ann"


def _inactive(person: Person, username: str) -> Person:
    return msgspec.structs.replace(person, active=person.username != username)


def test_unshipped_releases_come_first_with_their_dates(desk: FakeDesk) -> None:
    shipped = Release("7.3", date(2026, 11, 4), datetime(2026, 11, 4, 18, tzinfo=UTC))
    overdue = Release("7.3.1", date(2026, 11, 20))
    today = Release("7.3.2", date(2026, 11, 24))
    roster = dataclasses.replace(desk.roster(), releases=(shipped, *desk.roster().releases, overdue, today))
    assert [(each.key, each.note) for each in searches.list_releases(roster, NOW, desk.policy.timezone)] == [
        ("7.3.1", "Fri 20 Nov · 4 days ago, not shipped"),
        ("7.3.2", "Tue 24 Nov · today"),
        ("7.4", "Wed 9 Dec · in 15 days"),
        ("7.5", "Wed 20 Jan 2027 · in 57 days"),
        ("7.3", "shipped 4 Nov"),
    ]


def test_contacts_are_read_once_and_super_users_come_first(desk: FakeDesk) -> None:
    desk.records = msgspec.structs.replace(
        desk.records,
        contacts={
            each.key: each for each in (*CONTACTS, Contact("abe", "acme", "Abe Ash", registered=False))
        },
    )
    find = searches.make_contact_search(desk, "acme")
    assert [(each.name, each.note) for each in find("")] == [
        ("Jo Park", "super user · +44 20 7946 0018 · jo.park@acme.example"),
        ("Abe Ash", "not registered"),
    ]
    assert names(find("jo.park@")) == ["Jo Park"]
    assert names(find("+44")) == ["Jo Park"]
    assert desk.calls.count("contacts") == 1


def test_a_customer_shows_its_account_manager(desk: FakeDesk) -> None:
    roster = desk.roster()
    assert searches.make_organisation_candidate(
        Organisation("acme", "Acme Ltd", "rosa"), roster
    ) == Candidate("acme", "Acme Ltd", "account manager Rosa Lindt")
    assert (
        searches.make_organisation_candidate(Organisation("a", "A", "gone"), roster).note
        == "account manager gone"
    )
    assert searches.make_organisation_candidate(Organisation("umbra", "Umbra"), roster).note == ""


def test_customers_with_a_matching_word_come_before_similar_ones(desk: FakeDesk) -> None:
    find = searches.make_organisation_search(desk, desk.roster())
    assert names(find("t")) == [
        "Northwind Traders",
        "Acme Ltd",
        "Initech",
        "Globex Corporation",
        "Umbra Print",
    ]


def test_a_new_record_is_offered_last_and_only_for_an_unknown_name() -> None:
    known = Candidate("acme", "Acme Ltd")
    find = searches.add_new_candidate(lambda text: [known], "customer")
    assert find("") == [known]
    assert find("acme ltd") == [known]
    assert find("  acme   foods ") == [
        known,
        Candidate("acme foods", "acme foods", "add as a new customer", new=True),
    ]


@pytest.mark.parametrize("text", ["lukasz", "ŁUKASZ", "zolc", "Z\u0307o\u0301łć", "木", "山田", "ﾀﾛｳ"])
def test_a_candidate_is_found_whatever_case_and_accents(text: str) -> None:
    known = Candidate("lukasz", "Łukasz Żółć 鈴木 山田タロウ", "")
    assert searches.make_search([Candidate("ann", "Ann Lee", ""), known])(text) == [known]


def test_punctuation_finds_nobody() -> None:
    assert searches.make_search([Candidate("ann", "Ann Lee", "")])("-") == []


def test_a_new_record_with_an_existing_name_can_be_created() -> None:
    known = searches.make_search([Candidate("jo", "Jo Park", "")])
    assert [each.new for each in searches.add_new_candidate(known, "customer")("JO park")] == [False]
    offered = searches.add_new_candidate(known, "contact", allow_same_name=True)("JO park")
    assert [(each.new, each.note) for each in offered] == [
        (False, ""),
        (True, "add another contact with this name"),
    ]


@pytest.mark.parametrize("text", ["020 7946 0018", "0044 (0)20 7946 0018", "tel:+44-20-7946-0018", "0018"])
def test_a_contact_is_found_by_a_number_in_any_format_and_no_number_becomes_a_name(
    desk: FakeDesk, text: str
) -> None:
    jo = next(each for each in CONTACTS if each.telephone == "+44 20 7946 0018")
    find = searches.add_new_candidate(
        searches.make_contact_search(desk, jo.organisation), "contact", allow_same_name=True
    )
    assert names(find(text)) == [jo.name]
    assert find("0161 496 0000") == []


@pytest.mark.parametrize("text", ["Re: [{}] urgent", "{} please", "about #{}."])
def test_a_caller_is_found_by_a_reference_within_a_text(desk: FakeDesk, text: str) -> None:
    row = desk.queue().rows[0]
    found = caller_search.callers(desk, list)(text.format(row.ref))
    assert isinstance(found, list)
    assert row.ref in found[0].note


def test_an_unknown_number_is_stored_without_the_softphones_formatting_but_with_the_name(
    desk: FakeDesk,
) -> None:
    found = caller_search.callers(desk, list)('"Maria" <sip:+441614960000@pbx.example>')
    assert [(each.name, each.note) for each in found] == [
        ("Maria", "a new contact with the number +441614960000")
    ]
