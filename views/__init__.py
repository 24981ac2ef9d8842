"""WHO SEES WHAT: one blueprint per audience, closed by default.

A view loads, decides, acts and answers; nothing else.
"""
