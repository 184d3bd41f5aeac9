"""Tests of the canned replies."""
