"""The search of a field answers for a text, and says why it cannot."""

from __future__ import annotations

import threading

import pytest

from supportdesk.console.forms.candidate_search import CandidateSearch, SearchAnswer
from supportdesk.console.search.candidate import Candidate, NoMatchError
from supportdesk.desk_api import DeskUnavailableError

APPLE = Candidate("apple", "Apple")


@pytest.mark.parametrize("blocking", [False, True])
async def test_an_answer_has_its_text_and_its_results(blocking: bool) -> None:
    search = CandidateSearch(lambda text: [APPLE], blocking=blocking)
    assert await search.answer("ap") == SearchAnswer("ap", [APPLE])


async def test_only_a_blocking_search_runs_in_another_thread() -> None:
    threads: list[threading.Thread] = []

    def find(text: str) -> list[Candidate]:
        threads.append(threading.current_thread())
        return []

    await CandidateSearch(find).answer("")
    await CandidateSearch(find, blocking=True).answer("")
    here = threading.current_thread()
    assert [thread is here for thread in threads] == [True, False]


async def test_finding_nothing_and_an_unavailable_desk_are_different_answers() -> None:
    def nothing(text: str) -> list[Candidate]:
        raise NoMatchError("the season is over")

    def away(text: str) -> list[Candidate]:
        raise DeskUnavailableError("the desk is out of reach")

    search = CandidateSearch(nothing)
    assert await search.answer("ap") == SearchAnswer("ap", if_none="the season is over")
    search.set_find(away)
    assert await search.answer("ap") == SearchAnswer("ap", failure="the desk is out of reach")


def test_another_search_has_answered_nothing_yet() -> None:
    search = CandidateSearch(lambda text: [])
    search.answered = "ap"
    search.set_find(lambda text: [APPLE])
    assert search.answered is None
