"""The flow of personal data is told as it is set up, for the impact assessment."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import World
from pypdf import PdfReader
from test_requests_confidential import inspector, made_confidential

from app import create_app
from federation.people import Role
from services.publishing.publish import find_definition
from services.reading.retentions import RetentionDesk
from services.rights.data_flow import database_host, reading_roles

__all__ = ["inspector"]


@pytest.fixture
def flow(world):
    """The page with a hardship form, an anonymous and a confidential one published."""
    world.publish("f21")
    world.publish("f28")
    made_confidential(world)
    return world


def page(world, path="/data-flow"):
    answer = world.signed_in("quan-tri").get(path)
    assert answer.status_code == 200
    return answer


def test_each_form_tells_kinds_purpose_readers_and_how_long(flow):
    text = page(flow).text

    assert "F21 Đề nghị hỗ trợ Tết Sum vầy" in text
    assert "số căn cước" in text
    assert "Xét hỗ trợ, tránh trao trùng" in text
    assert "Chủ tịch công đoàn" in text
    assert "đến khi đợt nhận phiếu kết thúc và thêm 12 tháng" in text
    assert "không của riêng ai" in text
    assert "{organization}" not in text


def test_a_period_that_was_shortened_is_told_as_it_is_now(flow):
    RetentionDesk(flow.store, "quan-tri", flow.clock()).change_period("f21", "90", "họp ngày 20/11")

    assert "đến khi đợt nhận phiếu kết thúc và thêm 90 ngày" in page(flow).text


def test_readers_are_those_of_the_rights(flow):
    assert reading_roles(find_definition(flow.store, "f21")) == (Role.ADMIN, Role.CHAIR)
    assert reading_roles(find_definition(flow.store, "don-kin")) == (Role.INSPECTOR,)


def test_it_says_where_data_lies_and_never_the_password_of_the_database(world, tmp_path):
    assert "kho dữ liệu đi kèm máy chủ" in page(world).text
    assert "chưa đặt thư mục" in page(world).text
    config = replace(
        world.app.extensions["phieu"].config,
        database_url="postgresql://phieu:mat-khau@db.phieu.example/phieu",
        backup_dir=Path("/sao-luu"),
        base_url="https://phieu.example",
    )
    other = World(create_app(config, world.kept, clock=world.clock), world.kept, world.clock)
    other.app.config["SESSION_COOKIE_SECURE"] = False

    text = page(other).text

    assert "PostgreSQL trên máy db.phieu.example" in text
    assert "mat-khau" not in text
    assert "/sao-luu" in text
    assert "CHƯA dùng https" not in text
    assert database_host("") == ""


def test_the_diagram_has_words_for_who_cannot_see_it(flow):
    text = page(flow).text

    assert 'role="img" aria-labelledby="flow-title"' in text
    assert "<title" in text
    assert all(f"{number}. " in text for number in range(1, 7))


def test_it_goes_along_as_a_file_and_as_a_paper(flow):
    file, paper = page(flow, "/data-flow.html"), page(flow, "/data-flow.pdf")

    drawn = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert "attachment" in file.headers["Content-Disposition"]
    assert "<svg" in file.text
    assert "http" not in file.text.replace("https", "").split("<body>")[0]
    for content in (file.text, drawn):
        assert "Luồng dữ liệu cá nhân" in content
        assert "AES-256-GCM" in content


def test_it_is_in_english_too(flow):
    text = page(flow, "/data-flow?lang=en").text

    assert "Flow of personal data" in text
    assert "Read by: Administrator, Union chair" in text


@pytest.mark.parametrize("name", ["chu-tich", "lap-phieu"])
def test_only_administrators_of_the_whole_federation_read_it(flow, name):
    assert flow.signed_in(name).get("/data-flow").status_code == 403
