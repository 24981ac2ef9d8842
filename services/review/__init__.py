"""What becomes of a response: states, corrections, merging, withdrawal, the worker's case."""
