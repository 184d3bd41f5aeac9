"""How an open page is worded."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from supportdesk.console.paging.open_page import page_notice
from supportdesk.console.session import Session
from tests.console.fixtures.morning import NOW, morning_desk, ref_of


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (timedelta(), "you were paged at 08:48 GMT."),
        (timedelta(days=1), "you were paged on 24 Nov 08:48 GMT."),
    ],
    ids=["today", "on an earlier day"],
)
def test_the_notice_of_a_page_says_at_what_time_or_on_which_day_it_was_sent(
    later: timedelta, told: str
) -> None:
    desk = morning_desk()
    view = desk.ticket(ref_of(desk, "Nobody can log in"))
    session = SimpleNamespace(username="priya", zone="Europe/London", now=lambda: NOW + later)
    assert told in page_notice(view, cast(Session, session))
