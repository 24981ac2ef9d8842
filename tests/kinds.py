"""A form that has every kind of question, and how the tests publish a form of their own."""

from forms.definition import Definition
from forms.publication import PublishedVersion
from forms.reading import build_definition, read_text

VI = {"vi": "x"}
_TEXTS = dict.fromkeys(("summary", "promise", "next_steps", "closing"), VI)
FAMILY = """
- type: repeat
  name: gia_dinh
  label: {vi: Những người trong nhà, en: People in your home}
  most: 3
  questions:
    - {type: text, name: ho_ten, label: {vi: Họ và tên, en: Name}, required: true}
    - {type: date, name: ngay_sinh, label: {vi: Ngày sinh, en: Born}, year_only: true}
"""
PAPERS = """
- {type: image, name: giay_to, label: {vi: Ảnh giấy tờ, en: Papers}, pdf: true, most: 3}
- {type: signature, name: chu_ky, label: {vi: Chữ ký, en: Signature}}
"""
SHIFT = """
- type: select_one
  name: ca
  label: {vi: Ca nào, en: Which shift}
  required: true
  choices:
    - {name: sang, label: {vi: Ca sáng, en: Morning}, image: ca-sang.svg}
    - {name: dem, label: {vi: Ca đêm, en: Night}, image: ca-dem.svg}
    - {name: khac, label: {vi: Khác, en: Other}, other: true}
"""
NIGHT = """
- {type: multiline, name: vi_sao, label: {vi: Vì sao, en: Why}, relevant: "${ca} = 'dem'"}
"""
NAME = """
- {type: text, name: ten, label: {vi: Họ và tên, en: Name}, required: true, appearance: name}
"""


def made(*sections: str, **settings: object) -> Definition:
    """A definition of these sections, each a YAML list of questions."""
    parts = [
        {"title": {"vi": f"Mục {number}", "en": f"Section {number}"}, "questions": read_text(text)}
        for number, text in enumerate(sections, start=1)
    ]
    plain = {"id": "f99", "code": "F99", "title": {"vi": "Phiếu thử", "en": "Trial"}, **_TEXTS}
    plain |= {"notice": {"summary": VI}, "sections": parts}
    return build_definition(plain | settings)


def offered(world, definition: Definition) -> str:
    """Publish it; gives the short code."""
    world.store.versions.put(PublishedVersion(definition, 1, "7FK", world.clock()))
    return world.publish(definition.id)


ABOUT = """
- {type: text, name: ho_ten, label: {vi: Họ và tên, en: Full name}, required: true,
   appearance: name, hint: {vi: Như trong căn cước., en: As on your ID card.}}
- {type: phone, name: dien_thoai, label: {vi: Số điện thoại, en: Phone number}, required: true,
   hint: {vi: "Ví dụ: 0912 345 678", en: "For example: 0912 345 678"}}
- {type: citizen_id, name: so_cccd, label: {vi: Số căn cước, en: ID number}, passport: true}
- {type: date, name: ngay_sinh, label: {vi: Ngày sinh, en: Date of birth}, year_only: true,
   hint: {vi: "Ví dụ: 5 9 1992. Không nhớ ngày thì ghi năm.", en: "For example: 5 9 1992"}}
- {type: month, name: vao_lam, label: {vi: Tháng vào làm, en: Month you began to work}}
- {type: list, name: xa, label: {vi: Xã, en: Commune}, choices: [
    {name: than_uyen, label: {vi: Than Uyên, en: Than Uyên}},
    {name: sin_ho, label: {vi: Sìn Hồ, en: Sìn Hồ}}, {name: khac, label: {vi: Xã khác, en: Other},
    other: true}]}
"""
WORK = """
- {type: note, name: xin_doc, label: {vi: "Các câu sau chỉ để tính mức hỗ trợ.",
   en: "The next questions only serve to reckon the support."}}
- type: select_one
  name: ca_lam
  label: {vi: Anh/chị làm ca nào, en: Which shift do you work}
  required: true
  choices:
    - {name: sang, label: {vi: Ca sáng, en: Morning}, image: ca-sang.svg}
    - {name: dem, label: {vi: Ca đêm, en: Night}, image: ca-dem.svg}
    - {name: khac, label: {vi: Ca khác, en: Other}, other: true}
- {type: multiline, name: vi_sao, label: {vi: Vì sao làm ca đêm, en: Why at night},
   relevant: "${ca_lam} = 'dem'", sensitive: true}
- {type: integer, name: so_con, label: {vi: Số con nhỏ, en: Small children}, least: 0, most: 15}
- {type: money, name: luong, label: {vi: Lương tháng trước, en: Last month's pay}}
- {type: decimal, name: gio, label: {vi: Giờ làm thêm, en: Overtime hours}}
- {type: calculate, name: ho_tro, label: {vi: Mức hỗ trợ dự kiến (đồng), en: Support in đồng},
   calculation: "coalesce(${so_con}, 0) * 500000"}
- {type: rating, name: bua_an, label: {vi: Bữa ăn ca, en: Shift meals}}
- {type: select_multiple, name: can_gi, label: {vi: Anh/chị cần gì, en: What do you need},
   choices: [{name: nha_o, label: {vi: Nhà ở, en: Housing}},
    {name: nha_tre, label: {vi: Nhà trẻ, en: Nursery}},
    {name: khong, label: {vi: Không cần gì, en: Nothing}, alone: true}]}
- {type: consent, name: dy_nhay_cam, purpose: sensitive,
   label: {vi: Tôi đồng ý cho công đoàn dùng câu trả lời nhạy cảm, en: I agree to sensitive use}}
- {type: consent, name: dong_y, label: {vi: Tôi đồng ý cho công đoàn dùng phiếu này, en: I agree}}
"""


def every_kind(**settings: object) -> Definition:
    """A form with every kind of question, as a union might write it."""
    texts = {
        "title": {"vi": "Phiếu đăng ký hỗ trợ", "en": "Asking for support"},
        "promise": {"vi": "3 phút · không cần đăng nhập", "en": "3 minutes · no login"},
        "notice": {"summary": {"vi": "Công đoàn chỉ dùng phiếu này để xét hỗ trợ.", "en": "Why."}},
        "next_steps": {"vi": "Công đoàn cơ sở xem phiếu trong 5 ngày.", "en": "Within 5 days."},
    }
    titles = ("Về anh/chị", "Công việc", "Gia đình", "Giấy tờ")
    parts = [
        {"title": {"vi": title, "en": title}, "questions": read_text(text)}
        for title, text in zip(titles, (ABOUT, WORK, FAMILY, PAPERS), strict=True)
    ]
    return made(**texts, sections=parts, **settings)
