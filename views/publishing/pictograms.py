"""A small drawn mark for every form: our own strokes on a grid of 24, one path each."""

from markupsafe import Markup

_PATHS = {
    "scales": (
        "M12 4v16M8 20h8M5 7h14M5 7l-3 6h6zM19 7l-3 6h6zM2 13a3 3 0 0 0 6 0M16 13a3 3 0 0 0 6 0"
    ),
    "voice": "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5",
    "talk": "M3 4h11v8H8l-3 3v-3H3zM17 9h4v8h-2v3l-3-3h-6v-2",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10 20h4M12 5V3M3 8l2-2M21 8l-2-2",
    "gift": "M4 10h16v10H4zM3 7h18v3H3zM12 7v13M12 7c-2-5-7-3-4 0M12 7c2-5 7-3 4 0",
    "basket": "M3 10h18l-2 10H5zM7 10l3-6M17 10l-3-6M9 13v4M12 13v4M15 13v4",
    "house": "M3 11l9-7 9 7M5 10v10h14V10M12 18s-4-2-4-4a2 2 0 0 1 4-1 2 2 0 0 1 4 1c0 2-4 4-4 4z",
    "bus": "M4 5h16v12H4zM4 12h16M12 5v7M7 17v2M17 17v2M7 15h2M15 15h2",
    "meal": (
        "M3 12h18a9 8 0 0 1-6 7H9a9 8 0 0 1-6-7zM8 9c-1-2 1-3 0-5M12 9c-1-2 1-3 0-5"
        "M16 9c-1-2 1-3 0-5"
    ),
    "heart": "M12 20S3 15 3 9a5 5 0 0 1 9-3 5 5 0 0 1 9 3c0 6-9 11-9 11z",
    "health": "M4 4h16v16H4zM12 8v8M8 12h8",
    "umbrella": "M3 12a9 9 0 0 1 18 0zM12 12v6a2 2 0 0 0 4 0M12 3V2",
    "megaphone": "M4 10v4h3l9 4V6L7 10zM8 14l1 5h2l-1-4M19 10v4",
    "people": (
        "M9 8a3 3 0 1 0-.1 0M3 20a6 6 0 0 1 12 0M17 9a2.500 2.500 0 1 0-1-4M17 13a5 5 0 0 1 4 5"
    ),
    "school": "M2 9l10-5 10 5-10 5zM6 11v5c3 3 9 3 12 0v-5M22 9v6",
    "flag": "M5 21V4M5 5c5-3 8 3 14 0v9c-6 3-9-3-14 0",
    "bulb": "M9 17h6M10 20h4M9 17c0-3-3-4-3-8a6 6 0 0 1 12 0c0 4-3 5-3 8",
    "medal": (
        "M12 21a6 6 0 1 0-.1 0M8 10L6 3h12l-2 7M12 12l1 2h2l-1.500 1.500.5 2-2-1-2 1 .5-2L9 14h2z"
    ),
    "join": "M10 9a3 3 0 1 0-.1 0M3 20a7 7 0 0 1 12-4M18 13v7M14.500 16.500h7",
    "card": "M3 5h18v14H3zM8 12a2 2 0 1 0-.1 0M5 16a3 3 0 0 1 6 0M14 9h4M14 12h4M14 15h3",
    "star": "M12 3l3 6 6 1-4.500 4 1 6.500L12 17l-5.500 3.500 1-6.500L3 10l6-1z",
    "union": "M8 11h8v9H8zM12 11V6M12 6l5-2v4zM4 20h16M10 20v-4h4v4",
    "board": "M3 4h18v11H3zM7 8h7M7 11h5M12 15v3M8 21l4-3 4 3",
    "child": (
        "M9 6a2.500 2.500 0 1 0-.1 0M5 20v-6a4 4 0 0 1 8 0v6M17 12a2 2 0 1 0-.1 0"
        "M15 20v-4a2 2 0 0 1 4 0v4"
    ),
    "flower": (
        "M12 12a2 2 0 1 0-.1 0M12 8c-3-3-1-5 0-5s3 2 0 5M14 10c4-1 5 1 5 2s-3 2-5 0"
        "M10 10c-4-1-5 1-5 2s3 2 5 0M12 13v8M12 18c2-3 5-2 5-2"
    ),
    "globe": "M12 3a9 9 0 1 0 .1 0M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
    "ledger": "M5 3h12l2 2v16H5zM8 8h8M8 12h8M8 16h4M15 16h1",
    "coins": (
        "M9 10c4 0 6-1 6-2.500S13 5 9 5 3 6 3 7.500 5 10 9 10zM3 7.500v7C3 16 5 17 9 17"
        "M15 7.500V10M15 19c4 0 6-1 6-2.500S19 14 15 14s-6 1-6 2.500 2 2.500 6 2.500z"
    ),
    "shield": "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM12 8v5M12 16v.1",
    "glass": "M10 3a7 7 0 1 0 .1 0M15 15l6 6M7 10l2 2 4-4",
    "chart": "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
    "list": (
        "M4 6l1.500 1.500L8 5M4 12l1.500 1.500L8 11M4 18l1.500 1.500L8 17M11 6h9M11 12h9M11 18h9"
    ),
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3M12 14v3",
    "form": "M6 3h9l4 4v14H6zM15 3v4h4M9 11h7M9 14h7M9 17h4",
}
_OF_FORM = {
    "f11": "scales", "f12": "voice", "f13": "talk", "f14": "bell", "f21": "gift", "f22": "basket",
    "f23": "house", "f24": "bus", "f25": "meal", "f26": "heart", "f27": "health", "f28": "meal",
    "f29": "meal", "f2a": "umbrella", "f31": "megaphone", "f32": "people", "f33": "school",
    "f34": "flag", "f41": "bulb", "f42": "medal", "f51": "join", "f52": "card", "f53": "star",
    "f54": "union", "f55": "board", "f61": "child", "f62": "flower", "f71": "globe",
    "f81": "ledger", "f82": "coins", "f91": "shield", "f92": "glass", "fa1": "chart",
    "fa2": "list", "fa3": "lock",
}  # fmt: skip


def has_own_pictogram(form: str) -> bool:
    """Whether something was drawn for this form; others show a sheet."""
    return form in _OF_FORM


def pictogram(form: str) -> Markup:
    """The mark of a form, for the eye only: its title stands beside it."""
    path = _PATHS[_OF_FORM.get(form, "form")]
    return Markup(
        '<svg class="pictogram" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
    ).format(path)
