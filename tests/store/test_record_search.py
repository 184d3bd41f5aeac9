"""Looking through what is kept, on a real database and among documents at hand alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.store.read_models import Listed
from supportdesk.store.record_search import search_records_among
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release, key_of
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.resolution import PromiseFix
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation, SaveRelease
from tests.store.desks import done, furnished, logged
from tests.tickets.scenario import MONDAY_NINE, RECORDS

pytestmark = pytest.mark.usefixtures("database_kind")

KINDS: tuple[type[Document], ...] = (Person, Organisation, Contact, Release, Article)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return furnished(tmp_path)


@pytest.fixture
def desk(address: str) -> Iterator[Desk]:
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    yield desk
    desk.close()


def keys(found: Listed) -> list[str]:
    return [key_of(each) for each in found.documents]


def test_all_of_a_kind_are_shown_by_name_and_releases_by_day(desk: Desk) -> None:
    assert keys(desk.find_records(Person)) == ["ann", "dev", "dora", "max", "priya", "sam", "sue"]
    assert keys(desk.find_records(Release)) == ["2026.10", "2026.11", "2026.12", "2027.01"]


def test_contacts_are_in_the_order_of_their_names_without_regard_to_case_and_accents(desk: Desk) -> None:
    done(desk, SaveOrganisation(Organisation("nord", "Nord")))
    for key, name in (
        ("zed", "Zed Ames"),
        ("luk", "Łukasz Nowak"),
        ("ola", "Ørjan Berg"),
        ("mia", "mia Ito"),
    ):
        done(desk, SaveContact(Contact(key, "nord", name)))
    assert [each.key for each in desk.contacts("nord")] == ["luk", "mia", "ola", "zed"]


def test_contacts_are_found_by_their_email_address_whatever_its_case_and_by_nothing_less(
    desk: Desk, address: str
) -> None:
    done(desk, SaveOrganisation(Organisation("nord", "Nord")))
    saved = {
        "zed": "Zed.Ames@nord.example",
        "z_d": "z_d@nord.example",
        "zad": "zad@nord.example",
        "quo": '"a \\\\ b"@nord.example',
        "jör": "JÖRG@nørd.example",
        "two": "zed.ames@NORD.example",
        "non": "",
    }
    for key, email in saved.items():
        done(desk, SaveContact(Contact(key, "nord", f"Name {key}", email=email)))
    past = PastDesk.open(address, MONDAY_NINE, present=FixedClock(MONDAY_NINE))
    for reader in (desk, past):
        found = {
            wanted: [each.key for each in reader.contacts_with_email(wanted)]
            for wanted in (
                *("zed.ames@nord.example", "ed.ames@nord.example", "Z_D@NORD.EXAMPLE", "%", "", "nord"),
                *('"a \\\\ b"@nord.example', "jörg@NØRD.example", "Name zed"),
            )
        }
        assert found == {
            "zed.ames@nord.example": ["two", "zed"],
            "ed.ames@nord.example": [],
            "Z_D@NORD.EXAMPLE": ["z_d"],
            "%": [],
            "": [],
            "nord": [],
            '"a \\\\ b"@nord.example': ["quo"],
            "jörg@NØRD.example": ["jör"],
            "Name zed": [],
        }


def test_every_word_must_be_in_a_key_or_a_name(desk: Desk) -> None:
    assert keys(desk.find_records(Contact, "park JO")) == ["jo"]
    assert keys(desk.find_records(Contact, "jo lo")) == []
    assert keys(desk.find_records(Article, "kb-2")) == ["KB-2"]


def test_a_contact_is_found_by_the_company_and_reported_with_its_name(desk: Desk) -> None:
    done(desk, SaveOrganisation(Organisation("glob", "Globex Corporation")))
    done(desk, SaveContact(Contact("hana", "glob", "Hana Sato")))
    found = desk.find_records(Contact, "globex")
    assert keys(found) == ["hana"]
    assert found.companies == {"glob": "Globex Corporation"}


def test_neither_case_nor_accents_of_any_language_hide_a_name(desk: Desk, address: str) -> None:
    done(desk, SaveOrganisation(Organisation("x", "Ünïcode ÉTÉ")))
    past = PastDesk.open(address, MONDAY_NINE, present=FixedClock(MONDAY_NINE))
    for typed in ("ünïcode", "unicode", "ÜNÏ été"):
        assert (
            keys(desk.find_records(Organisation, typed))
            == keys(past.find_records(Organisation, typed))
            == ["x"]
        )
    past.close()


def test_signs_that_mean_something_to_the_database_mean_themselves(desk: Desk) -> None:
    done(desk, SaveOrganisation(Organisation("x", "100% _Pure_ [Ltd]")))
    assert keys(desk.find_records(Organisation, "%")) == keys(desk.find_records(Organisation, "_")) == ["x"]
    assert keys(desk.find_records(Organisation, "' OR 1=1 --")) == []


def test_of_many_the_first_are_shown_and_all_are_counted(desk: Desk) -> None:
    for number in range(30):
        done(desk, SaveOrganisation(Organisation(f"o{number:02}", f"Org {number:02}")))
    found = desk.find_records(Organisation, "org", limit=5)
    assert keys(found) == ["o00", "o01", "o02", "o03", "o04"]
    assert found.count == 30


def test_the_past_lists_what_was_saved_then(desk: Desk, address: str) -> None:
    past = PastDesk.open(address, MONDAY_NINE, present=FixedClock(MONDAY_NINE))
    for kind in KINDS:
        assert past.find_records(kind, "a") == desk.find_records(kind, "a")
    past.close()


@given(
    st.sampled_from(KINDS), st.sampled_from(["", "a", "o", "kb", "2026", "jo acme", "ltd"]), st.integers(0, 9)
)
def test_a_list_is_never_longer_than_its_limit_nor_than_its_count(
    kind: type[Document], text: str, limit: int
) -> None:
    directory = RECORDS
    known: list[Document] = [
        *directory.staff.values(),
        *directory.organisations.values(),
        *directory.contacts.values(),
        *directory.releases.values(),
        *directory.articles.values(),
    ]
    of_kind = [each for each in known if isinstance(each, kind)]
    found = search_records_among(of_kind, directory.organisations, text, limit)
    assert len(found.documents) == min(limit, found.count)
    assert found.count <= len(of_kind)


def test_the_promises_on_a_release_are_those_that_would_move_with_it(desk: Desk, address: str) -> None:
    promised, closed, other = (logged(desk, severity="medium") for _ in range(3))
    for ref in (promised, closed):
        done(desk, PromiseFix(ref, "2026.12"))
    done(desk, PromiseFix(other, "2027.01"))
    done(desk, Close(closed, reason="withdrawn", text="not needed"))
    assert [row.ref for row in desk.promised_tickets("2026.12")] == [promised]
    rows = {row.ref: row for row in desk.queue().rows}
    assert (rows[promised].release, rows[other].release) == ("2026.12", "2027.01")
    past = PastDesk.open(address, MONDAY_NINE, present=FixedClock(MONDAY_NINE))
    assert {row.ref: row.release for row in past.queue().rows} == {promised: "2026.12", other: "2027.01"}
    assert [row.ref for row in past.promised_tickets("2026.12")] == [promised]
    past.close()
    before = desk.queue().seq
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 16))), by="sue")
    assert [row.ref for row in desk.changes(before).rows] == [promised]


def test_the_roster_knows_the_rota(desk: Desk) -> None:
    assert desk.roster().reference_data.rotations == RECORDS.rotations
