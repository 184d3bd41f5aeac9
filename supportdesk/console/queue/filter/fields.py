"""The fields and the flags of the filter language, with the values that they offer.

`due` is the instant at which the running clock of a ticket is due, by the wall clock: `due:<2h` is what is due
within two hours or is overdue already. `age` counts from when the request was received, nights and holidays too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

import msgspec

from supportdesk.console.queue.filter.conditions import (
    ConditionOf,
    Options,
    age_condition,
    canonical_due,
    canonical_past,
    date_condition,
    due_at,
    due_condition,
    key_condition,
    name_condition,
    owner_condition,
    page_condition,
    policy_condition,
    received_at,
    reference_condition,
    release_condition,
    resolved_at,
    rung_condition,
    stage_condition,
    state_condition,
)
from supportdesk.console.queue.filter.predicates import Attribute, Condition, Marked, Threshold
from supportdesk.console.queue.filter.values import NONE, Value
from supportdesk.console.queue.filter.vocabulary import KeyAndName, Vocabulary
from supportdesk.sla.clocks import BREACHED_EARLIER, State
from supportdesk.tickets.ticket import WAITS, Stage

Canonical = Callable[[Value, Vocabulary], Value]


def _unchanged(value: Value, vocabulary: Vocabulary) -> Value:
    return value


class FilterField(msgspec.Struct, frozen=True):
    """A field: `condition` is what its values mean; it raises BadValueError for one that it does not understand.

    `description` says in a few words what it is about; `options` are values to choose from, with what each stands for.
    `canonical` returns a value so that it keeps its meaning as time passes; it raises BadValueError.
    """

    name: str
    description: str
    condition: ConditionOf
    options: Options
    canonical: Canonical = _unchanged


class Flag(msgspec.Struct, frozen=True):
    """A word that is a condition by itself. `description` says in a few words which."""

    name: str
    description: str
    condition: Condition


_STATES: Sequence[KeyAndName] = [
    *((state.value, state.value) for state in State),
    ("on hold", "on hold"),
    (BREACHED_EARLIER, "breached under an earlier target, in time for the present one"),
]
_STAGES: Sequence[KeyAndName] = [(stage.value, stage.value) for stage in Stage if stage is not Stage.CLOSED]
_POLICY: Sequence[KeyAndName] = [("out", "out of policy"), ("in", "in policy")]
_IS: Sequence[KeyAndName] = [
    ("open", "not resolved"),
    ("resolved", "resolved, not yet closed"),
    ("closed", "the newest 500 closed tickets"),
    ("on-hold", "on hold"),
]
_SOON: Sequence[KeyAndName] = [("<30m", ""), ("<2h", ""), ("<8h", ""), ("<1d", ""), (NONE, "no due time")]
_LONG: Sequence[KeyAndName] = [(">1d", ""), (">3d", ""), (">1w", ""), ("<1h", "")]
_DAYS: Sequence[KeyAndName] = [("today", ""), ("yesterday", ""), (">yesterday", "")]
_RUNGS: Sequence[KeyAndName] = [(">0", "escalated"), ("0", "not escalated")]


NamesOf = Callable[[Vocabulary], Callable[[], Sequence[str]]]


def _key_field(
    name: str, description: str, options: Options, *, mine: str = "", noun: str = ""
) -> FilterField:
    """Return a field whose values are few and known; a ticket's own is the attribute of its row with the same name."""
    condition = key_condition(name, attrgetter(f"row.{name}"), options, mine=mine, noun=noun)
    return FilterField(name, description, condition, options)


def _name_field(name: str, description: str, noun: str, names_of: NamesOf, attribute: str) -> FilterField:
    """Return a field whose values are names; see `name_condition`."""

    def options(vocabulary: Vocabulary) -> Sequence[KeyAndName]:
        return [(each, "") for each in names_of(vocabulary)()]

    return FilterField(name, description, name_condition(name, noun, names_of, attribute), options)


FIELDS: dict[str, FilterField] = {
    field.name: field
    for field in (
        _key_field("severity", "how severe", lambda known: known.severities),
        FilterField(
            "owner",
            "who is responsible",
            owner_condition,
            lambda known: [("me", "yourself"), (NONE, "unassigned"), *known.staff],
        ),
        FilterField("state", "state of its clock", state_condition(_STATES), lambda _: _STATES),
        _name_field("org", "customer", "customer", attrgetter("organisations"), "row.organisation"),
        _key_field("stage", "triage, assignment, resolution …", lambda _: _STAGES),
        FilterField(
            "due",
            "time until it is due, or the day it is due; overdue counts as less",
            due_condition,
            lambda _: _SOON,
            canonical_due,
        ),
        FilterField("age", "time since it was received", age_condition, lambda _: _LONG),
        FilterField(
            "received",
            "day or time received",
            date_condition(received_at),
            lambda _: _DAYS,
            canonical_past,
        ),
        FilterField(
            "resolved",
            "day or time resolved",
            date_condition(resolved_at),
            lambda _: _DAYS,
            canonical_past,
        ),
        _key_field("channel", "how it was received", lambda known: known.channels),
        _key_field("team", "assigned team", lambda known: known.teams, mine="team"),
        _key_field(
            "waiting", "on hold for …", lambda _: [(on, on) for on in WAITS], noun="reason for a hold"
        ),
        _name_field("contact", "who requested it", "contact", attrgetter("contacts"), "row.contact"),
        FilterField(
            "release",
            "release of the promised fix",
            release_condition,
            lambda known: [*known.releases, (NONE, "no fix promised")],
        ),
        FilterField(
            "paged",
            "who was paged and has not acknowledged; none: nobody could be paged",
            page_condition,
            lambda known: [(NONE, "nobody was paged"), ("me", "yourself"), *known.staff],
        ),
        FilterField("policy", "in policy or out of policy", policy_condition(_POLICY), lambda _: _POLICY),
        FilterField("rung", "steps up the escalation ladder", rung_condition, lambda _: _RUNGS),
        FilterField("is", "open, resolved, closed or on hold", stage_condition(_IS), lambda _: _IS),
        FilterField("ref", "part of the reference", reference_condition, lambda _: ()),
    )
}
"""Every field by its name, in the order in which they are suggested."""

FLAGS: dict[str, Flag] = {
    flag.name: flag
    for flag in (
        Flag("overdue", "past its due time", Threshold(due_at, 1, from_then=True)),
        Flag("waiting", "on hold", Attribute(attrgetter("row.waiting"), bool)),
        Flag(
            "paged",
            "paged and not acknowledged",
            Attribute(attrgetter("row.is_paging"), bool),
        ),
        Flag(
            "undelivered",
            "a mail did not reach the customer",
            Attribute(attrgetter("row.is_undelivered"), bool),
        ),
        Flag("promised", "has a promised fix", Attribute(attrgetter("row.resolution.promised"), bool)),
        Flag("marked", "marked tickets", Marked()),
    )
}
"""Every flag by its word, in the order in which they are suggested."""
