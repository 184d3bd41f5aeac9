"""Resolution: the owner works on the ticket, or it is on hold, until the severity's target is met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.clock_projection import find_opening_on
from supportdesk.sla.clocks import ClockKind, epoch
from supportdesk.sla.formatting import dated, full_day
from supportdesk.sla.policy import (
    ACCOUNT_MANAGER,
    ARTICLE,
    FIX,
    FIX_DATE,
    RESTORED,
    WORKAROUND,
    Severity,
)
from supportdesk.tickets import remedies
from supportdesk.tickets.command import EVERYBODY, ArgumentType, Decision, TicketCommand, argument, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.events import (
    AccountManagerContacted,
    ArticleLinked,
    ClockStopped,
    FixPromised,
    HoldDayChanged,
    Resolved,
    TicketEvent,
    WaitBegan,
    WaitEnded,
    WorkaroundProposed,
)
from supportdesk.tickets.housekeeping.holds import find_end_of_hold
from supportdesk.tickets.process.assignment import claim_if_unowned
from supportdesk.tickets.process.conversation import counts_as_response, stop_response_clock, why_no_response
from supportdesk.tickets.process.paging import refuse_ending_page
from supportdesk.tickets.process.teams import team_names
from supportdesk.tickets.promises import compute_verdict, find_breach_of_fix_date, find_overdue_since
from supportdesk.tickets.refusal import Refusal, Remedy, either
from supportdesk.tickets.resolution_steps import find_missing_steps, find_steps_taken, find_way_completed
from supportdesk.tickets.ticket import CUSTOMER, HOLDS, RELEASE, WAITS, Ticket

LONGEST_HOLD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wait(TicketCommand):
    """Put the ticket on hold for the customer, a third party or a release."""

    tag = "Wait"
    verb = "wait"
    title = "Put on hold"
    needs = EVERYBODY

    on: str = argument("what it is on hold for", choices=WAITS, default=CUSTOMER)
    reason: str = argument("what is expected from them", default="")
    until: date | None = argument(
        "the day on which the hold ends by itself, at its opening",
        value_type=ArgumentType.DAY,
        default=None,
        later=True,
    )


@dataclass(frozen=True, slots=True)
class Resume(TicketCommand):
    """Take the ticket off hold."""

    tag = "Resume"
    verb = "resume"
    title = "Resume"
    needs = EVERYBODY

    reason: str = argument("what has arrived", default="")


@dataclass(frozen=True, slots=True)
class ProposeWorkaround(TicketCommand):
    """Propose a workaround to the customer."""

    tag = "ProposeWorkaround"
    verb = "workaround"
    title = "Propose a workaround"
    needs = EVERYBODY

    text: str = argument("how the customer can work on until the fix", value_type=ArgumentType.TEXT)


@dataclass(frozen=True, slots=True)
class PromiseFix(TicketCommand):
    """Promise a fix in a release; its date is the target fix date."""

    tag = "PromiseFix"
    verb = "fix"
    title = "Promise a fix date"
    needs = EVERYBODY

    release: str = argument("the release that will contain the fix", value_type=ArgumentType.RELEASE)


@dataclass(frozen=True, slots=True)
class LinkArticle(TicketCommand):
    """Link an article that answers the ticket."""

    tag = "LinkArticle"
    verb = "article"
    title = "Link an article"
    needs = EVERYBODY

    article: str = argument("the article that helps", value_type=ArgumentType.ARTICLE)


@dataclass(frozen=True, slots=True)
class RecordContact(TicketCommand):
    """Record that the account manager discussed the next steps with the customer."""

    tag = "RecordContact"
    verb = "contacted"
    title = "Record account manager's contact"
    needs = frozenset({Role.ACCOUNT_MANAGER, Role.SUPERVISOR})
    reads_customer = True

    text: str = argument("what was agreed", value_type=ArgumentType.TEXT)


@dataclass(frozen=True, slots=True)
class Resolve(TicketCommand):
    """Resolve the ticket and tell the customer."""

    tag = "Resolve"
    verb = "resolve"
    title = "Resolve"
    needs = EVERYBODY
    asks_first = True

    text: str = argument("what you tell the customer", value_type=ArgumentType.TEXT)
    how: str = argument(
        "how it was resolved: service restored, or a fix delivered", choices=(RESTORED, FIX), default=RESTORED
    )


def stop_resolution_clock(case: DecisionContext) -> list[TicketEvent]:
    """Return the end of the resolution clock; nothing where it has already stopped."""
    if case.ticket.resolution_verdict is not None:
        return []
    return [
        ClockStopped(
            ClockKind.RESOLUTION, compute_verdict(case.policy, case.ticket, ClockKind.RESOLUTION, case.now)
        )
    ]


@rule_for(Wait)
def wait(case: DecisionContext, command: Wait) -> Decision:
    """A hold for the customer needs a question to them since the last such hold (rule 6).

    One that goes on for the same reason can only get another day on which it ends.
    """
    ticket = case.ticket
    current = ticket.waiting
    if command.until is not None and (refusal := _refuse_day(case, command.until)) is not None:
        return refusal
    if current is not None and current.on == command.on:
        if command.until is None or command.until == current.until:
            until = f" until {full_day(current.until)}" if current.until is not None else ""
            return Refusal(
                f"it is already on hold for {HOLDS[current.on]}{until}",
                either(remedies.RESUME, remedies.HOLD_UNTIL_ANOTHER_DAY),
            )
        ends = find_end_of_hold(case.policy, current)
        if ends is not None and ends <= epoch(case.now):
            assert current.until is not None
            over = f"it was on hold until {full_day(current.until)}, and that is over"
            return Refusal(over, either(remedies.TAKE_OFF_HOLD_FIRST))
        return [HoldDayChanged(command.until, command.reason)]
    if command.on == CUSTOMER and not _has_asked_customer(ticket):
        since = "since it was last on hold" if ticket.last_reply_at is not None else "yet"
        return Refusal(f"the customer has not been asked anything {since}", either(remedies.ASK_FIRST))
    if command.on == RELEASE and ticket.fix is None:
        return Refusal("no fix is promised in a release yet", either(remedies.PROMISE_FIX))
    ended: list[TicketEvent] = [WaitEnded(f"now on hold for {HOLDS[command.on]}")] if current else []
    return [*claim_if_unowned(case), *ended, WaitBegan(command.on, command.reason, command.until)]


def _refuse_day(case: DecisionContext, day: date) -> Refusal | None:
    """Return why a hold cannot end on a day; None where it can."""
    today = case.now.astimezone(ZoneInfo(case.policy.timezone)).date()
    if day > today + LONGEST_HOLD:
        return Refusal(f"{full_day(day)} is over a year away", either(remedies.EARLIER_DAY))
    try:
        begun = day < today or find_opening_on(case.policy, day) <= epoch(case.now)
    except CalendarError as error:
        return Refusal(f"it cannot be on hold until {full_day(day)}: {error}")
    return Refusal(f"{full_day(day)} has begun", either(remedies.LATER_DAY)) if begun else None


def _has_asked_customer(ticket: Ticket) -> bool:
    ends = [wait.ended for wait in ticket.waits if wait.on == CUSTOMER and wait.ended is not None]
    since = max(ends, default=ticket.received_at)
    return ticket.last_reply_at is not None and ticket.last_reply_at >= since


@rule_for(Resume)
def resume(case: DecisionContext, command: Resume) -> Decision:
    """Work continues, and the clock resumes (rule 6)."""
    if case.ticket.waiting is None:
        return Refusal("this ticket is not on hold", either(remedies.HOLD))
    return [WaitEnded(command.reason)]


@rule_for(ProposeWorkaround)
def propose_workaround(case: DecisionContext, command: ProposeWorkaround) -> Decision:
    """A workaround counts as a message to the customer (rule 3)."""
    if not command.text.strip():
        return Refusal("say what the workaround is")
    return [
        *claim_if_unowned(case, replying=True),
        WorkaroundProposed(command.text, why_no_response(case)),
        *stop_response_clock(case),
    ]


@rule_for(PromiseFix)
def promise_fix(case: DecisionContext, command: PromiseFix) -> Decision:
    """Only in a release that is still to come; a new promise visibly replaces an earlier one (rule 5)."""
    release = case.records.releases.get(command.release)
    if release is None:
        return Refusal(
            f"there is no release {command.release!r}",
            either(Remedy("choose one that is planned"), remedies.ADD_RELEASE),
        )
    if release.shipped_at is not None:
        return Refusal(
            f"{release.key} has shipped", either(remedies.PROMISE_ANOTHER_FIX, remedies.ADD_RELEASE)
        )
    if find_overdue_since(case.policy, release.day, case.now) is not None:
        return Refusal(
            f"{release.key} was due on {dated(release.day)}",
            either(remedies.MOVE_RELEASE, remedies.PROMISE_ANOTHER_FIX),
        )
    fix = case.ticket.fix
    if fix is not None and fix.release == release.key:
        return Refusal(f"a fix in {release.key} is already promised", either(remedies.PROMISE_ANOTHER_FIX))
    return [
        *claim_if_unowned(case),
        FixPromised(release.key, release.day, find_breach_of_fix_date(case.policy, case.ticket, case.now)),
    ]


@rule_for(LinkArticle)
def link_article(case: DecisionContext, command: LinkArticle) -> Decision:
    """An article is linked once."""
    article = case.records.articles.get(command.article)
    if article is None:
        return Refusal(f"there is no article {command.article!r}", either(remedies.ADD_ARTICLE))
    if article.key in case.ticket.articles:
        return Refusal(f"article {article.key} is already linked", either(remedies.SEND_ARTICLE))
    return [*claim_if_unowned(case), ArticleLinked(article.key, article.title)]


@rule_for(RecordContact)
def record_contact(case: DecisionContext, command: RecordContact) -> Decision:
    """By an account manager, or by a supervisor on behalf of the customer's account manager."""
    if not command.text.strip():
        return Refusal("say what was agreed with the customer")
    manager = case.actor.name
    if Role.ACCOUNT_MANAGER not in case.actor.roles:
        organisation = case.records.organisations.get(case.ticket.organisation)
        if organisation is None or organisation.account_manager is None:
            return Refusal("the customer has no account manager", either(remedies.NAME_ACCOUNT_MANAGER))
        manager = case.records.name(organisation.account_manager)
    return [AccountManagerContacted(manager, command.text, why_no_response(case)), *stop_response_clock(case)]


_STEP_REMEDIES = {
    RESTORED: remedies.SERVICE_RESTORED,
    FIX: remedies.FIX,
    WORKAROUND: remedies.WORKAROUND,
    FIX_DATE: remedies.FIX_DATE,
    ARTICLE: remedies.ARTICLE,
    ACCOUNT_MANAGER: remedies.ACCOUNT_MANAGER,
}


def refuse_for_missing_steps(severity: Severity, done: set[str], why: str = "Still missing") -> Refusal:
    """Return the refusal that lists the missing steps, each with the command for it."""
    ways = tuple(tuple(_STEP_REMEDIES[step] for step in way) for way in find_missing_steps(severity, done))
    return Refusal(why, ways, separator=": ")


@rule_for(Resolve)
def resolve(case: DecisionContext, command: Resolve) -> Decision:
    """A change of status is not enough: the target must be met and the customer informed (rule 4)."""
    ticket, severity = case.ticket, case.policy.severity(case.ticket.severity)
    if not command.text.strip():
        return Refusal("say what you tell the customer")
    done = find_steps_taken(ticket)
    if severity.steps & {RESTORED, FIX}:
        done.add(command.how)
    elif command.how == FIX:
        return refuse_for_missing_steps(
            severity, done, f"{severity.name} is not resolved by a fix. Still missing"
        )
    way = find_way_completed(severity, done)
    if way is None:
        return refuse_for_missing_steps(severity, done)
    if ticket.response_verdict is None and not counts_as_response(case):
        teams = team_names(case, severity.answered_by)
        return Refusal(
            f"{teams} has not responded to the customer yet",
            either(Remedy("one of them replies first", "reply"), Remedy("change the severity", "severity")),
        )
    if (refusal := refuse_ending_page(case)) is not None:
        return refusal
    pending = FIX_DATE in way and ticket.fix is not None and ticket.fix.shipped_at is None
    by_fix = WORKAROUND in way and not ticket.workaround
    return [
        *claim_if_unowned(case, replying=True),
        *([WaitEnded("resolved")] if ticket.waiting else []),
        *stop_response_clock(case),
        *([] if pending else stop_resolution_clock(case)),
        Resolved(FIX if by_fix else " and ".join(way), command.text),
    ]
