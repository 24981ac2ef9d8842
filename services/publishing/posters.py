"""Print the posters of a form: which scan points, what they say, and the file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from federation.names import sort_key
from federation.units import UnitTree
from forms.cleaning import clean_line
from forms.definition import Definition
from forms.localized import DEFAULT_LANGUAGE
from forms.problems import N_
from forms.publication import Availability, ScanPoint
from qr.address import is_loopback, point_url
from qr.codes import spaced
from qr.images import Matrix, matrix
from qr.lettering import MissingLetters, lettered
from qr.pictures import picture_name, pictures_zip
from qr.posters import PosterPoint, PosterText, Size, Step, Told, poster_pdf
from qr.stickers import sticker_pdf
from storage.store import Store

from ..errors import NotFound, Refusal
from .publish import points_of

PICTURES = "pictures"
SIZES = (*(str(size) for size in Size), PICTURES)
MOST_COPIES, LONGEST_LINE = 100, 120
_MOST_LABELS = 20_000

_SCAN, _SCAN_HOW = N_("Scan"), N_("the code with Zalo or the camera")
_FILL = N_("Fill in")
_FILL_HOW = N_("about %(minutes)s min, no sign-in")
_SEND, _SEND_HOW = N_("Send it"), N_("and keep the receipt code")
_TYPING = N_("Scanning fails? Open this address and type the code:")
_UNTIL = N_("Open until %(day)s")
_HELP = N_("Help: %(phone)s")
_TRIAL = N_("Trial print: phones cannot open this address.")


@dataclass(frozen=True)
class Order:
    """What is to be printed: a size of SIZES, further languages, a free line, labels per point."""

    size: str = Size.A4
    languages: tuple[str, ...] = ()
    line: str = ""
    copies: int = 1


@dataclass(frozen=True)
class Sender:
    """Who prints: named on top; `contact` is whom to call where no unit has a hotline."""

    organization: str
    contact: str
    base_url: str
    translate: Callable[[str], str]


@dataclass(frozen=True)
class Printing:
    """Everything checked and ready; `dropped` are pictures (emoji) that the texts will lack."""

    order: Order
    text: PosterText
    points: tuple["Ready", ...]
    dropped: str

    @property
    def total(self) -> int:
        """How many posters, labels or codes `print_posters` will tell of."""
        labels = self.order.copies if self.order.size == Size.STICKERS else 1
        return len(self.points) * labels


@dataclass(frozen=True)
class Ready:
    """A scan point whose texts are checked; its code is drawn when its turn comes."""

    point: ScanPoint
    url: str
    unit: str
    place: str
    closing: str
    help_line: str

    def drawn(self) -> PosterPoint:
        code, modules = spaced(self.point.code), matrix(self.url)
        return PosterPoint(code, modules, self.unit, self.place, self.closing, self.help_line)


def printable_points(
    store: Store, definition: Definition, tree: UnitTree, now: datetime
) -> tuple[ScanPoint, ...]:
    """The scan points that are not closed, by the names of their units and places."""
    points = [
        point
        for point in points_of(store, definition.id)
        if tree.home(point.unit) and point.availability(now) is not Availability.CLOSED
    ]
    return tuple(
        sorted(points, key=lambda p: (sort_key(tree.home_name(p.unit)), sort_key(p.place), p.code))
    )


def further_languages(definition: Definition) -> tuple[str, ...]:
    """Languages besides Vietnamese in which the promise is written."""
    promise = definition.poster or definition.promise
    return tuple(
        code for code in definition.languages if code != DEFAULT_LANGUAGE and code in promise.root
    )


def make_ready(
    definition: Definition,
    points: Iterable[ScanPoint],
    order: Order,
    sender: Sender,
    tree: UnitTree,
) -> Printing:
    """Check all texts before anything is printed.

    Raises Refusal for an order without scan points, for too many labels, and for signs that no
    font of ours has, naming where they stand.
    """
    order, words = replace(order, line=_checked_line(order.line)), _Words()
    text = _text(definition, order, sender, words)
    ready = tuple(_ready(point, sender, tree, words) for point in points)
    if not ready:
        raise NotFound(N_("There is no open scan point to print."))
    printing = Printing(order, text, ready, words.dropped)
    if printing.total > _MOST_LABELS:
        most = {"most": _MOST_LABELS}
        raise Refusal(N_("Please print at most %(most)s at a time."), most, field="copies")
    return printing


def _checked_line(line: str) -> str:
    line = clean_line(line)
    if len(line) > LONGEST_LINE:
        longest = {"longest": LONGEST_LINE}
        raise Refusal(
            N_("Please shorten the line to %(longest)s characters."), longest, field="line"
        )
    return line


class _Words:
    """Texts on their way to the paper; remembers what they lost."""

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    @property
    def dropped(self) -> str:
        return "".join(self._seen)

    def __call__(self, text: str, where: str = "", field: str = "") -> str:
        try:
            done = lettered(text)
        except MissingLetters as error:
            told = {"where": where or text[:60], "signs": str(error)}
            message = N_("%(where)s: these signs cannot be printed: %(signs)s.")
            raise Refusal(message, told, field=field) from error
        self._seen |= dict.fromkeys(done.dropped)
        return done.text


def _text(definition: Definition, order: Order, sender: Sender, words: _Words) -> PosterText:
    promise, say = definition.poster or definition.promise, sender.translate
    more = [words(promise.into(code)) for code in order.languages]
    more += [words(order.line, field="line")] if order.line else []
    return PosterText(
        organization=words(sender.organization),
        promise=words(promise.into(DEFAULT_LANGUAGE)),
        more=tuple(filter(None, more)),
        steps=(
            Step(say(_SCAN), say(_SCAN_HOW)),
            Step(say(_FILL), say(_FILL_HOW) % {"minutes": definition.minutes}),
            Step(say(_SEND), say(_SEND_HOW)),
        ),
        typing=say(_TYPING),
        address=words(typed_address(sender.base_url)),
        trial=say(_TRIAL) if is_loopback(sender.base_url) else "",
    )


def typed_address(base_url: str) -> str:
    """What somebody types to reach the page that asks for the code."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"


def _ready(point: ScanPoint, sender: Sender, tree: UnitTree, words: _Words) -> Ready:
    say, name = sender.translate, tree.home_name(point.unit)
    home = tree.home(point.unit)
    phone = tree.hotline(home.id if home else point.unit) or sender.contact
    return Ready(
        point=point,
        url=point_url(sender.base_url, point.code),
        unit=words(name, name),
        place=words(point.place, f"{name} · {point.code}"),
        closing=_until(point, say),
        help_line=words(say(_HELP) % {"phone": phone}, name) if phone else "",
    )


def _until(point: ScanPoint, say: Callable[[str], str]) -> str:
    if point.closes_at is None:
        return ""
    return say(_UNTIL) % {"day": _day(point.closes_at)}


def _day(closes_at: datetime) -> str:
    """The last day on which it is open: what closes at midnight closes with the day before."""
    last: date = (closes_at - timedelta(microseconds=1)).date()
    return f"{last:%d/%m/%Y}"


def print_posters(printing: Printing, told: Told) -> bytes:
    """The file: a PDF, or a ZIP of pictures; `told` hears of each poster, label or code."""
    order, drawn = printing.order, (ready.drawn() for ready in printing.points)
    if order.size == PICTURES:
        return pictures_zip(_pictures(printing.points, told))
    if order.size == Size.STICKERS:
        return sticker_pdf(printing.text, drawn, order.copies, DEFAULT_LANGUAGE, told)
    return poster_pdf(printing.text, drawn, Size(order.size), DEFAULT_LANGUAGE, told)


def _pictures(points: Iterable[Ready], told: Told) -> Iterator[tuple[str, Matrix]]:
    for ready in points:
        yield picture_name(ready.unit, ready.place, ready.point.code), matrix(ready.url)
        told(1)


def file_name(definition: Definition, size: str) -> str:
    """Such as `f28_a4.pdf`."""
    return f"{definition.id}_{size}.{'zip' if size == PICTURES else 'pdf'}"
