"""Which responses somebody may see, found, counted, ranked and summed up."""
