"""The flow of personal data, for the impact assessment: as a page, a file and a paper."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.notice_paper import NoticePaper, notice_pdf
from export.sheet import Unprintable
from federation.access import Act
from federation.units import ROOT
from forms.problems import N_
from services.rights.breach_notice import KINDS
from services.rights.data_flow import FormFlow, database_host, form_flows
from services.trail.keeping import KEPT_MONTHS

from ..language import screen_language, translated_to
from ..organization.grants import role_words
from ..session import i_may, staff_blueprint, staff_page
from ..site import site
from .requests import letterhead

blueprint: Blueprint = staff_blueprint("data_flow", Act.SEE_TRAIL)

LAW = N_(
    "Appendix to the impact assessment (Law 91/2025/QH15, Article 21; Decree 356/2025/NĐ-CP,"
    " Articles 19–20, Form 10)"
)


@dataclass(frozen=True)
class Part:
    """One heading with its lines."""

    heading: str
    lines: list[str]


@blueprint.before_request
def open_to_the_province() -> None:
    """It tells of the whole installation."""
    if not i_may(Act.SEE_TRAIL, ROOT):
        abort(403)


@blueprint.get("/data-flow")
def show_flow() -> Response:
    return staff_page(
        "staff/data_flow.html",
        pdf_href=url_for("data_flow.download_pdf"),
        file_href=url_for("data_flow.download_file"),
        back_href=url_for("trail.show_trail"),
        **_values(),
    )


@blueprint.get("/data-flow.html")
def download_file() -> Response:
    """The same as a file that needs nothing else, to go with the dossier."""
    content = render_template("staff/data_flow_file.html", lang=screen_language(), **_values())
    return _file(content.encode(), "text/html; charset=utf-8", "html")


@blueprint.get("/data-flow.pdf")
def download_pdf() -> Response:
    head = letterhead()
    paper = NoticePaper(
        organization=head.organization,
        title=gettext("Flow of personal data"),
        law=gettext(LAW),
        to="",
        parts=[(part.heading, "\n".join(part.lines)) for part in (*_parts(), *_form_parts())],
        made_on=head.at.date(),
        translate=lambda text: translated_to(head.language, text),
        language=head.language,
    )
    try:
        content = notice_pdf(paper)
    except Unprintable:
        abort(422)
    return _file(content, "application/pdf", "pdf")


def _file(content: bytes, mimetype: str, suffix: str) -> Response:
    answer = WebResponse(content, content_type=mimetype)
    name = f"luong-du-lieu_{site().today}.{suffix}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _values() -> dict[str, Any]:
    return {
        "title": gettext("Flow of personal data"),
        "organization_name": site().config.organization,
        "law": gettext(LAW),
        "made": f"{site().now():%d/%m/%Y}",
        "parts": _parts(),
        "forms": _form_parts(),
        "has_backups": site().config.backup_dir is not None,
        "database": database_host(site().config.database_url),
    }


def _flows() -> tuple[FormFlow, ...]:
    head = letterhead()
    names = {"organization": head.organization, "contact": head.telephone}
    return form_flows(site().store, screen_language(), names)


def _parts() -> list[Part]:
    return [
        _controller(),
        _diagram_in_words(),
        _places(),
        _encrypted(),
        _leaving(),
        _safeguards(),
    ]


def _controller() -> Part:
    head = letterhead()
    return Part(
        gettext("Controller"),
        [
            gettext("%(name)s decides what is collected and why, and runs this server.",
                    name=head.organization),
            gettext("Data-protection contact: %(contact)s", contact=head.telephone),
        ],
    )  # fmt: skip


def _diagram_in_words() -> Part:
    """What the diagram shows, for who cannot see it and for the paper."""
    return Part(
        gettext("The way of the data"),
        [
            gettext("1. A worker answers on the phone, or is helped by an officer."),
            gettext("2. The server checks the answers, encrypts what is personal and keeps it."),
            gettext("3. Once a day a backup goes into its folder, encrypted as it is kept.")
            if site().config.backup_dir
            else gettext("3. No folder for daily backups is set."),
            gettext("4. Officers read within role and unit; the audit trail tells each look."),
            gettext("5. Recipients are those that the notice of each form names."),
            gettext(
                "6. Answers are erased on request; how long each form keeps them stands below."
            ),
        ],
    )


def _places() -> Part:
    config = site().config
    host = database_host(config.database_url)
    return Part(
        gettext("Where it lies"),
        [
            gettext("Answers: database PostgreSQL on %(host)s.", host=host)
            if host
            else gettext("Answers: embedded store in the folder %(folder)s.",
                         folder=config.data_dir),
            gettext("Keys: in the folder %(folder)s, or in the environment of the server.",
                    folder=config.data_dir / "keys"),
            gettext("Backups: %(folder)s.", folder=config.backup_dir)
            if config.backup_dir
            else gettext("Backups: no folder is set."),
        ],
    )  # fmt: skip


def _encrypted() -> Part:
    return Part(
        gettext("What is encrypted, and how"),
        [
            gettext("ID and phone numbers, sensitive answers: each on its own (AES-256-GCM)."),
            gettext("Photos, papers and signatures: each file on its own, with the same key."),
            gettext("Names, units, days and other answers stay readable, so that lists sort."),
            gettext("On the way: by https, which the proxy before the server provides.")
            if site().base_url.startswith("https://")
            else gettext("On the way: https is NOT set up for this address yet."),
        ],
    )


def _leaving() -> Part:
    return Part(
        gettext("Transfers out of Vietnam"),
        [
            gettext("The server sends nothing abroad: no analytics, no maps, no fonts, no cloud."),
            gettext("Where its machine stands is for the operator to write here: …"),
        ],
    )


def _safeguards() -> Part:
    return Part(
        gettext("Safeguards"),
        [
            gettext("Rights by role and unit; inspectors above alone read confidential forms."),
            gettext("Passwords are kept as Argon2 hashes; guessing slows down; sessions end."),
            gettext(
                "An audit trail with a chain of seals tells who saw, changed or exported what;"
                " it is kept for %(months)s months.",
                months=KEPT_MONTHS,
            ),
            gettext("Sensitive answers are masked; the trail tells who has them shown."),
            gettext("Requests of people have a register with clocks; breaches have one, too."),
        ],
    )


def _form_parts() -> list[Part]:
    return [Part(flow.title, _form_lines(flow)) for flow in _flows()]


def _form_lines(flow: FormFlow) -> list[str]:
    roles = role_words()
    kinds = ", ".join(gettext(KINDS[kind]) for kind in flow.kinds)
    lines = [
        gettext("Data: none of a person; the form is anonymous.")
        if flow.is_anonymous
        else gettext("Data: %(kinds)s", kinds=kinds),
        gettext("Sensitive: %(questions)s", questions="; ".join(flow.sensitive))
        if flow.sensitive
        else "",
        gettext("Purpose: %(text)s", text=flow.purpose),
        gettext(
            "Read by: %(roles)s, each within its units",
            roles=", ".join(str(roles[role]) for role in flow.readers),
        ),
        gettext("Kept: %(text)s", text=flow.kept) if flow.kept else "",
        gettext("Recipients: %(text)s", text=flow.recipients) if flow.recipients else "",
    ]
    return [line for line in lines if line]
