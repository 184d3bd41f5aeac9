"""Tests of what stays in sight until the operator responds."""
