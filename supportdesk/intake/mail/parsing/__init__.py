"""Reads messages: from the bytes to what each says, who sent it, and what it belongs to. Pure."""
