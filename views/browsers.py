"""What a browser says it is, in two words a person recognises: "Zalo · Android"."""

# The first that fits counts: browsers carry the names of those they want to be taken for.
_PROGRAMS = (
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Program and system; empty when neither is known. Nothing else of the header is kept."""
    found = (
        next((name for sign, name in signs if sign in user_agent), "")
        for signs in (_PROGRAMS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))
