"""The attachments of messages: listed, opened by the operator's own program, saved."""
