"""Duties to those whose data it is: access, papers, periods, breaches, where data go."""
