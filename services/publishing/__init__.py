"""Forms from draft to published version, in units and on posters."""
