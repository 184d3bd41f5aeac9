"""The processor's time of a scripted command, beside that of importing the libraries that every command needs.

Each figure is user and system time together, in milliseconds: the median of some runs, in which the programs take
turns, so that a busy moment of the machine meets all of them.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.starting import TREE

TURNS = 15
TICKETS = 60
LIBRARIES = "import sqlalchemy, click"


@dataclass(frozen=True)
class Script:
    """A command line, with what a shell adds to its environment; `goal` is its greatest ratio to the libraries."""

    arguments: Sequence[str]
    goal: float | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def report() -> str:
    """The medians, with their ratios to the libraries' and the goals."""
    with tempfile.TemporaryDirectory() as folder:
        scripts = prepare(f"{folder}/desk.db")
        times: dict[str, list[float]] = {name: [] for name in scripts}
        for _ in range(TURNS):
            for name, script in scripts.items():
                times[name].append(processor_time(script))
    base = statistics.median(times[LIBRARIES])
    lines = [f"{'':28}{'CPU':>10}{'ratio':>8}{'goal':>8}"]
    for name, script in scripts.items():
        taken = statistics.median(times[name])
        goal = f"{script.goal:>8.2f}" if script.goal is not None else ""
        lines.append(f"{name:28}{taken * 1000:>7.0f} ms{taken / base:>8.2f}{goal}")
    return "\n".join(lines)


def prepare(address: str) -> dict[str, Script]:
    """Fill a desk and return the scripts to measure on it, by what the report calls them."""
    desk = ["-m", "supportdesk", "--db", address]
    fill = [*desk, "demo", "--fill-only", "--tickets", str(TICKETS)]
    subprocess.run([sys.executable, *fill], check=True, cwd=TREE, stdout=subprocess.DEVNULL)
    listed = subprocess.run(
        [sys.executable, *desk, "queue", "--json"], check=True, cwd=TREE, stdout=subprocess.PIPE
    )
    ref = json.loads(listed.stdout)[0]["ref"]
    # As the functions do that `supportdesk completion bash` prints.
    asked = f"supportdesk --db {address} show "
    completion = {"_SUPPORTDESK_COMPLETE": "bash_complete", "COMP_WORDS": asked, "COMP_CWORD": "4"}
    return {
        "python": Script(["-c", "pass"]),
        LIBRARIES: Script(["-c", LIBRARIES]),
        "show REF": Script([*desk, "show", ref], 1.5),
        "queue": Script([*desk, "queue"], 1.5),
        "note REF TEXT": Script([*desk, "note", ref, "--text", "The caller asked for news."], 1.7),
        "completion": Script(["-m", "supportdesk"], 0.5, completion),
    }


def processor_time(script: Script) -> float:
    """Run a script to its end and return the seconds of the processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *script.arguments],
        check=True,
        cwd=TREE,
        env={**os.environ, **script.environment},
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


if __name__ == "__main__":
    print(report())
