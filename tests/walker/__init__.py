"""A random operator at every screen: keys, texts, calls, a colleague at another console, time that goes by.

`python -m tests.walker --minutes 60` walks for an hour, `--seed N` repeats a walk.
"""
