"""What the desk knows besides its tickets, and who may change it."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets import permissions
from supportdesk.tickets.actors import StaffActor
from supportdesk.tickets.command import Command
from supportdesk.tickets.decision_context import CaseRecords, DecisionContext
from supportdesk.tickets.documents import (
    Address,
    Article,
    Contact,
    Organisation,
    Person,
    Release,
    Role,
    Rotation,
    key_of,
)
from supportdesk.tickets.record_fields import RECORD_FIELDS, record_field
from supportdesk.tickets.records.commands import (
    ChangeDay,
    InstallPolicy,
    RecordCommand,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from supportdesk.tickets.records.events import ContactSaved, PersonSaved
from supportdesk.tickets.records.rules import decide_record
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.wanted_mail import describe_wanted_mail
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

ADMINISTRATOR = Person("root", "Root", "user-support", (Role.ADMINISTRATOR,))


def case(by: Person = ADMINISTRATOR) -> DecisionContext:
    return DecisionContext(MONDAY_NINE, StaffActor(by), claritum(), RECORDS)


REACHED = [
    ({"telephone": "abc"}, "'abc' is not a telephone number"),
    ({"telephone": "123"}, "'123' is not a telephone number"),
    ({"telephone": "020 7946 0018 / 07700 900123"}, "contains several numbers"),
    ({"email": "jane@@x"}, "'jane@@x' is not an email address: it has more than one @"),
    ({"telephone": "abc", "email": "jane"}, "it has no @"),
]


@pytest.mark.parametrize(("reached", "why"), REACHED)
def test_a_number_or_address_that_cannot_be_valid_is_refused_where_it_is_saved(
    reached: dict[str, Any], why: str
) -> None:
    person, contact = RECORDS.staff["sam"], RECORDS.contacts["jo"]
    for command in (
        SaveContact(Contact("x", "acme", "X", **reached)),
        SaveContact(msgspec.structs.replace(contact, **reached)),
        SavePerson(msgspec.structs.replace(person, **reached)),
    ):
        decision = decide_record(case(), command)
        assert isinstance(decision, Refusal)
        assert why in decision.reason
        assert "type it as in" in decision.reason


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (Address("sms", "abc"), "sms: 'abc' is not a telephone number"),
        (Address("call", "+99 999"), "call: '+99 999' has a country code that does not exist"),
        (Address("mail", "jane@@x"), "mail: 'jane@@x' is not an email address: it has more than one @"),
    ],
)
def test_an_address_for_pages_that_cannot_be_valid_is_refused(address: Address, why: str) -> None:
    sam = RECORDS.staff["sam"]
    decision = decide_record(case(), SavePerson(msgspec.structs.replace(sam, addresses=(address,))))
    assert isinstance(decision, Refusal)
    assert why in decision.reason


def test_only_the_programs_of_other_methods_know_what_their_targets_are() -> None:
    addresses = (Address("chat", "on-call"), Address("call", "sip:sam@pbx.example"))
    saved = msgspec.structs.replace(RECORDS.staff["sam"], addresses=addresses)
    assert decide_record(case(), SavePerson(saved)) == [PersonSaved(saved)]


def test_an_address_that_was_saved_before_addresses_were_checked_does_not_stand_in_the_way() -> None:
    old = msgspec.structs.replace(RECORDS.staff["sam"], addresses=(Address("sms", "abc"),))
    known = replace(RECORDS, staff={**RECORDS.staff, "sam": old})
    renamed = msgspec.structs.replace(old, name="Samuel")
    assert decide_record(replace(case(), records=known), SavePerson(renamed)) == [PersonSaved(renamed)]


def test_a_number_that_was_saved_before_numbers_were_checked_does_not_stand_in_the_way() -> None:
    old = Contact("old", "acme", "Old", telephone="ring Jo", email="jo at acme")
    known = replace(RECORDS, contacts={"old": old})
    renamed = msgspec.structs.replace(old, name="Older")
    command = SaveContact(renamed)
    assert decide_record(replace(case(), records=known), command) == [ContactSaved(renamed)]


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (SavePerson(Person("bob", "Bob", "night-watch", ())), "no team 'night-watch'"),
        (SaveContact(Contact("x", "nobody", "X")), "no customer 'nobody'"),
        (SaveRelease(Release("2026.10", date(2027, 1, 1))), "cannot change any more"),
        (SaveRotation(Rotation(("ghost",), MONDAY_NINE, "UTC")), "not on the staff: ghost"),
        (
            ChangeDay("always", date(2026, 12, 24), (), "early close"),
            "no calendar 'always' whose days can change",
        ),
        (ChangeDay("office", date(2026, 12, 24), (), " "), "say why the day changes"),
        (
            ChangeDay("office", date(2026, 12, 24), (("8", "12:00"),), "early close"),
            "'8' is not a time of day",
        ),
        (
            InstallPolicy(msgspec.structs.replace(claritum(), ladder=())),
            "ladder: is empty; give at least one",
        ),
    ],
)
def test_a_record_that_cannot_be_is_refused_with_what_to_do(command: RecordCommand, word: str) -> None:
    decision = decide_record(case(), command)
    assert isinstance(decision, Refusal)
    assert word in decision.reason


def test_the_only_administrator_stays_one_until_there_is_another() -> None:
    other = Person("lu", "Lu", "user-support", (Role.ADMINISTRATOR,))
    alone = replace(case(), records=CaseRecords(staff={"root": ADMINISTRATOR}))
    two = replace(case(), records=CaseRecords(staff={"root": ADMINISTRATOR, "lu": other}))
    for changes in ({"active": False}, {"roles": (Role.SUPERVISOR,)}):
        changed = SavePerson(msgspec.structs.replace(ADMINISTRATOR, **changes))
        refusal = decide_record(alone, changed)
        assert isinstance(refusal, Refusal)
        assert "the only administrator" in refusal.reason
        assert decide_record(two, changed) == [PersonSaved(changed.person)]


def test_a_saved_record_is_an_event_with_the_whole_document() -> None:
    contact = Contact("lu", "acme", "Lu")
    assert decide_record(case(), SaveContact(contact)) == [ContactSaved(contact)]


@pytest.mark.parametrize(
    ("command", "roles"),
    [
        (InstallPolicy(claritum()), {Role.ADMINISTRATOR}),
        (SavePerson(ADMINISTRATOR), {Role.ADMINISTRATOR}),
        (SaveRotation(Rotation((), MONDAY_NINE, "UTC")), {Role.ADMINISTRATOR, Role.SUPERVISOR}),
        (SaveRelease(Release("x", date(2027, 1, 1))), {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.ENGINEER}),
        (SaveOrganisation(Organisation("x", "X")), set(Role)),
    ],
)
def test_each_record_may_be_changed_by_these_roles_and_no_others(command: Command, roles: set[Role]) -> None:
    for role in Role:
        refused = permissions.refuse_actor(case(replace_roles(role)), type(command))
        assert (refused is None) == (role in roles), role


def test_a_refusal_of_a_person_names_who_may() -> None:
    refused = permissions.refuse_actor(case(replace_roles(Role.AGENT)), InstallPolicy)
    assert refused is not None
    assert refused.reason == "only an administrator (there is none on the staff) may do this; Root may not"


def replace_roles(role: Role) -> Person:
    return Person(ADMINISTRATOR.username, ADMINISTRATOR.name, ADMINISTRATOR.team, (role,))


def test_a_case_about_no_ticket_has_none() -> None:
    with pytest.raises(AssertionError):
        _ = replace(case(), now=datetime(2026, 1, 1, tzinfo=UTC)).ticket


KEPT: tuple[tuple[type[Any], Any], ...] = (
    (SavePerson, RECORDS.staff["sam"]),
    (SaveOrganisation, RECORDS.organisations["acme"]),
    (SaveContact, RECORDS.contacts["jo"]),
    (SaveRelease, RECORDS.releases["2026.12"]),
    (SaveArticle, RECORDS.articles["KB-1"]),
)


@pytest.mark.parametrize(("keep", "document"), KEPT)
def test_something_new_never_takes_the_place_of_what_is_there(keep: type[Any], document: Any) -> None:
    decision = decide_record(case(), keep(document, new=True))
    assert decision == Refusal(f"{key_of(document)} already exists; choose another key")


@pytest.mark.parametrize(("keep", "document"), KEPT)
def test_what_another_has_changed_meanwhile_is_not_overwritten(keep: type[Any], document: Any) -> None:
    name = next(each for each in ("name", "title", "day") if hasattr(document, each))
    seen = msgspec.structs.replace(document, **{name: date(2026, 1, 1) if name == "day" else "Older"})
    decision = decide_record(case(), keep(document, was=seen))
    assert isinstance(decision, Refusal)
    assert "changed it in the meantime" in decision.reason
    assert not isinstance(decide_record(case(), keep(document, was=document)), Refusal)


@pytest.mark.parametrize("key", ["", "two words", "-x"])
def test_a_key_that_nobody_could_type_as_an_argument_is_refused(key: str) -> None:
    decision = decide_record(case(), SaveArticle(Article(key, "Printing"), new=True))
    assert isinstance(decision, Refusal)
    assert "cannot be a key" in decision.reason


def test_the_rota_that_another_has_set_meanwhile_is_not_overwritten() -> None:
    mine = Rotation(("sam",), MONDAY_NINE, "Europe/London")
    decision = decide_record(case(), SaveRotation(mine, was=mine))
    assert isinstance(decision, Refusal)
    assert "changed it in the meantime" in decision.reason


@pytest.mark.parametrize("kind", RECORD_FIELDS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_document_is_asked_for_and_no_other(kind: type[msgspec.Struct]) -> None:
    settled_elsewhere = {"timezone", *Rotation.LATER}
    asked = {each.name for each in RECORD_FIELDS[kind]}
    assert asked == set(kind.__struct_fields__) - settled_elsewhere
    assert all(record_field(kind, name).help for name in asked)


@pytest.mark.parametrize(
    ("unwanted", "said"),
    [
        ((), ""),
        (tuple(MailKind), "none"),
        ((MailKind.CLOSED, MailKind.RECEIPT), "all but receipt, closed"),
        (tuple(each for each in MailKind if each is not MailKind.REPLY), "only reply"),
    ],
)
def test_the_mail_that_somebody_wants_is_described_where_it_is_not_all(
    unwanted: tuple[MailKind, ...], said: str
) -> None:
    assert describe_wanted_mail(unwanted) == said
