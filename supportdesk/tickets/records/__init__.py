"""What the desk knows besides tickets: staff, customers, releases, articles, the rota, policies and single days.

Its commands come through the same API and leave events on the same ledger; an event holds the whole document.
"""
