"""Tells people of the desk itself, once: of overdue releases, of the rota, and that holidays will soon be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from supportdesk.desk_api import DeskApi
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import NOTICE, Release
from supportdesk.tickets.housekeeping.notices import (
    DueNotice,
    NoticeContext,
    PromisedFix,
    find_horizon_notices,
    find_overdue_releases,
    make_release_notice,
    release_key,
)
from supportdesk.tickets.records.commands import SendNotice, WithdrawNotice
from supportdesk.tickets.records.notice_rules import NOTICE_OVER, NOTICE_SENT
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.notices.notice import supervisors
from supportdesk.watcher.rota_notices import RotaNotices
from supportdesk.watcher.task import Say

EVERY = timedelta(minutes=1)
"""How often it looks: nothing of this is urgent."""

FindNotices = Callable[[DeskApi, datetime, frozenset[str]], Iterable[SendNotice | WithdrawNotice]]
"""Returns the notices that are due, and the commands that withdraw others.

Those whose keys are given were sent already, and may be left out.
"""


class DeskNotices:
    """Sends each notice that is due. Which ones were sent is known by their keys, in the desk."""

    name = "telling people of the desk"

    def __init__(self, say: Say, finders: Iterable[FindNotices] | None = None) -> None:
        self._say = say
        own = (find_releases, find_horizon, RotaNotices())
        self._finders = tuple(finders) if finders is not None else own
        self._sent: set[str] = set()
        self._looked: datetime | None = None
        self._fault = ""

    @property
    def fault(self) -> str:
        """Why a notice is refused at present."""
        return self._fault

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Send what is due, if it is time to look; return that nothing more is due at once."""
        if self._looked is not None and timedelta(0) <= now - self._looked < EVERY:
            return False
        self._looked, self._fault = now, ""
        for find in self._finders:
            for notice in find(desk, now, frozenset(self._sent)):
                if is_stopped():
                    return False
                if isinstance(notice, WithdrawNotice) or notice.key not in self._sent:
                    self._send(desk, notice)
        return False

    def close(self) -> None:
        """Do nothing: nothing is begun that lasts."""

    def _send(self, desk: DeskApi, notice: SendNotice | WithdrawNotice) -> None:
        outcome = desk.do(notice, by=WATCHER.key)
        if isinstance(outcome, Refusal) and outcome not in (NOTICE_SENT, NOTICE_OVER):
            self._fault = f"a notice is refused: {outcome.reason}"
            return
        self._sent.add(notice.key)
        if not isinstance(outcome, Refusal):
            done = "withdrawn" if isinstance(notice, WithdrawNotice) else "sent"
            self._say(f"notice {done}: {notice.key}")


def find_releases(desk: DeskApi, now: datetime, sent: frozenset[str]) -> Iterator[SendNotice]:
    """Yield the notices of the releases whose day has passed and that have not shipped."""
    context, releases = _load_context(desk, now)
    for release in find_overdue_releases(context, releases):
        if release_key(release) in sent:
            continue
        promised = [PromisedFix(row.ref, row.owner) for row in desk.promised_tickets(release.key)]
        notice = make_release_notice(context, release, promised)
        if notice is not None:
            yield _to_command(notice)


def find_horizon(desk: DeskApi, now: datetime, sent: frozenset[str]) -> Iterator[SendNotice]:
    """Yield the notices of the calendars whose holidays are soon unknown."""
    context, _ = _load_context(desk, now)
    yield from map(_to_command, find_horizon_notices(context))


def _load_context(desk: DeskApi, now: datetime) -> tuple[NoticeContext, Sequence[Release]]:
    roster = desk.roster()
    data = roster.reference_data
    return NoticeContext(desk.policy_at(now), data.staff, supervisors(data), now), roster.releases


def _to_command(notice: DueNotice) -> SendNotice:
    text = notice.text[:1].upper() + notice.text[1:]
    return SendNotice(notice.people, NOTICE, text, notice.key)
