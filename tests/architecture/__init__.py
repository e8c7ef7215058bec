"""What is true of the whole house, checked by a machine."""
