"""The conditions of the fields: what each makes of its values, of which a ticket has to meet one.

Each raises BadValueError for a value that its field does not understand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.comparisons import is_duration, number_predicate, parse_comparison
from supportdesk.console.queue.filter.errors import BadValueError
from supportdesk.console.queue.filter.name_index import FoldedNames
from supportdesk.console.queue.filter.predicates import (
    AnyOf,
    AtStage,
    Attribute,
    BreachedEarlier,
    Condition,
    Instant,
    InState,
    IsMissing,
    Open,
    Reference,
    Threshold,
)
from supportdesk.console.queue.filter.value_matching import (
    is_me,
    is_nobody,
    is_none,
    keys_only,
    matching_keys,
    matching_names,
)
from supportdesk.console.queue.filter.values import Value
from supportdesk.console.queue.filter.vocabulary import KeyAndName, Vocabulary, unknown
from supportdesk.sla.clocks import BREACHED_EARLIER, State
from supportdesk.tickets import reference
from supportdesk.tickets.ticket import Stage

Values = Sequence[Value]
Options = Callable[[Vocabulary], Sequence[KeyAndName]]
"""The values that a vocabulary offers, with what each stands for."""


ConditionOf = Callable[[Values, Vocabulary], Condition]


def key_condition(
    name: str, read: Callable[[QueueEntry], Any], options: Options, *, mine: str = "", noun: str = ""
) -> ConditionOf:
    """Return the condition of a field whose values are few and known.

    `read` returns a ticket's key; `me` and `mine` stand for the attribute `mine` of the vocabulary.
    `noun` is what a key is called in an error, by default the name.
    """

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        keys = set()
        for value in values:
            own = getattr(vocabulary, mine) if mine else ""
            if own and is_me(value):
                keys.add(own)
            else:
                keys |= matching_keys(name, value, options(vocabulary), noun)
        return Attribute(read, keys.__contains__)

    return condition


def name_condition(
    field: str, noun: str, names_of: Callable[[Vocabulary], Callable[[], Sequence[str]]], attribute: str
) -> ConditionOf:
    """Return the condition of a field whose values are names.

    `noun` is what has such a name, `names_of` returns the names in the queue, and `attribute` is a ticket's own name.
    """

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        names = names_of(vocabulary)()
        known = names if isinstance(names, FoldedNames) else FoldedNames(names)
        for value in values:
            # A name may be on the desk and not in the queue: then all its tickets are closed, or it has none.
            found = None if known.has(value.text) else vocabulary.look_up(field, value.text)
            if found is not None and not found.exists:
                near = [(name, "") for name in (*known, *found.near)]
                raise BadValueError(unknown(noun, value.text, near))
        matchers = [known.matching(value.text) for value in values]
        return Attribute(attrgetter(attribute), lambda name: any(matches((name,)) for matches in matchers))

    return condition


def state_condition(options: Sequence[KeyAndName]) -> ConditionOf:
    """Return the condition on the state of a ticket's leading clock; `options` are the states."""

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        keys = set().union(*(matching_keys("state", value, keys_only(options)) for value in values))
        states = InState(tuple(state for state in State if state in keys))
        others = [condition for key, condition in _FURTHER_STATES.items() if key in keys]
        return AnyOf((states, *others)) if others else states

    return condition


_ON_HOLD = Attribute(attrgetter("row.waiting"), bool)
_FURTHER_STATES: dict[str, Condition] = {BREACHED_EARLIER: BreachedEarlier(), "on hold": _ON_HOLD}
"""What `state:` understands besides the states of a clock; `paused` is only a hold for the customer."""


def policy_condition(options: Sequence[KeyAndName]) -> ConditionOf:
    """Return the condition that a ticket is in or out of policy; `options` are `in` and `out`."""

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        keys = set().union(*(matching_keys("policy", value, keys_only(options)) for value in values))
        return Attribute(attrgetter("row.out_of_policy"), lambda out: ("out" if out else "in") in keys)

    return condition


def stage_condition(options: Sequence[KeyAndName]) -> ConditionOf:
    """Return the condition that a ticket is open, resolved, closed or on hold; `options` are these four."""

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        keys = set().union(
            *(matching_keys("is", value, keys_only(options), "value of is:") for value in values)
        )
        return _any_of([_STAGES[key] for key in sorted(keys)])

    return condition


_STAGES: dict[str, Condition] = {
    "open": Open(open=True),
    "resolved": AtStage(Stage.RESOLVED),
    "closed": AtStage(Stage.CLOSED),
    "on-hold": _ON_HOLD,
}


def owner_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition that a ticket has one of these owners, or none."""
    known = [*vocabulary.staff, *vocabulary.former]
    wanted = {vocabulary.me for value in values if is_me(value) and vocabulary.me}
    matchers = [
        matching_names("owner", value, known)
        for value in values
        if not is_nobody(value) and not (is_me(value) and wanted)
    ]

    def accepts(owner: tuple[str | None, str]) -> bool:
        username, name = owner
        if username is None:
            return any(map(is_nobody, values))
        return username in wanted or any(matches((username, name)) for matches in matchers)

    return Attribute(attrgetter("row.owner", "row.owner_name"), accepts)


def page_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition that one of these people has an open page; `none`: nobody could be paged (rule 18)."""
    known = [*vocabulary.staff, *vocabulary.former]
    names = dict(known)
    matchers = [
        matching_names("member of staff", value, known)
        for value in values
        if not is_nobody(value) and not (is_me(value) and vocabulary.me)
    ]
    mine = vocabulary.me if any(is_me(value) for value in values) else None

    def accepts(page: tuple[bool, tuple[str, ...]]) -> bool:
        is_open, people = page
        if not is_open:
            return False
        if not people:
            return any(map(is_nobody, values))
        return any(
            person == mine or any(matches((person, names.get(person, person))) for matches in matchers)
            for person in people
        )

    return Attribute(attrgetter("row.is_paging", "row.paged"), accepts)


def release_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition that a fix is promised in one of these releases, or in none."""
    matchers = [
        matching_names("release", value, vocabulary.releases) for value in values if not is_none(value)
    ]

    def accepts(release: str | None) -> bool:
        if release is None:
            return any(map(is_none, values))
        return any(matches((release,)) for matches in matchers)

    return Attribute(attrgetter("row.release"), accepts)


def rung_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition on the number of rungs that a ticket has been escalated: `0`, `>0`."""
    compared = [number_predicate(value.text, "rung:>0") for value in values]
    return Attribute(attrgetter("row.rung"), lambda rung: any(holds(rung) for holds in compared))


def reference_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition that a ticket's reference contains one of these parts."""
    parts = [part for text, _ in values for part in (text.replace("-", ""), reference.typed_part(text))]
    return Reference(tuple(filter(None, parts)))


def due_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition on when a ticket is due: within a duration, at a time, or never."""
    return _any_of([_due_by(value, vocabulary) for value in values])


def _due_by(value: Value, vocabulary: Vocabulary) -> Condition:
    if is_none(value):
        return IsMissing(due_at)
    if not is_duration(value.text):
        return _between(due_at, value, vocabulary)
    compared, seconds = parse_comparison(value.text, "due:<2h")
    # `due:<2h` begins to hold a second after there are two hours left, and `due:<=2h` with that second.
    return Threshold(due_at, int(compared in ("<", ">=")) - seconds, from_then=compared in ("<", "<="))


def canonical_due(value: Value, vocabulary: Vocabulary) -> Value:
    """Return a value of `due` so that it keeps its meaning as time passes. Raises BadValueError."""
    if is_none(value):
        return value
    if is_duration(value.text):
        parse_comparison(value.text, "due:<2h")
        return value
    if value.text in ("soon", State.DUE_SOON):
        raise BadValueError('did you mean state:"due soon"? For a time type due:<2h')
    return _canonical(value, vocabulary, "future")


def age_condition(values: Values, vocabulary: Vocabulary) -> Condition:
    """Return the condition on the time since a request was received."""
    return _any_of([_age_over(value.text) for value in values])


def _age_over(value: str) -> Condition:
    compared, seconds = parse_comparison(value, "age:>3d")
    return Threshold(received_at, seconds + int(compared in (">", "<=")), from_then=compared in (">", ">="))


def date_condition(instant: Instant) -> ConditionOf:
    """Return the condition that an instant of a ticket lies on these days, or before or after them."""
    return lambda values, vocabulary: _any_of([_between(instant, value, vocabulary) for value in values])


def canonical_past(value: Value, vocabulary: Vocabulary) -> Value:
    """Return a past day or time so that it keeps its meaning as time passes. Raises BadValueError."""
    return _canonical(value, vocabulary, "past")


# What reads dates is imported when first needed: no view of the first frame has a date in it.


def _between(instant: Instant, value: Value, vocabulary: Vocabulary) -> Condition:
    from supportdesk.console.queue.filter.dates import between

    return between(instant, value, vocabulary)


def _canonical(value: Value, vocabulary: Vocabulary, direction: str) -> Value:
    from supportdesk.console.queue.filter.dates import canonical_date

    return canonical_date(value, vocabulary, direction)


def _any_of(conditions: Sequence[Condition]) -> Condition:
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def due_at(entry: QueueEntry) -> int | None:
    """Return when a ticket's running clock is due, in epoch seconds; None where none has a due time."""
    lead = entry.row.lead
    return None if lead.verdict is not None else lead.due


def received_at(entry: QueueEntry) -> int:
    """Return when the request was received, in epoch seconds."""
    return entry.row.received_at


def resolved_at(entry: QueueEntry) -> int | None:
    """Return when the ticket was resolved, in epoch seconds; None for an open one."""
    return None if entry.is_open else entry.row.resolution.stopped_at
