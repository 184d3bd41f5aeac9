"""How a figure came about: the sum comes out, and it can be read out to a customer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk import resources
from supportdesk.sla import clocks
from supportdesk.sla.clock_projection import project_clock
from supportdesk.sla.clocks import Basis, ClockKind, Gap, State, Verdict, epoch, instant
from supportdesk.sla.explain import LONG, Explanation, ExplanationLine, explain
from supportdesk.sla.policy_file import load_policy
from tests.sla.test_clocks import AHEAD, Happened, happenings

POLICY = load_policy(resources.data_path("policies/claritum.toml"))


def december(day: int, hour: int = 8, minute: int = 0, second: int = 0) -> datetime:
    """An instant in December 2026, when London's wall clock shows UTC; the 21st is a Monday."""
    return datetime(2026, 12, day, hour, minute, second, tzinfo=UTC)


def explanation(
    severity: str, start: datetime, now: datetime, kind: ClockKind = ClockKind.RESOLUTION, *gaps: Gap
) -> Explanation:
    return explain(POLICY, kind, Basis(severity, start), now, gaps=gaps)


def explained(happened: Happened, now: int, verdict: Verdict | None = None) -> Explanation:
    return explain(POLICY, happened.kind, happened.basis, instant(now), gaps=happened.gaps, verdict=verdict)


@given(happenings(), AHEAD)
def test_the_sum_is_the_figure_that_the_clock_shows(happened: Happened, ahead: int) -> None:
    now = happened.last + ahead
    lines = explained(happened, now).lines
    elapsed = clocks.elapsed_at(happened.clock, now, happened.calendar)
    assert sum(line.counted for line in lines) == elapsed
    assert (lines[-1].total if lines else 0) == elapsed


@given(happenings(), AHEAD, st.integers(0, 400 * 86_400))
def test_the_sum_of_a_stopped_clock_is_its_verdicts_whenever_it_is_asked(
    happened: Happened, ahead: int, later: int
) -> None:
    at = happened.last + ahead
    verdict = clocks.stop(happened.clock, at, happened.calendar)
    lines = explained(happened, at + later, verdict).lines
    assert (lines[-1].total if lines else 0) == verdict.elapsed
    assert not lines or lines[-1].ended == verdict.at


@given(happenings(), AHEAD)
def test_lines_follow_one_another_without_a_hole_to_the_present(happened: Happened, ahead: int) -> None:
    now = happened.last + ahead
    lines = explained(happened, now).lines
    if lines:
        assert (lines[0].began, lines[-1].ended) == (happened.basis.start, instant(now))
    for one, following in pairwise(lines):
        assert one.ended == following.began
        assert following.total == one.total + following.counted
    for line in lines:
        assert (line.counted > 0) == line.what.startswith(("counted", "already over"))


@given(happenings(), AHEAD)
def test_an_explanation_fits_eighty_columns_and_shows_every_line(happened: Happened, ahead: int) -> None:
    found = explained(happened, happened.last + ahead)
    text = found.text()
    assert all(len(line) <= 80 for line in text.splitlines())
    for line in found.lines:
        assert line.what.split(",")[0].split(":")[0] in text


def test_a_weekend_with_holidays_is_one_line_that_names_them() -> None:
    lines = explanation("high", december(24, 17), december(29, 9)).lines
    assert [(line.what, line.counted) for line in lines] == [
        ("counted", 3600),
        ("closed: holiday Christmas Day, holiday Boxing Day, weekend, holiday Boxing Day (observed)", 0),
        ("counted", 3600),
    ]
    assert (lines[1].began, lines[1].ended) == (december(24, 18), december(29, 8))


def test_a_night_and_a_weekend_are_distinguished() -> None:
    lines = explanation("high", december(17, 17), december(21, 9)).lines
    assert [line.what for line in lines] == ["counted", "closed", "counted", "closed: weekend", "counted"]


def test_a_clock_that_began_and_stands_within_a_holiday_says_so() -> None:
    (only,) = explanation("high", december(25, 10), december(25, 11)).lines
    assert (only.what, only.counted, only.total) == ("closed: holiday Christmas Day", 0, 0)


def test_a_day_that_has_only_just_begun_is_not_named() -> None:
    (_, closed) = explanation("high", december(24, 17), december(25, 0)).lines
    assert (closed.what, closed.ended) == ("closed", december(25, 0))


def test_a_clock_is_due_to_the_second_and_was_due_after_it() -> None:
    assert (
        "It is due Mon 21 Dec 2026 09:00 GMT."
        in explanation("critical", december(21), december(21, 9), ClockKind.RESPONSE).verdict
    )
    later = explanation("critical", december(21), december(21, 9, 0, 1), ClockKind.RESPONSE)
    assert "It was due Mon 21 Dec 2026 09:00 GMT." in later.verdict


def test_a_raised_clock_says_which_of_the_two_targets_holds() -> None:
    def heading(ceiling: datetime) -> str:
        return explain(
            POLICY, ClockKind.RESPONSE, Basis("critical", december(21), ceiling=ceiling), december(21)
        ).heading

    assert "but no later than the old due time, Mon 21 Dec 2026 08:59 GMT." in heading(december(21, 8, 59))
    assert "the new target ends no later than the old due time, Mon 21 Dec 2026 09:00 GMT." in heading(
        december(21, 9)
    )
    assert "when it was at its end; it stays due Mon 21 Dec 2026 08:00 GMT." in heading(december(21))


def test_an_explanation_is_laid_out_to_be_read_out() -> None:
    text = explanation(
        "high",
        december(23, 16, 30),
        december(29, 9),
        ClockKind.RESOLUTION,
        Gap(december(24, 9), december(24, 10), True),
    ).text()
    assert (
        text
        == """\
Resolution of a High: 24 h of office hours, from Wed 23 Dec 2026 16:30 GMT.

from                                                           counted    so far
Wed 23 Dec 16:30 GMT  counted                                  1:30:00   1:30:00
Wed 23 Dec 18:00 GMT  closed
Thu 24 Dec 08:00 GMT  counted                                  1:00:00   2:30:00
Thu 24 Dec 09:00 GMT  on hold for the customer
Thu 24 Dec 10:00 GMT  counted                                  8:00:00  10:30:00
Thu 24 Dec 18:00 GMT  closed: holiday Christmas Day, holiday
                      Boxing Day, weekend, holiday Boxing
                      Day (observed)
Tue 29 Dec 08:00 GMT  counted                                  1:00:00  11:30:00
Tue 29 Dec 09:00 GMT  now                                               11:30:00

11 hours 30 minutes of 24 hours used, 12 hours 30 minutes left: on track. It is
due Wed 30 Dec 2026 11:30 GMT."""
    )


def test_seconds_stand_on_every_line_as_soon_as_one_has_some_and_a_new_year_is_named() -> None:
    text = explanation("critical", december(31, 23, 0, 7), december(31, 23) + timedelta(hours=3)).text()
    assert "Thu 31 Dec 23:00:07 GMT       counted" in text
    assert re.search(r"Fri  1 Jan 2027 02:00:00 GMT  now +2:59:53", text)


def test_a_clock_over_many_weeks_shows_each_week_in_one_line() -> None:
    found = explanation("high", datetime(2026, 9, 1, 20, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC))
    assert len(found.lines) < LONG
    weeks = [line for line in found.lines if line.what == "counted, 5 openings"]
    assert weeks[0] == ExplanationLine(
        datetime(2026, 9, 7, 7, tzinfo=UTC),
        datetime(2026, 9, 11, 17, tzinfo=UTC),
        "counted, 5 openings",
        180_000,
        288_000,
    )
    assert "closed: weekend" in {line.what for line in found.lines}


def test_a_paused_clock_says_what_is_left_and_until_when_it_is_stopped() -> None:
    found = explanation(
        "high", december(21), december(22), ClockKind.RESOLUTION, Gap(december(21, 10), None, True)
    )
    assert found.lines[-1].what == "on hold for the customer"
    assert found.verdict == (
        "2 hours of 24 hours used, 22 hours left: on hold. On hold for the customer; the clock resumes "
        "Wed 30 Dec 2026 10:00 GMT at the latest, after 50 h of office hours."
    )


def test_a_breached_clock_says_by_how_much_and_since_when() -> None:
    found = explanation("critical", december(21), december(21, 9, 12, 31), ClockKind.RESPONSE)
    assert found.verdict == (
        "1 hour 12 minutes 31 seconds of 1 hour used, 12 minutes 31 seconds over: breached. "
        "It was due Mon 21 Dec 2026 09:00 GMT."
    )


def test_a_clock_that_stands_while_closed_says_when_it_continues() -> None:
    found = explanation("high", december(24, 17), december(26), ClockKind.RESPONSE)
    assert found.verdict.endswith("The clock is stopped now, and resumes Tue 29 Dec 2026 08:00 GMT.")


def test_a_stopped_clock_shows_its_verdict_and_that_it_stays() -> None:
    basis = Basis("high", december(21))
    clock = project_clock(POLICY, ClockKind.RESPONSE, basis)
    verdict = clocks.stop(clock, epoch(december(21, 9)), POLICY.calendar("office"))
    found = explain(POLICY, ClockKind.RESPONSE, basis, december(30), verdict=verdict)
    assert found.end == "stopped: met"
    assert found.verdict == (
        "Met Mon 21 Dec 2026 09:00 GMT: 1 hour of 3 hours used, 2 hours left. It was due Mon 21 Dec 2026 11:00 GMT. "
        "This result is final."
    )
    void = explain(
        POLICY, ClockKind.RESPONSE, basis, december(30), verdict=replace(verdict, state=State.VOID)
    )
    assert void.verdict == "It ended Mon 21 Dec 2026 09:00 GMT without a result, after 1 hour."


def test_a_promise_without_a_time_shows_the_step_and_the_fix_date() -> None:
    open_ended = explanation("medium", december(21), december(21, 9))
    assert open_ended.heading == (
        "Resolution of a Medium: A workaround is proposed and a target fix date is set: the date of the next release. "
        "Counted in office hours, from Mon 21 Dec 2026 08:00 GMT."
    )
    assert open_ended.verdict == "It has no time limit, and no fix is promised yet: 1 hour so far."
    basis, day = Basis("medium", december(21)), date(2026, 12, 30)
    promised = explain(POLICY, ClockKind.RESOLUTION, basis, december(21, 9), fix_day=day)
    assert (
        promised.verdict == "The fix is promised for Wed 30 Dec 2026, to the end of that day: 1 hour so far."
    )
    clock = project_clock(POLICY, ClockKind.RESOLUTION, basis, fix_day=day)
    verdict = clocks.stop(clock, epoch(december(21, 9)), POLICY.calendar("office"))
    met = explain(POLICY, ClockKind.RESOLUTION, basis, december(30), verdict=verdict, fix_day=day)
    assert met.verdict.startswith(
        "Met Mon 21 Dec 2026 09:00 GMT, after 1 hour. It was due Wed 30 Dec 2026 23:59:59 GMT."
    )


def test_what_was_over_before_the_severity_was_raised_stands_first_in_the_sum() -> None:
    basis = Basis("critical", december(21, 12), ceiling=december(21, 11), overrun=3600)
    found = explain(POLICY, ClockKind.RESPONSE, basis, december(21, 12, 10))
    assert [(line.what, line.counted, line.total) for line in found.lines] == [
        ("already over at that time", 3600, 3600),
        ("counted", 600, 4200),
    ]
    assert "when it was 1 hour over; it stays due Mon 21 Dec 2026 11:00 GMT." in found.heading
    assert found.verdict.startswith("1 hour 10 minutes over: breached.")


def test_what_happened_after_a_verdict_is_no_part_of_its_explanation() -> None:
    basis, stopped = Basis("high", december(21)), december(21, 10)
    clock = project_clock(POLICY, ClockKind.RESOLUTION, basis)
    verdict = clocks.stop(clock, epoch(stopped), POLICY.calendar("office"))
    later = (Gap(stopped, None, capped=False), Gap(december(22), december(23), capped=True))
    found = explain(POLICY, ClockKind.RESOLUTION, basis, december(30), gaps=later, verdict=verdict)
    assert [line.what for line in found.lines] == ["counted"]
