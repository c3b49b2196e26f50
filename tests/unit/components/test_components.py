"""The other components: the markup that the style sheet, the script and a screen reader rely on."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest

Render = Callable[..., Element]
NOON = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def one(tree: Element, path: str) -> Element:
    found = tree.findall(path)
    assert len(found) == 1, f"{path}: {len(found)}"
    return found[0]


def test_one_mark_stands_for_one_organisation(render: Render) -> None:
    tree = render("{{ tally(signed=14, asked_again=3, opened=4, not_opened=5, declined=1) }}", "tally:tally")
    tally = one(tree, "p[@class='tally']")
    marks = [i.get("class", "") for i in tally.findall("i")]
    assert marks == ["good"] * 14 + ["warn"] * 3 + [""] * 4 + ["none"] * 5 + ["bad"]
    assert tally.get("aria-hidden") == "true"


def test_a_timeline_says_the_same_as_its_table(render: Render) -> None:
    days = [
        SimpleNamespace(short="23 Mon", long="Mon 23 November", is_last=False, counts=[]),
        SimpleNamespace(short="24 Tue", long="Tue 24 November", is_last=True, counts=[(3, 1, "none"), (4, 2, "good")]),
    ]
    tree = render("{{ timeline(days, 'The red line is the deadline.') }}", "timeline:timeline", days=days)
    drawn = [[i.get("class") for i in day.findall("i")] for day in tree.findall(".//ol/li")]
    assert drawn == [[], ["none", "good", "good"]]
    assert [li.get("class") for li in tree.findall(".//ol/li")] == [None, "last"]
    rows = [[words(cell) for cell in row] for row in tree.findall(".//tbody/tr")]
    assert rows == [
        ["Mon 23 November", "", "0"],
        ["Tue 24 November", "3", "1"],
        ["Tue 24 November", "4", "2"],
    ]


def test_an_instant_is_said_in_both_zones(render: Render) -> None:
    tree = render("{{ instant(at) }}", "instant:instant", at=NOON)
    assert one(tree, "time").get("datetime") == "2026-11-26T18:00:00+02:00"
    assert words(tree) == "26.11.2026, 18:00 Vilnius (17:00 Warsaw, your time)"


def test_an_instant_is_said_once_where_the_zones_agree(render: Render, templates: object) -> None:
    templates.filters["both_zones"] = lambda _moment: ("2026-11-26T18:00+02:00", "18:00 Vilnius", None)  # type: ignore[attr-defined]
    assert words(render("{{ instant(at) }}", "instant:instant", at=NOON)) == "18:00 Vilnius"


def test_a_deadline_counts_down_only_by_script_or_by_the_servers_words(render: Render) -> None:
    silent = render("{{ deadline('Signing ends', at) }}", "deadline:deadline", at=NOON)
    told = render("{{ deadline('Signing ends', at, left='in 5 hours') }}", "deadline:deadline", at=NOON)
    over = render("{{ deadline('Signing ended', at, passed=true) }}", "deadline:deadline", at=NOON)
    assert one(silent, ".//time[@data-until]").get("hidden") == ""
    assert one(told, ".//time[@data-until]").get("hidden") is None
    assert words(told) == "Signing ends in 5 hours: 26.11.2026, 18:00 Vilnius (17:00 Warsaw, your time)."
    assert over.find(".//time[@data-until]") is None
    assert words(over) == "Signing ended: 26.11.2026, 18:00 Vilnius (17:00 Warsaw, your time)."


def test_facts_take_pairs_triples_and_bodies(render: Render) -> None:
    source = (
        "{% call facts([('Version', '4'), ('Name', 'Чайка', change('/x', 'the name'))]) %}"
        "{% call fact('Hash', kind='hash') %}<b>ab</b>{% endcall %}{% endcall %}"
    )
    tree = render(source, "facts:facts, fact, change")
    rows = [[words(cell) for cell in row] for row in one(tree, "dl[@class='facts']")]
    assert rows == [["Version", "4"], ["Name", "Чайка", "Change the name"], ["Hash", "ab"]]
    assert one(tree, ".//dd[@class='hash']/b").text == "ab"
    assert words(one(tree, ".//a[@href='/x']/span[@class='unseen']")) == "the name"


def test_signatories_carry_their_language(render: Render) -> None:
    entries = [
        {"name": "Human Tide Network", "language": "en"},
        {"name": "<Чайка>", "language": "be", "note": "name withheld"},
        {"name": "Third Bank Initiative", "is_you": True},
    ]
    tree = render("{{ signatories(entries) }}", "signatories:signatories", entries=entries)
    assert [words(row) for row in tree.findall("ul[@class='signatories']/li")] == [
        "Human Tide Network",
        "<Чайка>name withheld",
        "Third Bank Initiative",
    ]
    assert [(li.get("lang"), li.get("class")) for li in tree.findall(".//li")] == [
        ("en", None),
        (None, None),
        (None, "you"),
    ]
    assert one(tree, ".//span[@lang='be']").text == "<Чайка>"


def test_a_redline_escapes_the_words_it_marks(render: Render) -> None:
    pieces = [("same", "within "), ("gone", "three"), ("new", "<five>"), ("same", " days")]
    tree = render("<p>{{ redline(pieces) }}</p>", "redline:redline", pieces=pieces)
    assert words(tree) == "within three<five> days"
    assert (one(tree, ".//del").text, one(tree, ".//ins").text) == ("three", "<five>")


def test_a_post_button_is_a_form_with_a_token(render: Render) -> None:
    tree = render(
        "{{ post_button('Accept', '/x', kind='primary', fields={'v': 4}, unseen='Pavel') }}", "post_button:post_button"
    )
    form = one(tree, "form[@method='post']")
    assert form.get("action") == "/x"
    assert [(i.get("name"), i.get("value")) for i in form.findall("input")] == [("csrf_token", "token-1"), ("v", "4")]
    assert words(one(form, "button[@class='primary']")) == "Accept Pavel"


def test_told_once_is_a_plain_form_without_script(render: Render) -> None:
    form = one(render("{{ post_once('I have opened it', '/x') }}", "post_button:post_once"), "form[@data-once]")
    assert form.get("hidden") is None
    assert words(form) == "I have opened it"
    assert one(form, "input[@name='csrf_token']").get("value") == "token-1"


@pytest.mark.parametrize(
    ("source", "imports", "path"),
    [
        ("{{ copy_button('Copy link', 'https://x') }}", "button:copy_button", "button[@data-copy='https://x']"),
        ("{{ toolbar() }}", "toolbar:toolbar", "div[@class='toolbar']"),
    ],
)
def test_what_needs_script_starts_hidden(render: Render, source: str, imports: str, path: str) -> None:
    assert one(render(source, imports), path).get("hidden") == ""


def test_a_board_row_is_ticked_locked_or_neither(render: Render) -> None:
    source = (
        "{% call board() %}"
        "{% call board_row('Night Archive', tick=('nudge', '1'), checked=true) %}Not opened{% endcall %}"
        "{% call board_row('Чайка', tick=('nudge', '2'), locked=true, lang='be') %}Nudged today{% endcall %}"
        "{% endcall %}"
    )
    tree = render(source, "board:board, board_row")
    boxes = tree.findall("ul[@class='listing board']/li/div[@class='what']/label/input")
    assert [(b.get("value"), b.get("checked"), b.get("disabled")) for b in boxes] == [("1", "", None), ("2", None, "")]
    assert [words(p) for p in tree.findall(".//p[@class='when']")] == ["Not opened", "Nudged today"]


def test_an_item_of_a_listing(render: Render) -> None:
    source = (
        "{% call listing(ordered=true) %}{% call item(when='Today', strong='in 5 hours', do=button('Read', address='/r'), tone='warn') %}"
        "{{ item_title('Letters', '/s', lang='en') }}{% endcall %}{% endcall %}"
    )
    tree = render(source, "listing:listing, item, item_title;button:button")
    row = one(tree, "ol[@class='listing']/li[@class='warn']")
    assert [cell.get("class") for cell in row] == ["when", "what", "do"]
    assert one(row, "div/h2[@class='title']/a[@lang='en']").get("href") == "/s"


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("{{ verdict('Yes', 'good') }}", "verdict:verdict"),
        ("{% call message(heading='Changed', id='m') %}<p>x</p>{% endcall %}", "message:message"),
        ("{% call addition('Annex 1', 'annex-1') %}<p>x</p>{% endcall %}", "addition:addition"),
        ("{{ empty('Nothing waits for you', id='e1', level=3) }}", "empty:empty"),
    ],
)
def test_a_section_is_named_by_its_heading(render: Render, source: str, imports: str) -> None:
    section = one(render(source, imports), "section")
    heading = one(section, f"*[@id='{section.get('aria-labelledby')}']")
    assert heading.tag in {"h1", "h2", "h3"}


def test_a_hash_is_shortened_only_when_asked(render: Render) -> None:
    long = "559aead08264d5795d3909718cdd05ab"
    assert words(render("{{ hash(value) }}", "hash:hash", value=long)) == long
    assert words(render("{{ hash(value, short=true) }}", "hash:hash", value=long)) == "559aead08264d579…"
