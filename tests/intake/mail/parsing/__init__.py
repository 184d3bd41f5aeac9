"""Tests of the reading of messages."""
