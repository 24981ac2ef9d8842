"""A served page as the tests read it: tags with their attributes, ids, fields, visible words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "path", "circle", "use", "img", "hr"}


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class Page(HTMLParser):
    """Reads a whole document; a tag that is not closed in its turn is a mistake."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.open: list[Tag] = []
        self.hidden = 0  # inside <template>: drawings for the scripts, no part of the page
        self.feed(html)
        self.close()
        assert [tag.name for tag in self.open] == [], "tags left open"

    def handle_starttag(self, tag, attrs):
        if self.hidden or tag == "template":
            self.hidden += tag == "template"
            return
        found = Tag(tag, {name: value or "" for name, value in attrs})
        assert len(found.attributes) == len(attrs), f"an attribute stands twice in <{tag}>"
        self.tags.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if not self.hidden and tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden -= tag == "template"
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop().name == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        for tag in [] if self.hidden else self.open:
            tag.words.append(data)

    def all(self, name: str, /, **attributes: str) -> list[Tag]:
        wanted = attributes.items()
        return [t for t in self.tags if t.name == name and all(t[k] == v for k, v in wanted)]

    def one(self, name: str, /, **attributes: str) -> Tag:
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{len(found)} of <{name}> with {attributes}"
        return found[0]

    @property
    def ids(self) -> list[str]:
        return [tag["id"] for tag in self.tags if "id" in tag]

    def sent(self) -> dict[str, list[str]]:
        """What a browser would send of the form as it stands, but for its buttons."""
        inputs: dict[str, list[str]] = {}
        for tag in self.all("input") + self.all("textarea"):
            chooses = tag["type"] in ("radio", "checkbox")
            if not chooses or "checked" in tag:
                value = tag["value"] if tag.name == "input" else "".join(tag.words)
                inputs.setdefault(tag["name"], []).append(value)
        for select in self.all("select"):
            inputs[select["name"]] = [self.chosen(select["name"])]
        return inputs

    def chosen(self, name: str) -> str:
        """The value of the option that a select shows."""
        at = self.tags.index(self.one("select", name=name))
        options = []
        for tag in self.tags[at + 1 :]:
            if tag.name != "option":
                break
            options.append(tag)
        return next((o["value"] for o in options if "selected" in o), options[0]["value"])
