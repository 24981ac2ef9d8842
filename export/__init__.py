"""HOW IT LEAVES: responses as a table whose columns are decided once, then CSV and JSON Lines.

Knows forms and federation; knows nothing of storage or the web.
"""
