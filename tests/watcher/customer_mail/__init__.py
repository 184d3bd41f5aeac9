"""Tests of the mail that customers get."""
