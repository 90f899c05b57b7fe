"""What is true: the tables, the rules that hold for them, and who may see what."""
