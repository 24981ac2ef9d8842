"""Forms on their way out: units, scan points, posters, campaigns."""
