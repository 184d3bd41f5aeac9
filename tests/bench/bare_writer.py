"""A process that commits bare transactions to a server: as many statements as a command has, the head row among them.

`python -m tests.bench.bare_writer ADDRESS STATEMENTS COUNT` connects, prints `ready`, waits for a line, and prints how
many it has committed.
"""

from __future__ import annotations

import sys

import psycopg


def main(address: str, statements: int, count: int) -> None:
    """Commit `count` transactions: the head row is locked last, as a command does."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET default_transaction_isolation = 'read committed'")
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(count):
            with connection.transaction():
                for _ in range(statements - 3):
                    connection.execute("SELECT number FROM bare WHERE number = %s", (number,)).fetchall()
                connection.execute("SELECT number FROM bare_head FOR UPDATE").fetchall()
                connection.execute("INSERT INTO bare (text) VALUES (%s)", ("x" * 400,))
                connection.execute("UPDATE bare_head SET number = number + 1")
        print(count, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
