"""When and where Convene runs."""
