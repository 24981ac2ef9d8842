"""An open form: its places, its scan points, how far it is."""
