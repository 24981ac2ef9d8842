"""People with accounts, the tree of units, headcounts."""
