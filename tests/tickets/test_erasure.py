"""Erasing a person from texts and events: every spelling is found, and nothing else."""

from __future__ import annotations

import unicodedata
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.actors import contact_key
from supportdesk.tickets.documents import ERASED, Article, Contact
from supportdesk.tickets.erasure.event_eraser import DOCUMENT_TEXTS, TEXTS, EventEraser
from supportdesk.tickets.erasure.identity import make_identity
from supportdesk.tickets.erasure.text_eraser import TextEraser
from supportdesk.tickets.events import Called, CustomerWrote, Logged, Noted, Paged, TicketEvent
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import AnyRecordEvent, ArticleSaved, ContactSaved, PersonSaved
from tests.tickets.scenario import RECORDS

ZOE = Contact("acme.zoe", "acme", "Zoë Müller", telephone="+44 20 7946 0018 / 4711", email="zoe@acme.example")


def eraser(*versions: Contact) -> TextEraser:
    return TextEraser(make_identity(versions or (ZOE,), "GB"))


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        ("Ring ZOE MULLER now", "Ring [erased] now"),
        ("zoë  mu\u0308ller's", "[erased]'s"),
        ("Mueller, Zoë", "[erased]"),
        ("Zoë\nMüller", "[erased]"),
        ("Zoë\u00ad Müller", "[erased]"),
        ("zoe_muller.pdf", "[erased].pdf"),
        ("zoe.muller@home.example", "[erased]@home.example"),
        ("ZOE@ACME.example", "[erased]"),
        ("(acme.zoe)", "([erased])"),
        ("020 7946 0018", "[erased]"),
        ("+44 (0)20 7946 0018.", "[erased]."),
        ("0044(20)79460018", "[erased]"),
        ("tel:+442079460018", "tel:[erased]"),
        ("in the office 7946 0018", "in the office [erased]"),
        ("on 27 020 7946 0018", "on 27 [erased]"),
        ("\uff12\uff10\uff17\uff19\uff14\uff16\uff10\uff10\uff11\uff18", "[erased]"),
    ],
)
def test_every_spelling_is_erased(text: str, erased: str) -> None:
    assert eraser().erase(text, own=False) == erased
    assert eraser().may_contain(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zoe alone",
        "Müllerin Zoë",
        "Zoë and Müller",
        "+44 121 794 60018",
        "order 1279460018",
        "extension 4711",
        "",
    ],
)
def test_what_may_be_somebody_else_stays(text: str) -> None:
    assert eraser().erase(text, own=False) == text


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        ("Zoe rang", "[erased] rang"),
        ("Mrs Muller", "Mrs [erased]"),
        ("extension 4711", "extension [erased]"),
        ("Zoology", "Zoology"),
    ],
)
def test_in_their_own_tickets_parts_are_erased_too(text: str, erased: str) -> None:
    assert eraser().erase(text, own=True) == erased


def test_a_name_of_one_word_is_erased_only_in_their_own_tickets() -> None:
    one = eraser(Contact("acme.it", "acme", "IT"))
    assert one.erase("it works", own=False) == "it works"
    assert one.erase("IT rang", own=True) == "[erased] rang"


def test_a_script_without_spaces_is_erased_inside_a_word() -> None:
    assert (
        eraser(Contact("a.b", "a", "田中太郎")).erase("これは田中太郎さん", own=False) == "これは[erased]さん"
    )


def test_every_earlier_name_is_erased() -> None:
    both = eraser(ZOE, Contact("acme.zoe", "acme", "Zoë Brandt"))
    assert both.erase("Zoe Muller is Zoe Brandt now", own=False) == "[erased] is [erased] now"


LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéèñøłž"
PARTS = st.text(LETTERS, min_size=3, max_size=8)
SPELLINGS = st.sampled_from(
    [
        str,
        str.upper,
        str.title,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("ß", "ss"),
    ]
)


@given(
    first=PARTS,
    last=PARTS,
    spell=SPELLINGS,
    between=st.sampled_from([" ", "  ", "\n", "-", ". ", "\u00a0", "_"]),
    swapped=st.booleans(),
    around=st.tuples(
        st.sampled_from(["", "Dear ", "(", "x: "]), st.sampled_from(["", ", hello", "'s", ")\n"])
    ),
)
def test_a_random_name_is_erased_however_it_is_written(
    *, first: str, last: str, spell: object, between: str, swapped: bool, around: tuple[str, str]
) -> None:
    assert callable(spell)
    name = eraser(Contact("key-1", "acme", f"{first.title()} {last.title()}"))
    written = between.join((last, first) if swapped else (first, last))
    before, after = around
    text = f"{before}{spell(written)}{after}"
    assert name.may_contain(text)
    assert name.may_contain(msgspec.json.encode(text).decode())
    assert name.erase(text, own=False) == f"{before}{ERASED}{after}"


@given(st.text())
def test_a_text_without_the_person_stays_as_it_is(text: str) -> None:
    if not eraser().may_contain(text):
        assert eraser().erase(text, own=False) == text


def test_events_lose_the_person_and_nothing_else() -> None:
    events = EventEraser(make_identity([ZOE], "GB"), "erased-1")
    erased = Contact("erased-1", "acme", ERASED)
    assert events.erase(ContactSaved(ZOE), own=False) == ContactSaved(erased)
    undone = RecordUndone("contact", "acme.zoe", 7, ContactSaved(ZOE))
    assert events.erase(undone, own=False) == RecordUndone("contact", "erased-1", 7, ContactSaved(erased))
    assert events.erase(Called("acme.zoe", "Zoë Müller", "Hello"), own=True) == Called(
        "erased-1", ERASED, "Hello"
    )
    assert events.erase(CustomerWrote("acme.zoe", "Zoë Müller", "I am Zoë"), own=True) == CustomerWrote(
        "erased-1", ERASED, f"I am {ERASED}"
    )
    other = ContactSaved(Contact("acme.other", "acme", "Zoë Müller"))
    assert events.erase(other, own=False) is other, "somebody else of the same name"
    staff = PersonSaved(msgspec.structs.replace(RECORDS.staff["ann"], name="Zoë Müller"))
    assert events.erase(staff, own=False) is staff
    article = ArticleSaved(Article("KB-1", "Zoë Müller", "x"))
    assert events.erase(article, own=False) == ArticleSaved(Article("KB-1", ERASED, "x"))
    paged = Paged("ann", "Zoë Müller", "", "Zoë Müller rang")
    assert events.erase(paged, own=True) == Paged("ann", "Zoë Müller", "", f"{ERASED} rang"), "staff"
    assert events.erase(Noted("x"), own=True) == Noted("x")


def test_a_contact_who_acts_gets_the_new_key() -> None:
    events = EventEraser(make_identity([ZOE], "GB"), "erased-1")
    assert contact_key(events.erase_actor("contact acme.zoe")) == "erased-1"
    assert events.erase_actor("contact acme.other") == "contact acme.other"
    assert events.erase_actor("ann") == "ann"


KEYS = {
    "action", "article", "attested", "because", "by", "calendar", "channel", "clock", "contact", "delivery",
    "digest", "field", "how", "kind", "mail", "manager", "method", "name", "on", "organisation", "outcome", "owner",
    "person", "policy", "ref", "release", "severity", "source", "step", "target", "team", "telephone", "to",
    "was", "way",
}  # fmt: skip
"""The texts of events that nobody typed: keys, names of staff, and words of the program."""


@pytest.mark.parametrize("event", [*get_args(TicketEvent), *get_args(AnyRecordEvent)])
def test_every_text_of_an_event_is_erased_or_a_key(event: type[msgspec.Struct]) -> None:
    typed = set(TEXTS.get(event, ()))
    texts = {field.name for field in msgspec.structs.fields(event) if field.type in (str, str | None)}
    of_step = {"description", "reason"} if event.__name__ == "StepTaken" else set()
    of_closure = {"reason"} if event.__name__ == "Closed" else set()
    assert typed <= texts
    assert texts - typed - of_step - of_closure <= KEYS
    if event in DOCUMENT_TEXTS:
        assert DOCUMENT_TEXTS[event][0] in event.__struct_fields__


def test_logged_requests_lose_the_key() -> None:
    fields = {field.name for field in msgspec.structs.fields(Logged)}
    assert {"contact", *TEXTS[Logged]} <= fields
