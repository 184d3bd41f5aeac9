"""Tests of the files that come and go with messages."""
