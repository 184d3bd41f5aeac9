"""The records of the desk besides tickets: staff, customers, releases, articles, the rota, policies and single days.

Their commands use the same API and write events to the same ledger; an event contains the whole document.
"""
