"""The lines of a timeline as people read them: a step of the ladder and what it did are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from supportdesk.store.read_models import TimelineEntry
from supportdesk.tickets.events import Assigned, Paged, StepTaken

_STEP = str(StepTaken.__struct_config__.tag)
_EFFECTS = frozenset(str(each.__struct_config__.tag) for each in (Paged, Assigned))


def list_lines(timeline: Iterable[TimelineEntry]) -> Iterator[TimelineEntry]:
    """Yield the entries of a timeline without the steps whose effect, a page or another owner, follows at once.

    The effect names the step's due time as its reason, and is given its remark, that it was late.
    """
    step: TimelineEntry | None = None
    is_told = False
    for entry in timeline:
        if step is not None and entry.event in _EFFECTS and entry.command_seq == step.command_seq:
            yield _with_remark(entry, step)
            is_told = True
            continue
        if step is not None and not is_told:
            yield step
        step, is_told = (entry, False) if entry.event == _STEP else (None, False)
        if step is None:
            yield entry
    if step is not None and not is_told:
        yield step


def _with_remark(entry: TimelineEntry, step: TimelineEntry) -> TimelineEntry:
    if entry.phrase is None or step.phrase is None or not step.phrase.remark:
        return entry
    return replace(entry, phrase=replace(entry.phrase, remark=f"{entry.phrase.remark}{step.phrase.remark}"))
