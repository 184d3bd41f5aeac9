"""What happens to a ticket by itself as time passes."""
