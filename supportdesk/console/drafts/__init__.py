"""What was typed and not sent, kept until it is."""
