"""The texts of a page say what is wrong, whom it concerns and what to do, whatever anybody wrote."""

from __future__ import annotations

import json

from hypothesis import given

from supportdesk.tickets.plain_text import UNWANTED
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import SHORT, SUBJECT, body, short_text, subject, to_json
from tests.watcher.sending.pages import page, pages, poisoned

LINK = "https://desk.example.com/p/" + "t" * 43


def test_a_short_text_says_how_severe_it_is_and_what_happened_to_whom() -> None:
    assert short_text(page()) == "Page Critical CD-4CB1-C: Acme Ltd: Tills in all shops are down"


def test_a_short_text_ends_with_the_whole_link_and_cuts_the_summary() -> None:
    text = short_text(page(link=LINK, summary="The tills do not print. " * 20))
    assert text.endswith(f"... {LINK}")
    assert len(text) == SHORT


def test_a_short_text_counts_what_else_it_stands_for() -> None:
    assert short_text(page(bundled=("a", "b", "c"))).endswith("are down (+3 more)")


def test_a_link_that_leaves_no_room_for_the_words_is_left_out_of_a_short_text() -> None:
    assert "http" not in short_text(page(link="https://desk.example.com/" + "t" * 140))


def test_curly_quotes_do_not_make_an_sms_twice_as_long() -> None:
    assert short_text(page(summary="The “till” isn’t on – why…")).endswith('The "till" isn\'t on - why...')


def test_a_test_page_says_that_it_is_one() -> None:
    trial = page(kind="test", reference="", severity="", company="", summary="A test of your telephone")
    assert short_text(trial) == subject(trial) == "Test page: A test of your telephone"
    assert "Nothing has happened. Please acknowledge it." in body(trial)
    assert "To acknowledge, run: supportdesk acknowledge --test\n" in body(trial)


def test_a_subject_says_the_same_with_the_company_at_the_end() -> None:
    assert subject(page()) == "Page: Critical CD-4CB1-C: Tills in all shops are down (Acme Ltd)"


def test_a_body_tells_the_person_what_happened_and_how_to_acknowledge() -> None:
    assert body(page(link=LINK, bundled=("CD-1111-A Printer",))) == (
        "Priya Nair, you are paged. Please acknowledge it.\n\n"
        "Ticket:   CD-4CB1-C\n"
        "Severity: Critical\n"
        "Customer: Acme Ltd\n"
        "Summary:  Tills in all shops are down\n"
        "Why:      first on call\n"
        "Time:     Fri 27 Nov 2026 03:00 GMT\n\n"
        f"Acknowledge: {LINK}\n"
        "Or press p in the console, or run: supportdesk acknowledge CD-4CB1-C\n\n"
        "Also:\n"
        "- CD-1111-A Printer\n\n"
        "Message 0c1f-7\n"
    )


def test_a_notice_asks_for_no_acknowledgement() -> None:
    assert "cknowledge" not in body(page(kind="notice"))


def test_a_page_about_no_ticket_asks_for_an_acknowledgement_only_where_there_is_a_link() -> None:
    assert "cknowledge" not in body(page(reference=""))
    assert "you are paged. Please acknowledge it.\n\nSev" in body(page(reference="", link=LINK))


def test_a_link_that_is_more_than_a_web_address_is_left_out() -> None:
    for link in ("javascript:alert(1)", f"{LINK}\nBcc: x@example.com", f"{LINK} and more", "http://a\u202eb"):
        assert link[:10] not in body(page(link=link))
        assert json.loads(to_json(page(link=link)))["link"] is None


def test_programs_get_every_field_in_plain_text() -> None:
    document = json.loads(to_json(page(link=LINK)))
    assert document["key"] == "0c1f-7"
    assert document["at"] == "2026-11-27T03:00:00Z"
    assert (document["to"], document["reference"], document["urgent"]) == (
        "priya@example.com",
        "CD-4CB1-C",
        True,
    )
    assert document["short"] == short_text(page(link=LINK))


def test_a_megabyte_of_poison_in_every_field_becomes_a_small_document() -> None:
    assert len(to_json(poisoned())) < 40_000


@given(pages)
def test_no_text_reaches_a_program_with_escapes_or_line_ends(sent: OutgoingPage) -> None:
    document = json.loads(to_json(sent))
    assert to_json(sent).count(b"\n") == 1
    texts = [value for value in document.values() if isinstance(value, str)]
    assert not [text for text in texts if UNWANTED.search(text)]
    assert not [name for name, value in document.items() if name != "text" and "\n" in str(value)]


@given(pages)
def test_texts_keep_to_their_length_and_never_cut_a_link(sent: OutgoingPage) -> None:
    assert len(short_text(sent)) <= SHORT
    assert len(subject(sent)) <= SUBJECT
    assert "https://desk.example" not in short_text(sent) or short_text(sent).endswith(str(sent.link))


@given(pages)
def test_any_key_becomes_one_that_fits_into_headers_and_stays_the_same(sent: OutgoingPage) -> None:
    assert sent.idempotency_key.isascii()
    assert sent.idempotency_key.replace("-", "").replace("_", "").isalnum()
    assert sent.idempotency_key == page(key=sent.key).idempotency_key
