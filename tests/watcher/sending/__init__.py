"""Tests of the senders, against real servers on this machine."""
