"""The ladders of a policy: those that ship, and those that are refused with file, line, place and reason."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest

from supportdesk import resources
from supportdesk.sla.ladder import EscalationRung, Repeat
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_checks import find_faults
from supportdesk.sla.policy_file import PolicyError, load_policy

SHIPPED = resources.data_path("policies/claritum.toml")
TEXT = SHIPPED.read_text(encoding="utf-8")
POLICY = load_policy(SHIPPED)

Told: TypeAlias = tuple[str, int | None, str, tuple[str, ...], str]


def rungs_of(severity: str) -> list[Told]:
    """Return each rung of a severity: its clock, when it is due on it, and what it does to whom."""
    return [
        (rung.clock, _when(rung), rung.action, rung.to, rung.calendar)
        for rung in POLICY.severity(severity).ladder
    ]


def _when(rung: EscalationRung) -> int | None:
    return next((each for each in (rung.percent, rung.minutes, rung.days_before) if each is not None), None)


FIX_DATE_REMINDERS = [("fix date", days, "notify", ("owner",), "office") for days in (5, 0)]
"""A fix may be promised for any severity."""


def test_a_critical_pages_until_somebody_acknowledges_and_as_its_clocks_run_down() -> None:
    assert rungs_of("critical") == [
        ("acknowledgement", 0, "page", ("on-call",), ""),
        ("acknowledgement", 10, "page", ("second-on-call",), ""),
        ("acknowledgement", 15, "page", ("support-manager",), ""),
        ("acknowledgement", 30, "page", ("head-of-support",), ""),
        ("response", 75, "page", ("director",), ""),
        ("resolution", 75, "page", ("owner", "support-manager"), ""),
        ("resolution", 90, "page", ("head-of-support",), ""),
        ("resolution", 100, "page", ("director",), ""),
        *FIX_DATE_REMINDERS,
    ]
    first, *_ = POLICY.severity("critical").ladder
    assert first.repeat == Repeat(minutes=5, times=1)
    assert first.steps == ("on-call", "on-call/2")
    assert first.delays == (0, 300)


@pytest.mark.parametrize("severity", ["high", "medium", "low"])
def test_other_severities_notify_in_office_hours_on_both_clocks(severity: str) -> None:
    notices = [("owner", "team"), ("supervisors",), ("support-manager",)]
    shares = dict(zip((75, 90, 100), notices, strict=True))
    timed = (75, 90, 100) if severity == "high" else (100,)
    assert rungs_of(severity) == [
        *(("response", percent, "notify", to, "office") for percent, to in shares.items()),
        *(("resolution", percent, "notify", shares[percent], "office") for percent in timed),
        *FIX_DATE_REMINDERS,
    ]
    assert all(rung.each for rung in POLICY.severity(severity).ladder if len(rung.to) > 1)


def test_a_change_request_notifies_its_account_manager() -> None:
    assert rungs_of("change") == [
        ("arrival", None, "notify", ("account-manager",), "office"),
        ("response", 75, "notify", ("account-manager",), "office"),
        ("response", 100, "notify", ("account-manager",), "office"),
        *FIX_DATE_REMINDERS,
    ]


def test_a_policy_of_an_earlier_version_has_no_ladder_and_the_same_settings() -> None:
    document = msgspec.to_builtins(POLICY)
    del document["escalation"]
    for severity in document["severities"]:
        del severity["ladder"]
    policy = msgspec.convert(document, Policy)
    assert not find_faults(policy)
    assert policy.ladder == POLICY.ladder
    assert not any(severity.ladder for severity in policy.severities)
    assert policy.escalation == POLICY.escalation


SECOND = """\
key = "second"
clock = "acknowledgement"
minutes = 10
action = "page"
to = ["second-on-call"]
"""
"""The second rung of the ladder for a Critical."""


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('"second"', '""', "key", "'' is not a key"),
        ('"second"', '"a/2"', "key", "write a word without spaces and slashes"),
        ('"second"', '"on-call"', "key", "'on-call' is used by an earlier rung of this ladder"),
        ('["second-on-call"]', "[]", "to", "is empty; name at least one recipient"),
        ('"second-on-call"', '"night-watch"', "to[0]", "there is no recipient 'night-watch'; write one"),
        ('["second-on-call"]', '["owner", "owner"]', "to[1]", "'owner' is listed twice"),
        ('"page"', '"ring"', "action", "there is no action 'ring'; write one of: notify, page, reassign"),
        ('"acknowledgement"', '"moon"', "clock", "there is no clock 'moon'; write one of: arrival"),
        ("minutes = 10\n", "", "", "minutes is missing; add it"),
        ("minutes = 10", "minutes = -1", "minutes", "-1 is negative"),
        ('"acknowledgement"', '"response"', "minutes", "has no effect on the clock 'response'"),
        ('"acknowledgement"\nminutes = 10', '"arrival"\npercent = 75', "percent", "has no effect"),
        ('"acknowledgement"\nminutes = 10', '"response"\npercent = 0', "percent", "0 is not a share"),
        ('"acknowledgement"\nminutes = 10', '"response"\npercent = 101', "percent", "1 to 100 (the breach)"),
        ("minutes = 10", 'minutes = 10\ncalendar = "night"', "calendar", "there is no calendar 'night'"),
        (
            "minutes = 10",
            "minutes = 10\nrepeat = { minutes = 0, times = 1 }",
            "repeat.minutes",
            "at least 1 minute",
        ),
        (
            "minutes = 10",
            "minutes = 10\nrepeat = { minutes = 5, times = 101 }",
            "repeat.times",
            "a number from 1 to 100",
        ),
        (
            '"acknowledgement"\nminutes = 10',
            '"arrival"\nrepeat = { minutes = 5, times = 1 }',
            "repeat",
            "the arrival happens once",
        ),
        (
            'action = "page"\nto = ["second-on-call"]',
            'action = "reassign"\nto = ["team"]\neach = true',
            "each",
            "a ticket has one owner",
        ),
        (
            'action = "page"\nto = ["second-on-call"]',
            'action = "reassign"\nto = ["owner"]',
            "to",
            "the ticket is the owner's already",
        ),
    ],
)  # fmt: skip
def test_a_faulty_rung_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, place: str, reason: str
) -> None:
    assert TEXT.count(SECOND) == 1
    assert old in SECOND
    changed = SECOND.replace(old, new, 1)
    text = TEXT.replace(SECOND, changed)
    error = refused(tmp_path, text)
    dotted = f".{place}" if place else ""
    (told,) = (each.reason for each in error.faults if each.place == f"$.severities[0].ladder[1]{dotted}")
    assert reason in told
    begin = text[: text.index(changed)].count("\n")
    given = int(str(error).split("line ")[1].split(":")[0])
    assert begin <= given <= begin + changed.count("\n") + 1
    if place:
        assert f"[[severities]] number 1, ladder number 2, {place}:" in str(error)


def refused(folder: Path, text: str) -> PolicyError:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_policy(path)
    return raised.value


@pytest.mark.parametrize(
    ("severity", "rung", "place", "reason"),
    [
        (
            "medium",
            EscalationRung("x", "resolution", "notify", ("owner",), percent=75),
            ".percent",
            "the fix date of Medium has no length; write 100, the breach",
        ),
        (
            "change",
            EscalationRung("x", "resolution", "notify", ("owner",), percent=100),
            ".clock",
            "the resolution of Change Request has no time limit",
        ),
        (
            "critical",
            EscalationRung("x", "acknowledgement", "page", ("on-call",), minutes=5),
            "",
            "is shadowed by 'on-call', which alerts the same people at the same time",
        ),
        (
            "critical",
            EscalationRung("x", "acknowledgement", "notify", ("second-on-call",), minutes=10),
            "",
            "is shadowed by 'second'",
        ),
        (
            "critical",
            EscalationRung("x", "resolution", "page", ("owner",), percent=75),
            "",
            "is shadowed by 'resolution-owner'",
        ),
        (
            "critical",
            EscalationRung("x", "acknowledgement", "page", ("on-call",), minutes=0, repeat=Repeat(5, 1)),
            "",
            "is shadowed by 'on-call'",
        ),
    ],
)
def test_a_rung_that_never_fires_or_that_another_shadows_is_refused(
    severity: str, rung: EscalationRung, place: str, reason: str
) -> None:
    (fault,) = find_faults(with_rung(severity, rung))
    number, position = POLICY.rank(severity), len(POLICY.severity(severity).ladder)
    assert fault.place == f"$.severities[{number}].ladder[{position}]{place}"
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("severity", "rung"),
    [
        ("critical", EscalationRung("x", "acknowledgement", "page", ("on-call",), minutes=6)),
        ("critical", EscalationRung("x", "acknowledgement", "page", ("on-call", "owner"), minutes=5)),
        ("critical", EscalationRung("x", "resolution", "page", ("owner", "director"), percent=75, each=True)),
        ("critical", EscalationRung("x", "resolution", "reassign", ("team",), percent=75)),
        ("critical", EscalationRung("x", "resolution", "page", ("owner",), percent=100, repeat=Repeat(30, 4))),
        ("high", EscalationRung("x", "response", "page", ("support-manager",), percent=100, calendar="office")),
        ("high", EscalationRung("x", "response", "notify", ("support-manager",), percent=100)),
        ("medium", EscalationRung("x", "resolution", "notify", ("owner",), percent=100, calendar="office")),
    ],
)  # fmt: skip
def test_a_rung_that_alerts_at_another_time_louder_or_other_people_is_accepted(
    severity: str, rung: EscalationRung
) -> None:
    shadowed = find_faults(with_rung(severity, rung))
    # A page to the same person in the same hours makes the notice needless.
    louder = severity == "high" and rung.action == "page"
    assert [fault.place for fault in shadowed] == (["$.severities[1].ladder[2]"] if louder else [])


def with_rung(severity: str, rung: EscalationRung) -> Policy:
    severities = tuple(
        msgspec.structs.replace(each, ladder=(*each.ladder, rung)) if each.key == severity else each
        for each in POLICY.severities
    )
    return msgspec.structs.replace(POLICY, severities=severities)


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"acknowledged_percent": 0}, "acknowledged_percent", "0 is not a percentage"),
        ({"acknowledged_percent": 101}, "acknowledged_percent", "a number above 0, up to 100"),
        ({"acknowledged_minutes": 0}, "acknowledged_minutes", "give at least 1 minute"),
        ({"stale_minutes": 0}, "stale_minutes", "give at least 1 minute"),
    ],
)
def test_impossible_settings_are_refused(changes: dict[str, int], place: str, reason: str) -> None:
    settings = msgspec.structs.replace(POLICY.escalation, **changes)
    (fault,) = find_faults(msgspec.structs.replace(POLICY, escalation=settings))
    assert fault.place == f"$.escalation.{place}"
    assert reason in fault.reason


def test_a_role_must_not_have_the_name_of_another_recipient() -> None:
    roles = tuple(
        msgspec.structs.replace(role, key="team") if role.key == "director" else role
        for role in POLICY.ladder
    )
    faults = find_faults(msgspec.structs.replace(POLICY, ladder=roles))
    assert "'team' is the name of another recipient; rename it" in [each.reason for each in faults]
