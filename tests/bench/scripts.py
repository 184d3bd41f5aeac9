"""The processor's time of a scripted command, beside that of importing the libraries that it needs.

Each time is user and system time together, in milliseconds: the median of some runs, in which the programs take turns,
so that a busy moment of the machine meets all of them. A ratio is the median of the ratios of each turn.
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
from typing import NamedTuple

from tests.bench.starting import TREE

TURNS = 15
TICKETS = 60
LIBRARIES = "import sqlalchemy, click"


class Script(NamedTuple):
    """A call of Python, with what a shell adds to its environment; `goal` is its greatest ratio to LIBRARIES."""

    arguments: Sequence[str]
    goal: float | None = None
    environment: Mapping[str, str] = {}


def report() -> str:
    """Return the medians, with their ratios to the libraries' and the goals."""
    with tempfile.TemporaryDirectory() as folder:
        scripts = prepare(f"{folder}/desk.db")
        for script in scripts.values():
            # Each once before: a first run writes the bytecode.
            processor_time(script)
        times: dict[str, list[float]] = {name: [] for name in scripts}
        for _ in range(TURNS):
            for name, script in scripts.items():
                times[name].append(processor_time(script))
    lines = [f"{'':28}{'CPU':>10}{'ratio':>8}{'goal':>8}"]
    for name, script in scripts.items():
        taken = statistics.median(times[name])
        # Of each turn: its programs met the same machine, however busy it was.
        ratio = statistics.median(own / base for own, base in zip(times[name], times[LIBRARIES], strict=True))
        goal = f"{script.goal:>8.2f}" if script.goal is not None else ""
        lines.append(f"{name:28}{taken * 1000:>7.0f} ms{ratio:>8.2f}{goal}")
    return "\n".join(lines)


def prepare(address: str) -> dict[str, Script]:
    """Fill a desk and return what to measure on it, by the names of the report."""
    desk = ["-m", "supportdesk", "--db", address]
    fill = [*desk, "demo", "--fill-only", "--tickets", str(TICKETS)]
    subprocess.run([sys.executable, *fill], check=True, cwd=TREE, stdout=subprocess.DEVNULL)
    listing = [sys.executable, *desk, "queue", "--json"]
    listed = subprocess.run(listing, check=True, cwd=TREE, stdout=subprocess.PIPE)
    ref = json.loads(listed.stdout)[0]["ref"]

    def completion(*words: str) -> Script:
        line = ["supportdesk", "--db", address, *words]
        asked = {"COMP_WORDS": " ".join(line), "COMP_CWORD": str(len(line) - 1)}
        # As the function does that `supportdesk completion bash` prints.
        environment = {"_SUPPORTDESK_COMPLETE": "bash_complete", **asked}
        return Script(["-m", "supportdesk"], 0.5, environment)

    return {
        "python": Script(["-c", "pass"]),
        LIBRARIES: Script(["-c", LIBRARIES]),
        "show REF": Script([*desk, "show", ref], 1.5),
        "queue": Script([*desk, "queue"], 1.5),
        "note REF --text TEXT": Script([*desk, "note", ref, "--text", "The caller asked for news."], 1.7),
        "completion of a command": completion("sh"),
        "completion of show CD-": completion("show", "CD-"),
        "completion of note CD-": completion("note", "CD-"),
    }


def processor_time(script: Script) -> float:
    """Run a script to its end and return the seconds of the processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, **script.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *script.arguments]
    subprocess.run(command, check=True, cwd=TREE, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


if __name__ == "__main__":
    print(report())
