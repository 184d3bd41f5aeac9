"""The rules of what a policy may change in its clocks (docs/rules.md, 12 to 14)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from supportdesk.sla.clocks import (
    State,
)
from supportdesk.sla.policy import Policy, with_days
from supportdesk.sla.policy_file import PolicyError, load_policy
from tests.sla.test_rules import HOUR, MINUTE, POLICY, SHIPPED, on, response


@dataclass(frozen=True)
class DayChanged:
    calendar: str
    day: date
    spans: tuple[tuple[str, str], ...] = ()


def test_rule_12_a_late_holiday_moves_running_clocks_and_leaves_verdicts() -> None:
    running = response("high", on(23, 16))
    verdict = running.stopped(on(24, 8, 30))
    closed = with_days(POLICY, [DayChanged("office", date(2026, 11, 24))])
    moved = replace(running, policy=closed)
    assert (running.at(on(23, 17)).due, moved.at(on(23, 17)).due) == (on(24, 9), on(25, 9))
    stopped = replace(moved, verdict=verdict)
    assert (stopped.at(on(30)).state, stopped.at(on(30)).due, stopped.at(on(30)).elapsed) == (
        State.MET,
        on(24, 9),
        2 * HOUR + 30 * MINUTE,
    )
    assert "closed: closure of 24 Nov" in moved.explained(on(25, 9))
    assert "as it was counted when it stopped 0:30:00 2:30:00" in stopped.explained(on(30))


def test_rule_12_an_extra_opening_moves_a_running_clock() -> None:
    opened = with_days(POLICY, [DayChanged("office", date(2026, 11, 28), (("09:00", "13:00"),))])
    clock = response("high", on(27, 17), policy=opened)
    assert clock.at(on(27, 17)).due == on(28, 11)
    assert "counted, hours of that day only" in clock.explained(on(28, 10))


def test_rule_13_a_ticket_is_held_to_the_version_that_it_keeps() -> None:
    stricter = [
        msgspec.structs.replace(each, response=msgspec.structs.replace(each.response, hours=1))
        for each in POLICY.severities
    ]
    later = msgspec.structs.replace(POLICY, version="2", severities=tuple(stricter))
    kept = msgspec.json.decode(msgspec.json.encode(POLICY), type=Policy)
    assert response("high", on(23), policy=kept).at(on(23)).due == on(23, 11)
    assert response("high", on(23), policy=later).at(on(23)).due == on(23, 9)


def test_rule_14_an_unknown_severity_or_channel_is_refused_on_load(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        SHIPPED.read_text(encoding="utf-8").replace('channels = ["portal"]', 'channels = ["telex"]')
    )
    with pytest.raises(
        PolicyError, match=r"policy\.toml, line \d+: \[\[severities\]\] number 4, channels\[0\]: .*'telex'"
    ):
        load_policy(path)
    with pytest.raises(KeyError):
        response("unknown", on(23)).at(on(23))
