"""`python -m tests.bench` measures everything in one run; `python -m tests.bench ticking starting` only those."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time

BENCHES = {
    "business_time": "Business time, beside a plain bisection and pandas",
    "ticking": "A tick and a key press, by the length of the queue",
    "starting": "From launch to the first frame and to the queue, beside an empty Textual application",
    "scripts": "The processor's time of scripted commands, beside importing the libraries that they need",
    "changes": "Until another process sees a change",
    "keystrokes": "From a ringing telephone to the reference, by keystrokes beyond the text itself",
    "watcher": "From the due time of a step to its record and on to its handing off, and what watching costs",
    "sending": "From the record of a page to its handing off, by a gateway that takes half a second",
    "shared": "One desk and 1, 10 and 50 consoles, in a file and on a server",
    "scale": "What a desk costs that has grown to a million events, in a file and on a server",
    "recovery": "Until a console shows that its desk is away, and until it is back by itself",
    "writing": "Commands a second, by processes that write at once",
    "verifying": "The processor's time of `verify` per event, beside a bare loop of hashes",
    "outbox": "What the lists of the outbox, the intake and an inbox cost, by how much mail is behind them",
    "intake": "Messages a second, memory with 20 MB, and from delivery into a maildir to the queue of another process",
}


def main(wanted: list[str]) -> int:
    """Run the named benches, or all; return the exit code."""
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in wanted or BENCHES:
        began = time.monotonic()
        print(f"{BENCHES[name]}\n", flush=True)
        print(importlib.import_module(f"tests.bench.{name}").report())
        print(f"\n({time.monotonic() - began:.0f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
