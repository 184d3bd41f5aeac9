"""Searches for callers, similar tickets, articles and customers, by whatever an operator types."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import create_autospec, patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy import text as statement

from supportdesk.desk import Desk
from supportdesk.store.database import create_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite import full_text
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.tickets.documents import Article, Contact, Organisation, key_of
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import RecordCall, Reply
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records import contact_rules
from supportdesk.tickets.records.commands import SaveArticle, SaveContact, SaveOrganisation
from tests.store.desks import AS_BEFORE_0006, database_of, done, furnished_desk, logged, sqlite_of, verified

pytestmark = pytest.mark.usefixtures("database_kind")

PEOPLE = (
    Contact("jo", "acme", "Jo Park", super_user=True, telephone="+44 20 7946 0018"),
    Contact("obrien", "acme", "Siobhán O'Brien", telephone="020 7946 0019 / 07700 900123"),
    Contact("weiss", "globex", "Jürgen Weiß", super_user=True, telephone="0049 (30) 901820 x12"),
    Contact("acmeson", "globex", "Ada Acmeson", telephone="ring 7946-0 (reception)"),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with furnished_desk(tmp_path_factory.mktemp("finding")) as opened:
        done(opened, SaveOrganisation(Organisation("globex", "Globex GmbH", "max")), by="sue")
        # As a program kept them that did not look at numbers yet.
        with patch.object(contact_rules, "find_changed_details_fault", return_value=None):
            for person in PEOPLE:
                done(opened, SaveContact(person), by="sue")
        yield opened


def names(desk: Desk, typed: str) -> list[str]:
    return [each.contact.name for each in desk.find_callers(typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jo", "Jo Park"),
        ("par", "Jo Park"),
        ("acm par", "Jo Park"),
        ("PARK, Jo", "Jo Park"),
        ("jurgen", "Jürgen Weiß"),
        ("siobhan", "Siobhán O'Brien"),
        ("o'brien", "Siobhán O'Brien"),
        ("obrien", "Siobhán O'Brien"),
        ("jrgen", "Jürgen Weiß"),
    ],
)
def test_a_caller_is_found_by_what_was_heard_of_the_name_or_the_company(
    desk: Desk, typed: str, first: str
) -> None:
    assert names(desk, typed)[0] == first


def test_a_company_brings_its_super_users_first(desk: Desk) -> None:
    found = names(desk, "acme")
    assert found[0] == "Ada Acmeson", "a person of that name comes before the company's people"
    assert found[1] == "Jo Park"
    assert set(found) >= {"Siobhán O'Brien", "Kim Lo"}


def test_a_typing_error_is_forgiven_only_where_nothing_else_is_found(desk: Desk) -> None:
    assert names(desk, "park") == ["Jo Park"]
    assert "Jo Park" in names(desk, "parc")
    assert set(names(desk, "glbex")) == {"Jürgen Weiß", "Ada Acmeson"}
    assert names(desk, "xylophone") == []


@pytest.mark.parametrize(
    "typed",
    [
        "+44 20 7946 0018",
        "020 7946 0018",
        "(020) 7946-0018",
        "+44 (0)20 7946 0018",
        "0044 20 7946 0018",
        "442079460018",
        "tel:+44-20-7946-0018",
        "sip:+442079460018@pbx.example;user=phone",
        "7946 0018",
        "0018",
        "０２０ ７９４６ ００１８",
    ],
)
def test_a_caller_is_found_by_a_number_in_any_spelling(desk: Desk, typed: str) -> None:
    assert names(desk, typed) == ["Jo Park"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("07700 900123", ["Siobhán O'Brien"]),
        ("+44 7700 900123", ["Siobhán O'Brien"]),
        ("+49 30 901820", ["Jürgen Weiß"]),
        ("79460", ["Ada Acmeson"]),
        ("+1 207 946 0018", []),
        ("018", []),
    ],
)
def test_badly_written_numbers_are_compared_by_their_digits(desk: Desk, typed: str, found: list[str]) -> None:
    assert names(desk, typed) == found


def test_a_contact_that_changes_is_found_as_it_is_now_and_not_as_it_was(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        done(desk, SaveContact(Contact("kim", "acme", "Kim Moss", telephone="0161 496 0000")), by="sue")
        done(desk, SaveOrganisation(Organisation("acme", "Zenith plc")), by="sue")
        assert names(desk, "kim lo") == []
        assert names(desk, "zenith moss") == names(desk, "01614960000") == ["Kim Moss"]
        assert names(desk, "acme") == []
        assert verified(desk).is_intact


def test_a_caller_is_shown_with_the_companys_tickets_and_the_last_contact(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        own, other, ended = logged(desk), logged(desk, severity="medium", contact="kim"), logged(desk)
        done(desk, Close(ended, "withdrawn", "they found it"))
        done(desk, Reply(own, "Try the other printer."))
        seen = desk.caller("jo")
        assert seen is not None
        assert seen.organisation.name == "Acme Ltd"
        assert seen.account_manager is not None
        assert seen.account_manager.username == "max"
        assert [row.ref for row in seen.open_tickets] == [own, other]
        assert [row.ref for row in seen.closed_tickets] == [ended]
        assert seen.last_contact is not None
        assert (seen.last_contact.ref, seen.last_contact.sentence) == (
            own,
            "to customer: Try the other printer.",
        )
        assert desk.caller("nobody") is None


def test_the_last_contact_names_severity_and_channel_as_the_timeline_does(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        own = logged(desk)
        seen = desk.caller("jo")
        assert seen is not None
        assert seen.last_contact is not None
        assert seen.last_contact.sentence == desk.ticket(own).timeline[0].sentence
        assert "logged it as High" in seen.last_contact.sentence


def test_an_undone_call_is_not_the_last_contact(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        own = logged(desk)
        for said in ("It is still so.", "That was another customer."):
            done(desk, RecordCall(own, said))
        done(desk, Undo(own))
        seen = desk.caller("jo")
        assert seen is not None
        assert seen.last_contact is not None
        assert seen.last_contact.sentence == "took a call from Jo Park: It is still so."


def test_similar_open_tickets_are_found_while_the_summary_is_typed(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        export = logged(desk, summary="Export stops half-way", description="since the update")
        both = logged(desk, summary="Export of invoices stops at page two")
        ended = logged(desk, summary="Export stops")
        done(desk, Close(ended, "withdrawn", "they found it"))

        def similar(text: str, organisation: str | None = "acme") -> list[str]:
            return [row.ref for row in desk.find_similar(text, organisation)]

        assert similar("When I export the invo") == [both, export]
        assert similar("after the UPDATE") == [export]
        assert similar("Printer page setup of a department is lost with every update") == []
        assert similar("it does not") == similar("") == similar("- ' -") == []
        assert similar("export", "globex") == []
        assert set(similar("export", None)) == {export, both}


def test_articles_are_found_by_their_text_and_titles_weigh_more(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        done(desk, SaveArticle(Article("KB-8", "Fonts", "A logo may lose its fonts.")), by="sue")
        done(desk, SaveArticle(Article("KB-9", "Old", "exports")), by="sue")
        done(desk, SaveArticle(Article("KB-9", "Invoices", "totals are rounded")), by="sue")

        def found(text: str) -> list[str]:
            return [each.key for each in desk.find_articles(text)]

        assert found("the logo looks blurred on paper") == ["KB-1", "KB-8"]
        assert found("why are my totals rou") == ["KB-9"]
        assert found("exports") == ["KB-2"]
        assert found("nobody can log in") == found("cannot log in") == []
        assert found("log") == ["KB-1", "KB-8"], "it may become logo"
        assert found("log ") == [], "it is a word of its own"
        assert found("They rang because two totals differ between ledger and page") == []
        assert found("kb-9")[0] == "KB-9"
        assert found("the invoyces") == ["KB-9"]
        assert found("nothing in common with all of these pages") == []
        assert verified(desk).is_intact


@given(typed=st.text(max_size=60) | st.text(alphabet="\"'*()^:{}+-~ANDORNEAR0 \x00\ud800", max_size=40))
def test_no_text_makes_a_search_fail(desk: Desk, typed: str) -> None:
    assert isinstance(desk.find_callers(typed), list)
    assert isinstance(desk.find_articles(typed), list)
    assert isinstance(desk.find_similar(typed, None), list)


def test_a_sqlite_without_full_text_search_is_refused_with_advice() -> None:
    connection = create_autospec(Connection)
    connection.exec_driver_sql.return_value.scalars.return_value.all.return_value = ["json_each"]
    with pytest.raises(DeskUnavailableError, match="use a Python whose SQLite has it"):
        full_text.require_fts5(connection)


def test_no_word_is_a_search_operator(desk: Desk) -> None:
    assert names(desk, "jo NOT park") == []
    assert names(desk, "jo OR ada") == []
    assert names(desk, "numbers : 8100") == []


@pytest.mark.sqlite
def test_an_older_desk_is_searchable_after_its_migration(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        before = as_the_program_before_left_it(sqlite_of(desk))
    with pytest.raises(DeskUnavailableError, match="supportdesk init"):
        Desk.open(str(before.path))
    create_database(str(before.path)).close()
    desk = Desk.open(str(before.path))
    assert names(desk, "jo") == ["Jo Park"]
    assert [row.ref for row in desk.find_similar("export", "acme")] == [ref]
    assert verified(desk).is_intact
    desk.close()


FOREIGN = (
    Contact("lukasz", "lodz", "Łukasz Żółć"),
    Contact("soren", "lodz", "So\u0308ren Ørsted"),
    Contact("thor", "lodz", "Þórður Æsir Đoković"),
    Contact("yuki", "kyoto", "鈴木 ユキ"),
    Contact("minjun", "kyoto", "김민준"),
)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with furnished_desk(tmp_path_factory.mktemp("foreign")) as opened:
        done(opened, SaveOrganisation(Organisation("lodz", "Urząd Łódź")), by="sue")
        done(opened, SaveOrganisation(Organisation("kyoto", "株式会社東京都銀行")), by="sue")
        for person in FOREIGN:
            done(opened, SaveContact(person), by="sue")
        done(opened, SaveArticle(Article("KB-Ø", "Straße und Maß", "印刷できない場合の手順")), by="sue")
        logged(opened, summary="Ærøskøbing: ＥＸＰＯＲＴ stoppt", description="請求書を印刷できません")
        yield opened


SPELT = [
    ("lukasz", "Łukasz Żółć"),
    ("ŁUKASZ zolc", "Łukasz Żółć"),
    ("S\u00f6ren", "So\u0308ren Ørsted"),
    ("soren orsted", "So\u0308ren Ørsted"),
    ("thordur", "Þórður Æsir Đoković"),
    ("aesir dokovic", "Þórður Æsir Đoković"),
    ("木", "鈴木 ユキ"),
    ("ﾕｷ", "鈴木 ユキ"),
    ("민준", "김민준"),
]


@pytest.mark.parametrize(("typed", "found"), SPELT)
def test_a_caller_is_found_in_any_script(foreign: Desk, typed: str, found: str) -> None:
    assert foreign.find_callers(typed)[0].contact.name == unicodedata.normalize("NFC", found)


@pytest.mark.parametrize(("typed", "found"), SPELT)
def test_the_directory_finds_the_same_contacts_as_the_search_for_callers(
    foreign: Desk, typed: str, found: str
) -> None:
    (contact,) = foreign.find_records(Contact, typed).documents
    assert isinstance(contact, Contact)
    assert contact.name == unicodedata.normalize("NFC", found)


@pytest.mark.parametrize("typed", ["lodz", "urzad", "Urza\u0328d"])
def test_a_customer_is_found_without_its_accents(foreign: Desk, typed: str) -> None:
    assert [each.key for each in foreign.find_organisations(typed)][:1] == ["lodz"]
    assert {each.organisation.key for each in foreign.find_callers(typed)} == {"lodz"}


@pytest.mark.parametrize("typed", ["京都", "東京", "銀行"])
def test_a_customer_is_found_by_a_part_of_a_name_that_has_no_spaces(foreign: Desk, typed: str) -> None:
    assert [each.key for each in foreign.find_organisations(typed)][:1] == ["kyoto"]
    assert {each.organisation.key for each in foreign.find_callers(typed)} == {"kyoto"}
    assert [key_of(each) for each in foreign.find_records(Organisation, typed).documents] == ["kyoto"]


@pytest.mark.parametrize("typed", ["aeroskobing", "export stopped", "印刷", "印刷できない", "請求書"])
def test_a_similar_ticket_is_found_in_any_script(foreign: Desk, typed: str) -> None:
    assert len(foreign.find_similar(typed, None)) == 1


@pytest.mark.parametrize("typed", ["strasse", "mass", "KB-Ø", "kb-o", "印刷", "手順"])
def test_an_article_is_found_in_any_script(foreign: Desk, typed: str) -> None:
    assert foreign.find_articles(typed)[0].key == "KB-Ø"


@pytest.mark.sqlite
def test_a_migration_indexes_a_desk_without_folded_words_again(
    tmp_path: Path,
) -> None:
    with furnished_desk(tmp_path) as desk:
        done(desk, SaveContact(Contact("lukasz", "acme", "Łukasz")), by="sue")
        done(desk, SaveArticle(Article("KB-7", "Straße", "印刷できない")), by="sue")
        ref = logged(desk, summary="請求書を印刷できません")
        database = sqlite_of(desk)
        database.write(with_words_as_before)
    with pytest.raises(DeskUnavailableError, match="supportdesk init"):
        Desk.open(str(database.path))
    create_database(str(database.path)).close()
    desk = Desk.open(str(database.path))
    assert names(desk, "lukasz") == ["Łukasz"]
    assert [each.key for each in desk.find_articles("strasse")] == ["KB-7"]
    assert [row.ref for row in desk.find_similar("印刷", None)] == [ref]
    assert verified(desk).is_intact
    desk.close()


def with_words_as_before(connection: Connection) -> None:
    """Has the words indexed as they were written, cut and folded by SQLite."""
    connection.execute(statement("UPDATE alembic_version SET version_num = '0003'"))
    for later in AS_BEFORE_0006:
        connection.execute(statement(later))
    for index, columns, source in (
        ("ticket_words", "ref UNINDEXED, organisation UNINDEXED, summary, description",
         "SELECT 1, ref, organisation, json_extract(state, '$.summary'), '' FROM tickets"),
        ("article_words", "key, title, text", "SELECT changed_seq, key, title, '' FROM articles"),
        ("contact_words", "key UNINDEXED, name, company, numbers",
         "SELECT changed_seq, key, name, '', '' FROM contacts"),
    ):  # fmt: skip
        connection.execute(statement(f"DROP TABLE {index}"))
        folding = "tokenize = 'unicode61 remove_diacritics 2'"
        connection.execute(statement(f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, {folding})"))
        named = ", ".join(column.split()[0] for column in columns.split(", "))
        connection.execute(statement(f"INSERT INTO {index} (rowid, {named}) {source}"))


def as_the_program_before_left_it(database: SqliteDatabase) -> SqliteDatabase:
    """Takes away what the first schema did not have."""
    for sql in (
        "DROP TABLE ticket_words",
        "DROP TABLE article_words",
        "DROP TABLE contact_words",
        *AS_BEFORE_0006,
        "UPDATE alembic_version SET version_num = '0002'",
    ):
        database.write(lambda connection, sql=sql: connection.execute(statement(sql)))  # type: ignore[misc]
    return database


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM ticket_words",
        "UPDATE contact_words SET name = 'Somebody'",
        pytest.param(
            "INSERT INTO article_words (rowid, key, title, text) VALUES (999, 'KB-X', 'x', 'x')",
            marks=pytest.mark.sqlite,
        ),
    ],
)
def test_verification_finds_an_index_that_differs_from_the_ledger(tmp_path: Path, damage: str) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        assert verified(desk).is_intact
        database_of(desk).write(lambda connection: connection.execute(statement(damage)))
        assert {each.table.partition("_")[2] for each in verified(desk).mismatches} == {"words"}
