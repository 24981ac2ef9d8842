"""What was done by whom: a chain of lines that shows every change, and what keeps it."""
