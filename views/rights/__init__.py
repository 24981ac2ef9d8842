"""Requests, periods, breaches, trail, where data go."""
