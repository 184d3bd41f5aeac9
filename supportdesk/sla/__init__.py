"""Business time, the policy and the clocks: pure, and knowing nothing else of this program."""
