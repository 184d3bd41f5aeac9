"""The shared database: the ledger, the tables made from it, queries, search and verification."""
