"""A desk as a file of JSON lines, and one desk copied into another."""
