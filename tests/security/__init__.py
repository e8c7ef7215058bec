"""What an attacker, a curious colleague or a careless change would try."""
