"""WHAT HAPPENS: one function per act, used by pages, commands and jobs alike.

Time, randomness and texts' language come in as arguments; nothing here knows Flask.
"""
