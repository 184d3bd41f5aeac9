"""The policy that ships, read from its file; and the files that are refused, with file, line, place and reason."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from supportdesk import resources
from supportdesk.sla.policy import OPEN_TO, STEPS, Policy
from supportdesk.sla.policy_file import PolicyError, load_policy
from supportdesk.toml_file.document import written_place

SHIPPED = resources.data_path("policies/claritum.toml")
TEXT = SHIPPED.read_text(encoding="utf-8")
POLICY = load_policy(SHIPPED)

HOUR = 3600


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        load_policy(written(folder, text))
    return raised.value


def line_of(text: str, fragment: str) -> int:
    return text[: text.index(fragment)].count("\n") + 1


@pytest.mark.parametrize(
    ("key", "name", "response", "resolution", "ways"),
    [
        ("critical", "Critical", ("always", 1), ("always", 8), ["hotline"]),
        ("high", "High", ("office", 3), ("office", 24), ["phone", "voicemail", "email", "portal"]),
        ("medium", "Medium", ("office", 24), None, ["phone", "voicemail", "email", "portal"]),
        ("low", "Low", ("office", 24), None, ["portal"]),
        ("change", "Change Request", ("office", 24), None, ["phone", "voicemail", "email", "portal"]),
    ],
)
def test_each_severity_promises_what_the_policy_says(
    key: str, name: str, response: tuple[str, int], resolution: tuple[str, int] | None, ways: list[str]
) -> None:
    severity = POLICY.severity(key)
    assert severity.name == name
    assert (severity.response.calendar, severity.response.seconds) == (response[0], response[1] * HOUR)
    found = severity.resolution
    assert (found and (found.calendar, found.seconds)) == (
        resolution and (resolution[0], resolution[1] * HOUR)
    )
    assert sorted(severity.channels) == sorted(ways)


def test_severities_are_in_the_order_of_severity() -> None:
    keys = [severity.key for severity in POLICY.severities]
    assert keys == ["critical", "high", "medium", "low", "change"]
    assert [POLICY.rank(key) for key in keys] == [0, 1, 2, 3, 4]


def test_critical_has_its_three_signs_and_alone_pages_technical_support() -> None:
    critical = POLICY.severity("critical")
    assert critical.signs == (
        "The system hangs, or is so slow that it seems to.",
        "The system crashes repeatedly.",
        "A vital function is not available.",
    )
    assert [severity.key for severity in POLICY.severities if severity.pages] == ["critical"]
    assert (critical.team, critical.answered_by) == ("technical-support", ("technical-support",))


def test_rule_04_each_promise_is_met_by_the_steps_that_the_policy_names() -> None:
    assert {severity.key: severity.resolved_by for severity in POLICY.severities} == {
        "critical": (("restored",), ("fix",)),
        "high": (("restored",), ("fix",)),
        "medium": (("workaround", "fix date"),),
        "low": (("article",), ("workaround", "fix date")),
        "change": (("account manager",),),
    }
    assert set().union(*(each.steps for each in POLICY.severities)) == set(STEPS)


def test_each_channel_says_who_may_use_it_and_what_takes_over_out_of_hours() -> None:
    assert {each.key: (each.open_to, each.calendar, each.out_of_hours) for each in POLICY.channels} == {
        "hotline": ("anyone", "always", None),
        "phone": ("super users", "office", "voicemail"),
        "voicemail": ("super users", "always", None),
        "portal": ("registered contacts", "always", None),
        "email": ("registered contacts", "always", None),
    }
    assert {each.open_to for each in POLICY.channels} == set(OPEN_TO)


def test_staff_are_shown_what_to_say_to_everybody_who_came_by_a_wrong_channel() -> None:
    assert all(channel.advice for channel in POLICY.channels)
    assert all(severity.advice for severity in POLICY.severities)
    assert "portal" in POLICY.severity("low").advice
    assert "telephone" in POLICY.severity("critical").advice


def test_the_lines_and_the_ladder_are_those_of_the_process() -> None:
    lines = {team.line: (team.key, team.calendar) for team in POLICY.teams}
    assert lines == {
        2: ("user-support", "office"),
        3: ("technical-support", "always"),
        4: ("development", "office"),
        None: ("account-management", "office"),
    }
    assert [rung.name for rung in POLICY.ladder] == ["Support Manager", "Head of Support", "Director"]


def test_office_time_is_eight_to_six_in_london_on_working_days_of_england() -> None:
    office = POLICY.calendar("office")
    friday_evening = datetime(2026, 12, 24, 17, 59, 59, tzinfo=UTC)
    assert office.is_open(friday_evening)
    assert office.next_open(friday_evening.replace(hour=18)) == datetime(2026, 12, 29, 8, tzinfo=UTC)
    assert office.next_open(datetime(2026, 7, 1, 3, tzinfo=UTC)) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert POLICY.calendar("always").is_open(datetime(2026, 12, 25, 3, tzinfo=UTC))


def test_holidays_are_expanded_with_their_names_and_how_far_they_are_known() -> None:
    hours = POLICY.hours("office")
    assert hours.country == ("GB", "ENG")
    assert hours.holidays[date(2026, 12, 28)] == "Boxing Day (observed)"
    assert hours.holidays[date(2022, 9, 19)] == "State Funeral of Queen Elizabeth II"
    assert hours.holidays_until is not None
    assert hours.holidays_until >= date(2040, 12, 31)


def test_rule_06_and_10_waiting_reopening_and_closing_are_counted_in_working_days_of_ten_hours() -> None:
    days = {
        name: (amount.calendar, amount.seconds / HOUR / 10)
        for name, amount in (
            ("pause", POLICY.pause_cap),
            ("reopen", POLICY.reopen_within),
            ("close", POLICY.close_after),
        )
    }
    assert days == {"pause": ("office", 5), "reopen": ("office", 10), "close": ("office", 5)}


def test_rule_13_a_policy_has_a_version_and_an_instant_of_effect() -> None:
    assert POLICY.version
    assert POLICY.effective.tzinfo is not None


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('key = "director"', 'key = " director"', "$.ladder[2].key", "' director' is not a key"),
        ('channels = ["hotline"]', 'channels = ["fax"]', "$.severities[0].channels[0]", "no channel 'fax'"),
        ('channels = ["hotline"]', "channels = []", "$.severities[0].channels", "name at least one channel"),
        ('team = "technical-support"', 'team = "night"', "$.severities[0].team", "no team 'night'"),
        (
            'answered_by = ["technical-support"]',
            'answered_by = ["night"]',
            "$.severities[0].answered_by[0]",
            "there is no team 'night'; write one of: user-support, technical-support",
        ),
        (
            'response = { calendar = "always", hours = 1 }',
            'response = { calendar = "day", hours = 1 }',
            "$.severities[0].response.calendar",
            "there is no calendar 'day'; write one of: office, always",
        ),
        (
            'resolution = { calendar = "always", hours = 8 }',
            'resolution = { calendar = "always", hours = 0 }',
            "$.severities[0].resolution",
            "is not a positive time",
        ),
        (
            'resolution = { calendar = "always", hours = 8 }',
            'resolution = { calendar = "always", hours = 8, minutes = -5 }',
            "$.severities[0].resolution",
            "is not a positive time",
        ),
        (
            'resolved_by = [["restored"], ["fix"]]',
            'resolved_by = [["restored"], ["prayer"]]',
            "$.severities[0].resolved_by[1][0]",
            "there is no step 'prayer'",
        ),
        ('resolved_by = [["restored"], ["fix"]]', "resolved_by = []", "$.severities[0].resolved_by", "is empty"),
        ('resolved_by = [["restored"], ["fix"]]', "resolved_by = [[]]", "$.severities[0].resolved_by[0]", "is empty"),
        ('open_to = "super users"', 'open_to = "friends"', "$.channels[1].open_to", "write one of: anyone"),
        ('out_of_hours = "voicemail"', 'out_of_hours = "phone"', "$.channels[1].out_of_hours", "channel itself"),
        ('out_of_hours = "voicemail"', 'out_of_hours = "fax"', "$.channels[1].out_of_hours", "no channel 'fax'"),
        ('severity = "high"', 'severity = "huge"', "$.channels[4].severity", "there is no severity 'huge'"),
        ('medium = ["sev', 'mild = ["sev', "$.channels[4].severity_words.mild", "there is no severity 'mild'"),
        ('low = ["severity low"]', "low = []", "$.channels[4].severity_words.low", "needs words"),
        ('low = ["severity low"]', 'low = ["..."]', "$.channels[4].severity_words.low", "needs words"),
        ("line = 3", "line = 2 # too", "$.teams[1].line", "line 2 already has a team"),
        ("line = 3", "line = 0", "$.teams[1].line", "0 is not a line"),
        ("due_soon = 75", "due_soon = 95", "$.thresholds", "0 < due_soon < at_risk <= 100"),
        ("due_soon = 75", "due_soon = 90", "$.thresholds", "are not in order"),
        ("attainment = 95", "attainment = 0", "$.attainment", "a number above 0, up to 100"),
        ("attainment = 95", "attainment = 101", "$.attainment", "a number above 0, up to 100"),
        ("at_risk = 90", "at_risk = 101", "$.thresholds", "0 < due_soon < at_risk <= 100"),
        ("effective = 2016-01-01T00:00:00Z", "effective = 2016-01-01T00:00:00", "$.effective", "no time zone"),
        ('version = "1"', 'version = " "', "$.version", "is empty"),
        ('timezone = "Europe/London" # the', 'timezone = "London" # the', "$.timezone", "'London' is not a time zone"),
        ('country = ["GB", "ENG"]', 'country = ["GB", "XYZ"]', "$.calendars[0].country", "GB has no subdivision"),
        ('country = ["GB", "ENG"]', 'country = ["ZZ", ""]', "$.calendars[0].country", "holidays of 'ZZ'"),
        (
            "pause_cap = { calendar = \"office\", hours = 50 }",
            "pause_cap = { calendar = \"office\" }",
            "$.pause_cap",
            "is not a positive time",
        ),
        # What the document's shape forbids.
        ('promise = "Service', 'promisse = "Service', "$.severities[0].promisse", "correct or remove it"),
        ('name = "Critical"\n', "", "$.severities[0]", "name is missing; add it"),
        ('hours = 8 }', 'hours = "eight" }', "$.severities[0].resolution.hours", "give a whole number"),
        ("effective = 2016-01-01T00:00:00Z", 'effective = "soon"', "$.effective", "invalid RFC3339"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_file_line_place_and_reason(
    tmp_path: Path, old: str, new: str, place: str, reason: str
) -> None:
    assert old in TEXT
    line = {"$.thresholds": "[thresholds]", "$.severities[0]": "[[severities]]"}.get(place)
    text = TEXT.replace(old, new, 1)
    error = refused(tmp_path, text)
    assert [fault.place for fault in error.faults] == [place]
    assert reason in error.faults[0].reason
    assert f"{tmp_path / 'policy.toml'}, line {line_of(text, line or new)}: {written_place(place)}: " in str(
        error
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('key = "low"', 'key = "medium"', "$.severities[3].key"),
        ('key = "email"', 'key = "phone"', "$.channels[4].key"),
        ('key = "account-management"', 'key = "user-support"', "$.teams[3].key"),
        ('key = "director"', 'key = "head-of-support"', "$.ladder[2].key"),
        ('key = "always"', 'key = "office"', "$.calendars[1].key"),
    ],
)
def test_a_key_that_is_given_twice_is_refused_where_it_comes_again(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    error = refused(tmp_path, TEXT.replace(old, new, 1))
    line = line_of(TEXT, old)
    assert (
        f"policy.toml, line {line}: {written_place(place)}: '{new[7:-1]}' is used by an earlier one"
        in str(error)
    )


@pytest.mark.parametrize(
    ("hours", "place", "reason"),
    [
        ("", "$.calendars[0].hours", "is never open"),
        ("mon = []", "$.calendars[0].hours", "is never open"),
        (
            'mon = [["08:00", "12:00"], ["11:00", "18:00"]]',
            "$.calendars[0]",
            "mon: two spans overlap at 11:00",
        ),
        (
            'mon = [["22:00", "06:00"]]\ntue = [["05:00", "06:00"]]',
            "$.calendars[0]",
            "spans overlap at 05:00",
        ),
        ('mon = [["8", "18:00"]]', "$.calendars[0]", "'8' is not a time of day"),
        ('monday = [["08:00", "18:00"]]', "$.calendars[0]", "'monday' is not a day of the week"),
        ('sun = [["01:30", "18:00"]]', "$.calendars[0]", "is skipped as the clocks change"),
        (
            'mon = ["08:00", "18:00"]',
            "$.calendars[0].hours[...][0]",
            "give a list in brackets, not a text in quotes",
        ),
    ],
)
def test_rule_14_a_calendar_that_cannot_be_is_refused_on_load(
    tmp_path: Path, hours: str, place: str, reason: str
) -> None:
    begin, end = TEXT.index("[calendars.hours]"), TEXT.index('[[calendars]]\nkey = "always"')
    error = refused(tmp_path, f"{TEXT[:begin]}[calendars.hours]\n{hours}\n\n{TEXT[end:]}")
    assert (error.faults[0].place, len(error.faults)) == (place, 1)
    assert reason in str(error)
    assert ", line " in str(error)


def test_rule_14_a_calendar_round_the_clock_has_nothing_else(tmp_path: Path) -> None:
    text = TEXT.replace("always = true", "always = true\nclosed = [2026-12-24]", 1)
    assert "[[calendars]] number 2, closed: has no effect where always = true" in str(refused(tmp_path, text))


def test_all_faults_are_shown_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = TEXT.replace("hours = 8 }", "hours = -8 }", 1).replace('"super users"', '"friends"')
    error = refused(tmp_path, text)
    assert [fault.place for fault in error.faults] == [
        "$.severities[0].resolution",
        "$.channels[1].open_to",
        "$.channels[2].open_to",
    ]
    lines = [int(told.split("line ")[1].split(":")[0]) for told in str(error).splitlines()]
    assert [text.splitlines()[line - 1].split(" =")[0] for line in lines] == [
        "resolution",
        "open_to",
        "open_to",
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('version = "1"\nname = \n', 2, "Invalid value"),
        ('version = "1"\nversion = "2"\n', 2, "Cannot overwrite a value"),
        ('version = "1"\nname = """open', 2, "Unterminated string"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    told = str(refused(tmp_path, text))
    assert f"{tmp_path / 'policy.toml'}: is not TOML at line {line}: {reason}" in told


def test_a_file_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"missing\.toml: cannot be read: No such file"):
        load_policy(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(PolicyError, match=r"latin\.toml: is not UTF-8 text: .* at byte 8"):
        load_policy(tmp_path / "latin.toml")


def test_a_file_may_give_holidays_closures_and_exceptions_of_its_own(tmp_path: Path) -> None:
    extra = """
closed = [2026-12-31]
holidays_until = 2030-12-31

[calendars.holidays]
2026-11-25 = "Founders' Day"

[calendars.exceptions]
2026-12-28 = [["10:00", "14:00"]]

[calendars.hours]"""
    policy = load_policy(written(tmp_path, TEXT.replace("\n[calendars.hours]", extra, 1)))
    office = policy.calendar("office")
    assert policy.hours("office").holidays[date(2026, 11, 25)] == "Founders' Day"
    assert policy.hours("office").holidays[date(2026, 12, 25)] == "Christmas Day"
    assert office.known_until == date(2030, 12, 31)
    assert office.is_open(datetime(2026, 12, 28, 11, tzinfo=UTC))
    assert not office.is_open(datetime(2026, 12, 31, 11, tzinfo=UTC))
    assert not office.is_open(datetime(2026, 11, 25, 11, tzinfo=UTC))


def test_holidays_without_a_country_need_an_end(tmp_path: Path) -> None:
    own = '[calendars.holidays]\n2026-12-25 = "Christmas Day"\n\n[calendars.hours]'
    text = TEXT.replace('country = ["GB", "ENG"]', "", 1).replace("[calendars.hours]", own, 1)
    assert "[[calendars]] number 1, holidays: has no end; give the last day" in str(refused(tmp_path, text))


def test_nothing_but_the_loading_of_a_file_imports_the_holidays_library() -> None:
    code = (
        "import sys; from supportdesk.sla import policy, clocks, clock_projection, explain, formatting, policy_checks;"
        "assert not {'holidays', 'tomllib', 'dateutil'} & set(sys.modules), 'imported too soon';"
        "from pathlib import Path; from supportdesk.sla.policy_file import load_policy;"
        "assert 'holidays' not in sys.modules;"
        "load_policy(Path(sys.argv[1])); assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(SHIPPED)], check=True)


def test_a_policy_is_a_value(tmp_path: Path) -> None:
    again: Policy = load_policy(written(tmp_path, TEXT))
    assert again == POLICY
