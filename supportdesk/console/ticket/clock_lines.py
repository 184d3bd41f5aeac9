"""The two clocks of a ticket, as its page tells them: where each stands, and a bar for the one that leads."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.clock_words import NAMES, standing
from supportdesk.console.ticket.known import Known, Paper
from supportdesk.sla import words
from supportdesk.sla.clocks import Course, State, instant, read, state_at

BAR = 24
ROLES = {
    State.DUE_SOON: "due-soon",
    State.AT_RISK: "at-risk",
    State.BREACHED: "breached",
    State.MISSED: "breached",
    State.MET: "met",
    State.PAUSED: "quiet",
    State.VOID: "quiet",
}
LABEL = 9


def clock_lines(known: Known, paper: Paper) -> list[Content]:
    """Both clocks, and the bar; always as many lines, so that a tick can draw these alone."""
    row = known.row
    told = [_line(course, known, paper) for course in (row.response, row.resolution)]
    return [*told, _bar(row.lead, known, paper)]


def _line(course: Course, known: Known, paper: Paper) -> Content:
    state = state_at(course, paper.now)
    role = ROLES.get(state, "text")
    label = Content.styled(NAMES[course.kind].ljust(LABEL), paper.look("quiet"))
    text = _verdict(course) if course.verdict else standing(course, known.policy, instant(paper.now))
    late = ", late when raised" if course.late_when_raised else ""
    line = label + Content.styled(f"{text}{late}", paper.look(role))
    return line.truncate(paper.width, ellipsis=True)


def _verdict(course: Course) -> str:
    if course.allowed is None or course.verdict is State.VOID:
        return str(course.verdict)
    return f"{course.verdict} in {words.duration(course.carried)} of {words.amount(course.allowed)}"


def _bar(course: Course, known: Known, paper: Paper) -> Content:
    reading = read(course, paper.now, known.policy.calendar(course.calendar))
    percent = reading.percent
    if percent is None or course.verdict is not None:
        return Content()
    filled = min(BAR, percent * BAR // 100)
    role = ROLES.get(reading.state, "quiet")
    signs, rest = paper.signs, BAR - filled
    return Content.assemble(
        " " * LABEL,
        (signs.full * filled, paper.look(role)),
        (signs.empty * rest, paper.look("faint")),
        (f" {percent} %", paper.look(role)),
    )
