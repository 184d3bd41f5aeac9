"""Rows of a queue made by hand, with clocks that cross their thresholds when a test says so."""

from __future__ import annotations

from supportdesk.sla.clocks import Course, Kind, State
from supportdesk.store.views import QueueRow

SEVERITIES = (
    ("critical", "Critical"),
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("change", "Change Request"),
)


def running(started_at: int, target: int, kind: Kind = Kind.RESOLUTION) -> Course:
    """A clock that runs round the clock from `started_at`, in seconds."""
    return Course(
        kind=kind,
        calendar="always",
        target=target,
        allowed=target,
        started_at=started_at,
        run_from=started_at,
        carried=0,
        due=started_at + target,
        due_soon_at=started_at + target * 3 // 4,
        at_risk_at=started_at + target * 9 // 10,
        breached_at=started_at + target + 1,
    )


def promised(for_: int) -> Course:
    """A clock without a target, that ends with the day of a release."""
    return Course(
        kind=Kind.RESOLUTION,
        calendar="always",
        target=None,
        allowed=None,
        started_at=0,
        run_from=0,
        carried=0,
        due=for_,
        breached_at=for_ + 1,
        promised=True,
    )


def stopped(kind: Kind, at: int) -> Course:
    """A clock that was met at `at`."""
    return Course(
        kind=kind,
        calendar="always",
        target=3600,
        allowed=3600,
        started_at=at - 600,
        run_from=at,
        carried=600,
        due=at + 3000,
        verdict=State.MET,
        stopped_at=at,
    )


def a_row(
    ref: str,
    severity: str = "high",
    *,
    received_at: int = 0,
    target: int = 10_000,
    stage: str = "resolution",
    owner: str | None = None,
    summary: str = "Something is wrong",
    organisation: str = "Acme Ltd",
    seq: int = 1,
) -> QueueRow:
    """A row whose response has been given, so that the resolution clock leads."""
    done = stage in ("resolved", "closed")
    return QueueRow(
        ref=ref,
        severity=severity,
        stage=stage,
        summary=summary,
        organisation=organisation,
        contact="Jo Park",
        channel="email",
        team="user-support",
        owner=owner,
        owner_name=owner.title() if owner else "",
        received_at=received_at,
        waiting="",
        out_of_policy=False,
        page_open=False,
        rung=0,
        policy="1",
        response=stopped(Kind.RESPONSE, received_at + 600),
        resolution=stopped(Kind.RESOLUTION, received_at + 700) if done else running(received_at, target),
        changed_seq=seq,
    )
