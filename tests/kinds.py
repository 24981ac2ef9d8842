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
