"""The shared database: the ledger, the tables made from it, and what is new in them."""
