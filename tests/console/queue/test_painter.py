"""How a row is drawn: figures in their places, nothing wider than the screen, every state told three ways."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from supportdesk.console.queue.clock_cells import STATE_WORDS, age, state_label, targets_line
from supportdesk.console.queue.columns import COLUMN_SPECS, LEFT, columns_for
from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.model import QueueModel
from supportdesk.console.queue.painter import STATE_STYLES, QueuePainter, RowGround
from supportdesk.console.terminal.symbols import NARROW, PLAIN, Symbols, symbols_for
from supportdesk.settings.settings import UserColumn
from supportdesk.sla.clocks import ClockKind, State, epoch
from supportdesk.tickets.escalation.stop import EscalationStop
from tests.console.fixtures.fake_desk import claritum
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.fixtures.queue_rows import SEVERITIES, a_row

BEGAN = epoch(NOW)
COLOURS = {
    "text": "white",
    "quiet": "grey70",
    "faint": "grey50",
    "due-soon": "yellow",
    "at-risk": "dark_orange",
    "breached": "red",
    "alarm": "white on red",
    "alarm-cursor": "white on dark_red",
    "cursor": "on blue",
    "flash": "on grey30",
    "mark": "cyan",
    "heading": "bold",
}


def a_painter(
    width: int, signs: Symbols = NARROW, *own: UserColumn, stop: EscalationStop | None = None
) -> QueuePainter:
    policy = claritum()
    return QueuePainter(
        width,
        lambda role: Style.parse(COLOURS[role]),
        signs,
        {policy.version: policy},
        policy,
        zone=policy.timezone,
        wanted=own,
        name=str.title,
        find_stop={"CD-4C00-W": stop}.get if stop is not None else lambda _ref: None,
    )


def paging_row(
    width: int, seconds: int, *own: UserColumn, stop: EscalationStop | None = None, **how: object
) -> str:
    """The row of a ticket for which Priya has been paged for some seconds, unless something stops that."""
    row = a_row("CD-4C00-W", received_at=BEGAN, summary="No logins", **how)  # type: ignore[arg-type]
    row = msgspec.structs.replace(row, paged=("priya",), page_open=True, paged_since=BEGAN)
    model = QueueModel(SEVERITIES, me="ann")
    model.load([row], BEGAN)
    entry = model.ticket
    assert entry is not None
    return a_painter(width, NARROW, *own, stop=stop).row(entry, BEGAN + seconds, RowGround()).text


def test_a_row_says_who_is_paged_and_for_how_long() -> None:
    assert "paging Priya: No logins" in paging_row(100, 59)
    assert "paging Priya 4 min: No logins" in paging_row(100, 240)
    assert "paging Priya 1 h 5 min: No logins" in paging_row(120, 3900, owner="tom")


def test_a_narrow_row_says_it_in_the_column_of_the_owner_and_before_the_summary() -> None:
    row = paging_row(80, 240)
    assert "Priya 4 min: No" in row
    assert row.rstrip().endswith("paging")
    assert row.count("paging") == 1


def test_a_narrow_row_still_names_the_owner_and_then_not_for_how_long_somebody_is_paged() -> None:
    row = paging_row(80, 240, owner="tom")
    assert "paging Priya: No" in row
    assert row.rstrip().endswith("Tom")


def test_a_row_says_who_acknowledged_as_long_as_that_stops_the_escalation() -> None:
    stop = EscalationStop("karen", BEGAN + 300, is_taken_up=False)
    assert "acknowledged by Karen: No logins" in paging_row(120, 299, stop=stop)
    assert "paging Priya 5 min: No logins" in paging_row(120, 300, stop=stop)


def test_a_narrow_row_says_without_a_name_that_somebody_acknowledged() -> None:
    row = paging_row(80, 240, stop=EscalationStop("karen", BEGAN + 300, is_taken_up=False))
    assert "acknowledged: No" in row
    assert "paging" not in row


def test_a_row_of_a_ticket_that_was_taken_up_names_its_owner_and_nobody_who_is_paged() -> None:
    row = paging_row(100, 240, owner="tom", stop=EscalationStop(None, 0, is_taken_up=True))
    assert "No logins" in row
    assert "paging" not in row
    assert "acknowledged" not in row
    assert row.rstrip().endswith("Tom")


def an_entry(**how: object) -> QueueEntry:
    model = QueueModel(SEVERITIES, me="ann")
    model.load([a_row("CD-4C00-W", received_at=BEGAN, **how)], BEGAN)  # type: ignore[arg-type]
    assert model.ticket is not None
    return model.ticket


def drawn(strip: Strip) -> int:
    """How many cells a strip has in truth."""
    return sum(cell_len(segment.text) for segment in strip)


@given(
    st.integers(60, 240),
    st.text(max_size=80),
    st.text(max_size=40),
    st.builds(RowGround, st.booleans(), st.booleans(), st.booleans()),
)
def test_a_row_is_as_wide_as_the_screen_whatever_it_holds(
    width: int, summary: str, organisation: str, ground: RowGround
) -> None:
    entry = an_entry(summary=summary, organisation=organisation, owner="an owner with a long name")
    strip = a_painter(width).row(entry, BEGAN + 500, ground)
    assert drawn(strip) == width == strip.cell_length


@given(st.integers(60, 240), st.integers(0, 100_000), st.booleans(), st.booleans())
def test_a_heading_is_as_wide_as_the_screen(width: int, count: int, folded: bool, cursor: bool) -> None:
    states = QueueModel(SEVERITIES, me="ann").index.by_severity["low"]
    strip = a_painter(width).heading("low", count, states, epoch(NOW), folded=folded, cursor=cursor)
    assert drawn(strip) == width


@given(st.integers(60, 240))
def test_the_summary_is_never_left_out(width: int) -> None:
    columns = {column.name: column.width for column in columns_for(width)}
    assert columns["summary"] >= 12


OWN = st.lists(
    st.builds(UserColumn, st.sampled_from([*COLUMN_SPECS]), st.none() | st.integers(1, 200)),
    unique_by=lambda column: column.name,
)


@given(st.integers(60, 240), OWN, st.booleans())
def test_a_row_of_ones_own_columns_is_as_wide_as_the_screen(
    width: int, own: list[UserColumn], cursor: bool
) -> None:
    painter = a_painter(width, NARROW, *own)
    assert drawn(painter.row(an_entry(owner="Zoë Quinn"), BEGAN + 500, RowGround(cursor))) == width


def test_own_columns_stand_in_their_order_at_their_widths_behind_the_timer() -> None:
    own = (UserColumn("owner", 12), UserColumn("reference"), UserColumn("timer"), UserColumn("summary", 20))
    placed = [(column.name, column.width) for column in columns_for(120, own)]
    assert placed == [("owner", 12), ("reference", 10), ("summary", 20)]
    text = a_painter(120, NARROW, *own).row(an_entry(owner="sam"), BEGAN, RowGround()).text
    assert text[LEFT:].split() == ["Sam", "CD-4C00-W", "Something", "is", "wrong"]


def test_what_does_not_fit_is_left_out_in_the_order_in_which_it_is_missed_least() -> None:
    own = tuple(UserColumn(name) for name in ("channel", "age", "state", "organisation", "summary", "owner"))

    def shown(width: int) -> list[str]:
        return [column.name for column in columns_for(width, own)]

    assert shown(120) == [column.name for column in own]
    assert shown(76) == ["state", "organisation", "summary", "owner"]
    assert shown(60) == ["state", "summary", "owner"]


def test_every_column_that_one_may_have_tells_something() -> None:
    own = [UserColumn(name) for name in COLUMN_SPECS if name != "summary"]
    entry = an_entry(owner="sam", stage="resolution")
    text = a_painter(240, NARROW, *own).row(entry, BEGAN + 9_500, RowGround()).text
    told = ["resolve", "CD-4C00-W", "Acme Ltd", "Sam", "Jo Park", "User Support", "2 h", "High", "email"]
    assert [word for word in told if word not in text] == []


def test_on_a_narrow_screen_the_states_word_still_tells_which_clock_it_is_of() -> None:
    entry = an_entry()
    assert " resolve " in a_painter(80).row(entry, BEGAN, RowGround()).text
    entry.state = State.AT_RISK
    narrow = a_painter(80).row(entry, BEGAN, RowGround()).text
    assert " at risk " in narrow
    assert " resp at risk " not in narrow
    response = msgspec.structs.replace(entry.row.lead, kind=ClockKind.RESPONSE)
    entry.row = msgspec.structs.replace(entry.row, response=response, resolution=response)
    assert " resp at risk " in a_painter(80).row(entry, BEGAN, RowGround()).text
    assert " respond at risk " in a_painter(120).row(entry, BEGAN, RowGround()).text


@pytest.mark.parametrize("width", [80, 120, 160])
def test_rule_09_a_promise_breached_earlier_shows_the_time_left_in_its_own_colour(width: int) -> None:
    entry = an_entry(target=10_000)
    lowered = msgspec.structs.replace(entry.row.resolution, breached_at=BEGAN + 60)
    row = msgspec.structs.replace(entry.row, resolution=lowered)
    model = QueueModel(SEVERITIES, me="ann")
    model.load([row], BEGAN + 100)
    assert model.ticket is not None
    painter, ticket = a_painter(width), model.ticket
    assert painter.timer(ticket, BEGAN + 100).strip() == "2:45"
    strip = painter.row(ticket, BEGAN + 100, RowGround())
    assert "breached earlier " in strip.text
    assert strip.text[:4] == f" {NARROW.breached}  "
    looks = {segment.text.strip(): segment.style for segment in strip}
    assert looks["✖    2:45"] == Style.parse(COLOURS["text"]) + Style.parse(COLOURS["text"])
    assert looks["breached earlier"] == Style.parse(COLOURS["text"]) + Style.parse(COLOURS["breached"])
    soon = painter.row(ticket, BEGAN + 8_000, RowGround())
    assert "due soon" in soon.text
    assert painter.timer(ticket, BEGAN + 10_060).strip() == "-0:01:00"
    assert "breached earlier" not in painter.row(ticket, BEGAN + 10_060, RowGround()).text


@pytest.mark.parametrize("width", [80, 120, 160])
def test_rule_18_that_nobody_was_paged_is_red_and_that_somebody_is_paged_is_not(width: int) -> None:
    entry = an_entry()
    entry.row = msgspec.structs.replace(entry.row, page_open=True)
    strip = a_painter(width).row(entry, BEGAN, RowGround())
    red = Style.parse(COLOURS["text"]) + Style.parse(COLOURS["breached"])
    told = {segment.text.strip() for segment in strip if segment.style == red}
    assert {"nobody paged:", "nobody"} <= told
    entry.row = msgspec.structs.replace(entry.row, paged=("priya",))
    strip = a_painter(width).row(entry, BEGAN, RowGround())
    assert "nobody" not in strip.text
    assert not any(segment.style == red for segment in strip)


@pytest.mark.parametrize("width", [80, 120, 160])
def test_that_mail_was_not_delivered_is_red_before_the_summary(width: int) -> None:
    entry = an_entry()
    assert "mail" not in a_painter(width).row(entry, BEGAN, RowGround()).text
    entry.row = msgspec.structs.replace(entry.row, is_undelivered=True)
    red = Style.parse(COLOURS["text"]) + Style.parse(COLOURS["breached"])
    strip = a_painter(width).row(entry, BEGAN, RowGround())
    assert "mail undelivered:" in {segment.text.strip() for segment in strip if segment.style == red}


def test_rule_09_a_critical_breached_earlier_does_not_burn_while_it_has_time_left() -> None:
    entry = an_entry(severity="critical", target=10_000)
    lowered = msgspec.structs.replace(entry.row.resolution, breached_at=BEGAN + 60)
    model = QueueModel(SEVERITIES, me="ann")
    model.load([msgspec.structs.replace(entry.row, resolution=lowered)], BEGAN + 100)
    painter, ticket = a_painter(120), model.ticket
    assert ticket is not None
    painter.timer(ticket, BEGAN + 100)
    assert not painter.is_alarm(ticket)
    painter.timer(ticket, BEGAN + 10_060)
    assert painter.is_alarm(ticket)


def test_rule_09_without_a_summary_the_state_says_that_it_was_breached_earlier() -> None:
    entry = an_entry(target=10_000)
    lowered = msgspec.structs.replace(entry.row.resolution, breached_at=BEGAN + 60)
    model = QueueModel(SEVERITIES, me="ann")
    model.load([msgspec.structs.replace(entry.row, resolution=lowered)], BEGAN + 100)
    assert model.ticket is not None
    painter = a_painter(120, NARROW, UserColumn("clock"), UserColumn("state", 16))
    assert "breached earlier" in painter.row(model.ticket, BEGAN + 100, RowGround()).text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "0 min"), (59, "0 min"), (3_599, "59 min"), (3_600, "1 h"), (86_399, "23 h"), (86_400 * 3, "3 d")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, told: str) -> None:
    assert age(seconds) == told


def test_ages_are_drawn_anew_each_minute_only_where_they_are_shown() -> None:
    aged = a_painter(120, NARROW, UserColumn("age"), UserColumn("summary"))
    assert aged.time_key(BEGAN) != aged.time_key(BEGAN + 60)
    assert a_painter(120).time_key(BEGAN) == a_painter(120).time_key(BEGAN + 60)


@given(st.text(st.characters(codec="utf-8", categories=["Cc", "Cf", "Lo", "Lu", "Zl", "Zp"]), max_size=30))
def test_no_control_character_of_a_summary_is_drawn(summary: str) -> None:
    strip = a_painter(120).row(an_entry(summary=summary), BEGAN, RowGround())
    assert strip.text.isprintable()


@pytest.mark.parametrize(
    ("target", "now", "figure"),
    [
        (3_600, 0, "   1:00   "),
        (3_600, 1, "   0:59:59"),
        (3_600, 3_600, "   0:00:00"),
        (3_600, 3_601, "  -0:00:01"),
        (3_600, 7_200, "  -1:00   "),
        (500 * 3_600, 0, " 500:00   "),
        (20_000 * 3_600, 0, "20000:00"),
    ],
)
def test_hours_and_minutes_keep_their_places(target: int, now: int, figure: str) -> None:
    told = a_painter(160).timer(an_entry(target=target), BEGAN + now)
    assert told.rstrip() == figure.rstrip()
    assert len(told) >= len("00000:00")


def test_a_clock_without_a_time_shows_the_day_of_the_fix_or_a_dash() -> None:
    desk = morning_desk()
    figures = {row.ref: row for row in desk.queue().rows}
    painter, now = a_painter(160), epoch(NOW)
    model = QueueModel(SEVERITIES, me="ann")
    model.load(figures.values(), now)
    told = {ref: painter.timer(model.index.entries[ref], now).strip() for ref in ("CD-4C0B-5", "CD-4C08-B")}
    assert told == {"CD-4C0B-5": "fix 9 Dec", "CD-4C08-B": "–"}
    assert painter.timer(model.index.entries["CD-4C0D-1"], now).strip() == "18 Nov"


def test_each_state_that_presses_has_a_sign_a_colour_and_a_word_of_its_own() -> None:
    rows = {}
    for state, now in (
        (State.OK, 0),
        (State.DUE_SOON, 7_600),
        (State.AT_RISK, 9_100),
        (State.BREACHED, 10_001),
    ):
        entry = an_entry()
        entry.state = state
        text = a_painter(120).row(entry, BEGAN + now, RowGround()).text
        rows[state] = (text[1], STATE_STYLES[state], STATE_WORDS.get(state, ""))
        assert STATE_WORDS.get(state, "") in text
    assert len({sign for sign, _, _ in rows.values()}) == len(rows)
    assert len({colour for _, colour, _ in rows.values()}) == len(rows)
    assert len({word for _, _, word in rows.values()}) == len(rows)


def test_a_clock_that_stands_because_its_office_is_closed_says_so() -> None:
    entry = an_entry()
    assert state_label(State.OK, entry.row, out_of_hours=True) == "off hours"
    assert state_label(State.AT_RISK, entry.row, out_of_hours=True) == "at risk"


@pytest.mark.parametrize(
    ("on", "state", "word"),
    [
        ("customer", State.PAUSED, "on hold"),
        ("customer", State.OK, "chase"),
        ("third party", State.OK, "3rd party"),
        ("release", State.OK, "release"),
        ("third party", State.AT_RISK, "at risk"),
    ],
)
def test_a_wait_says_on_what_and_only_a_paused_clock_has_the_sign_of_one(
    on: str, state: State, word: str
) -> None:
    entry = an_entry()
    paused_at = BEGAN if on == "customer" else None
    resolution = msgspec.structs.replace(entry.row.resolution, paused_at=paused_at)
    entry.row = msgspec.structs.replace(entry.row, waiting=on, resolution=resolution)
    entry.state = state
    assert state_label(state, entry.row, out_of_hours=False) == word
    text = a_painter(120).row(entry, BEGAN, RowGround()).text
    assert (text[1] == NARROW.paused) == (state is State.PAUSED)


def test_a_response_that_runs_while_the_resolution_is_on_hold_does_not_say_to_chase() -> None:
    row = an_entry().row
    response = msgspec.structs.replace(row.response, verdict=None, stopped_at=None)
    row = msgspec.structs.replace(row, waiting="customer", response=response)
    assert row.lead.kind is ClockKind.RESPONSE
    assert state_label(State.OK, row, out_of_hours=False) == ""
    assert state_label(State.OK, row, out_of_hours=True) == "off hours"


def test_a_breach_that_wakes_people_burns_and_another_does_not() -> None:
    late = {severity: an_entry(severity=severity, target=1) for severity in ("critical", "high")}
    for entry in late.values():
        entry.state = State.BREACHED
    assert {severity: a_painter(120).is_alarm(entry) for severity, entry in late.items()} == {
        "critical": True,
        "high": False,
    }


def test_a_group_says_what_it_promises() -> None:
    policy = claritum()
    assert [targets_line(policy, severity) for severity in policy.severities] == [
        "respond in 1 h, resolve in 8 h, round the clock",
        "respond in 3 h, resolve in 24 h of office hours",
        "respond in 24 h of office hours, then a workaround and a fix date",
        "respond in 24 h of office hours, then an article, or a workaround and a fix date",
        "respond in 24 h of office hours, then the account manager calls",
    ]


@pytest.mark.parametrize(
    ("term", "encoding", "signs"),
    [
        ("xterm-256color", "utf-8", NARROW),
        ("tmux-256color", "UTF-8", NARROW),
        ("linux", "utf-8", PLAIN),
        ("xterm", "iso-8859-1", PLAIN),
        ("dumb", "utf-8", PLAIN),
    ],
)
def test_a_terminal_without_the_signs_gets_plain_letters(term: str, encoding: str, signs: Symbols) -> None:
    assert symbols_for(term, encoding) is signs


def test_plain_signs_are_plain_letters_and_each_of_a_single_cell() -> None:
    plain = [getattr(PLAIN, name) for name in PLAIN.__struct_fields__]
    assert all(sign.isascii() and len(sign) == 1 for sign in plain)
    assert all(cell_len(getattr(NARROW, name)) == 1 for name in NARROW.__struct_fields__)
    assert a_painter(120, PLAIN).row(an_entry(), BEGAN, RowGround(cursor=True)).text.isascii()
