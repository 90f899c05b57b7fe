"""What people say and see: a room for each noun, and the few things the rooms share."""
