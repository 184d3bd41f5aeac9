"""What a link acknowledges, and until when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.tickets.process.assignment import Claim, HandOver
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.escalation import HIERARCHICAL, Escalate
from supportdesk.tickets.process.resolution import Resolve
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.refusal import Refusal
from supportdesk.watcher.links.link_desk import LinkFault, OpenLink, acknowledge, open_link
from supportdesk.watcher.links.token import digest, is_token, make_token
from tests.databases import address_at
from tests.store.database_tool import read_all
from tests.store.desks import done, events
from tests.watcher.links.desks import PagedDesk, paged_desk


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[PagedDesk]:
    with paged_desk(tmp_path) as desk:
        yield desk


def opened(paged: PagedDesk, token: str) -> OpenLink:
    link = open_link(paged.desk, token)
    assert isinstance(link, OpenLink), link
    return link


def test_a_token_has_256_random_bits_and_needs_no_escaping() -> None:
    tokens = {make_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(is_token(token) and len(token) * 6 >= 256 for token in tokens)
    assert not any(map(is_token, ("", "x" * 42, "x" * 44, "x" * 42 + "é", "x" * 42 + "\n", "x" * 42 + "/")))


def test_a_link_shows_facts_of_its_ticket_and_acknowledges_the_page_for_its_person(paged: PagedDesk) -> None:
    link = opened(paged, paged.token())
    assert link.facts.title == f"Critical {paged.ref}"
    shown = dict(link.facts.facts)
    assert shown["Customer"] == "Acme Ltd"
    assert shown["Paged"] == "Dora, since Mon 23 Nov 09:00 GMT"
    assert not isinstance(acknowledge(paged.desk, link), Refusal)
    assert not paged.is_paged()
    done_by = {entry.event: entry.actor for entry in paged.desk.ticket(paged.ref).timeline}
    assert done_by["page acknowledged"] == paged.person


def test_the_desk_holds_no_token(paged: PagedDesk, tmp_path: Path) -> None:
    token = paged.token()
    stored = read_all(address_at(tmp_path / "desk.db"))
    assert digest(token).encode() in stored
    assert token.encode() not in stored


def test_a_link_is_used_once(paged: PagedDesk) -> None:
    token, other = paged.token(), paged.token()
    acknowledge(paged.desk, opened(paged, token))
    assert open_link(paged.desk, token) is LinkFault.OVER
    assert open_link(paged.desk, other) is LinkFault.OVER


def test_a_link_expires_a_day_after_its_page(paged: PagedDesk) -> None:
    token = paged.token()
    made = paged.clock.now()
    paged.clock.set(made + timedelta(days=1, seconds=-1))
    opened(paged, token)
    paged.clock.set(made + timedelta(days=1))
    assert open_link(paged.desk, token) is LinkFault.OVER


def test_an_expired_link_is_forgotten_when_another_is_made(paged: PagedDesk) -> None:
    token = paged.token()
    paged.clock.set(paged.clock.now() + timedelta(days=2))
    paged.token()
    assert open_link(paged.desk, token) is LinkFault.UNKNOWN


def test_a_link_is_not_valid_once_the_page_was_acknowledged_by_other_means(paged: PagedDesk) -> None:
    token = paged.token()
    done(paged.desk, Acknowledge(paged.ref), by=paged.person)
    assert open_link(paged.desk, token) is LinkFault.OVER


def test_a_used_link_does_not_acknowledge_a_later_page_to_the_same_person(paged: PagedDesk) -> None:
    used = paged.token()
    acknowledge(paged.desk, opened(paged, used))
    paged.clock.set(paged.clock.now() + timedelta(minutes=5))
    done(paged.desk, Claim(paged.ref), by="priya")
    done(paged.desk, HandOver(paged.ref, paged.person, "Restarted once; please go on."), by="priya")
    assert paged.is_paged()
    assert open_link(paged.desk, used) is LinkFault.OVER
    opened(paged, paged.token())


def test_undoing_the_acknowledgement_makes_the_link_valid_for_the_page_that_is_open_again(
    paged: PagedDesk,
) -> None:
    token = paged.token()
    acknowledge(paged.desk, opened(paged, token))
    done(paged.desk, Undo(paged.ref), by=paged.person)
    assert paged.is_paged()
    opened(paged, token)


def test_a_link_acknowledges_only_the_page_of_its_own_person(paged: PagedDesk) -> None:
    token = paged.token()
    paged.clock.set(paged.clock.now() + timedelta(minutes=1))
    done(paged.desk, Escalate(paged.ref, "they ask for her", HIERARCHICAL), by="ann")
    theirs = paged.link(person="sue").rpartition("/")[2]
    acknowledge(paged.desk, opened(paged, theirs))
    assert not paged.is_paged("sue")
    assert paged.is_paged()
    opened(paged, token)


def test_a_link_is_not_valid_once_the_ticket_was_resolved(paged: PagedDesk) -> None:
    token = paged.token()
    done(paged.desk, Acknowledge(paged.ref), by=paged.person)
    other = paged.desk.ticket(paged.ref)
    assert other.ticket.is_open
    done(paged.desk, Resolve(paged.ref, "Restarted."), by=paged.person)
    done(paged.desk, Close(paged.ref), by=paged.person)
    assert open_link(paged.desk, token) is LinkFault.OVER


def test_two_who_press_the_button_at_once_acknowledge_once(paged: PagedDesk) -> None:
    link = opened(paged, paged.token())
    both = threading.Barrier(2)
    outcomes: list[object] = []

    def press() -> None:
        both.wait()
        outcomes.append(acknowledge(paged.desk, link))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(outcome, Refusal) for outcome in outcomes) == [False, True]
    assert events(paged.desk, paged.ref).count("page acknowledged") == 1


def test_tokens_that_were_never_given_are_unknown(paged: PagedDesk) -> None:
    token = paged.token()
    swapped = token[:-2] + token[-1] + token[-2] if token[-1] != token[-2] else token[::-1]
    for wrong in ("", "x", make_token(), swapped, token + "=", token.swapcase(), f"{token}%00", "é" * 43):
        assert open_link(paged.desk, wrong) is LinkFault.UNKNOWN
