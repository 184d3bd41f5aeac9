"""`python -m tests.faults` causes each fault and prints its row of docs/faults.md; words choose among them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faults.kinds import KINDS
from tests.faults.observation import observe
from tests.faults.table import make_row, print_row


def main() -> None:
    """Print the rows."""
    for kind in KINDS:
        print(f"\n## {kind.kind}\n", flush=True)
        for fault in kind.list_faults():
            if all(word in f"{kind.kind} {fault.name}" for word in sys.argv[1:]):
                with tempfile.TemporaryDirectory() as folder:
                    print_row(make_row(fault, observe(kind, fault, Path(folder))))


if __name__ == "__main__":
    main()
