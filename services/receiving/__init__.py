"""How answers arrive: judged, counted against places and crowds, kept once."""
