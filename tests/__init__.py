"""The tests: the tree mirrors ropo_portal/, with architecture/ beside it for what is true of the whole house."""
