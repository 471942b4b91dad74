"""The body: what is left out of a page, and above all what is not."""

from __future__ import annotations

import pytest

from mtscore.text.body import dominant_language, find_body
from mtscore.text.html import read_html

TITLE = "Council delays bridge works again"
PARAGRAPHS = (
    "The footbridge over the mill stream will stay closed until the spring, the town council said today.",
    "Engineers found rot in two of the six oak beams last month, and the cost of replacing them has doubled.",
    "Shopkeepers on the far bank are less patient, and one baker said that her takings fell by a third.",
    "The council will vote on a new contract in three weeks, and hopes to finish before the summer fair.",
)
ARTICLE = "\n\n".join((TITLE, *PARAGRAPHS))
POEM = """The gate stood open to the lane
and no one came to close it
the wind that brought the early rain
did not suppose it"""
RECIPE = """Bean soup
2 cups dried beans
1 onion
1 carrot
Salt
Soak the beans overnight and drain them.
Cook with the rest for an hour."""
CHAT = "hey\nu there?\nya wat\nlunch at 1 lor\nok see u\nhaha\nok"
TRANSCRIPT = """Operator: Good morning.
Jane Field: Thank you. Hello everyone.
Operator: First question.
Sam Ho: Hi, thanks."""
HEADLINES = "Storm closes harbour\nMayor resigns\nUnited win again\nPrices rise in May"


def kept(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_body(text).spans]


@pytest.mark.parametrize("text", [ARTICLE, POEM, RECIPE, CHAT, TRANSCRIPT, HEADLINES, PARAGRAPHS[0], TITLE])
def test_an_article_of_any_genre_is_kept_whole(text: str) -> None:
    assert kept(text) == [text]


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ("hide\nhide\n\n", "\n\nWrite a Reply"),
        (
            "Monday, March 3, 2025\nStartLocal" + TITLE + "\n\n",
            "\n\nMORE STORIES\n\nPlease enter your name!\nSearch",
        ),
        (
            "Home | News | Sport | Weather\n",
            "\nOriginal page\n\nRoads, Town Council, Oak Beams, Mill Stream, Trade, Fairs",
        ),
        (
            "Inicio | Calles | Compras | Ocio\nCrear una cuenta o entrar\n",
            "\nDeja un comentario\nVolver arriba",
        ),
        ("القائمة\n\n", "\n\nأضف تعليقا\n\nلن ينشر بريدك الإلكتروني. الحقول المطلوبة محددة.\nرجوع\nرجوع"),
        ("首页\n登录\n", "\n发表评论\n您的电子邮箱不会被公开。必填项已标注。"),
    ],
)
def test_furniture_around_the_article_is_left_out(top: str, bottom: str) -> None:
    assert kept(top + ARTICLE + bottom) == [ARTICLE]


def test_of_a_repeated_title_the_last_is_kept() -> None:
    assert kept(f"{TITLE}\n\nEditor\n\n{ARTICLE}") == [ARTICLE]


def test_a_line_cut_off_after_a_preposition_is_an_advertisement() -> None:
    paragraphs = list(PARAGRAPHS)
    text = "\n\n".join([*paragraphs[:2], "Garden tool offers - starting at", *paragraphs[2:]])
    assert kept(text) == ["\n\n".join(paragraphs[:2]), "\n\n".join(paragraphs[2:])]


def test_a_label_that_returns_between_paragraphs_is_left_out() -> None:
    assert kept("\nAdvertisement\n".join(PARAGRAPHS)) == list(PARAGRAPHS)


def test_subheadings_and_lists_inside_the_article_are_kept() -> None:
    wishes = "The council wants:\n\n• new beams\n• a rail"
    text = f"{PARAGRAPHS[0]}\n\nWhat went wrong\n\n{PARAGRAPHS[1]}\n\n{wishes}\n\n{PARAGRAPHS[2]}"
    assert kept(text) == [text]


def test_a_list_that_ends_the_article_is_kept() -> None:
    text = f"{ARTICLE}\n\nThe council needs:\n\n• new beams\n• a rail\n• two lamps"
    assert kept(text) == [text]


def test_foreign_lines_around_a_poem_are_left_out() -> None:
    assert kept(f"Главная\nВойти\n{POEM}\nОставить комментарий") == [POEM]


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Die Regierung hat gestern beschlossen, dass die neuen Regeln erst im Herbst gelten sollen.", "de"),
        ("Le gouvernement a décidé hier que les nouvelles règles entreront en vigueur à l'automne.", "fr"),
        ("El gobierno decidió ayer que las nuevas normas no entrarán en vigor hasta el otoño.", "es"),
        ("Monet asukkaat pelkäävät, että melu lisääntyy entisestään remontin jälkeen.", "fi"),
        ("Polise göre kazada hiç kimse ağır şekilde yaralanmadı.", "tr"),
        ("Banyak warga khawatir kebisingan akan semakin bertambah setelah pembangunan selesai.", "id"),
        ("По данным полиции, в аварии никто серьёзно не пострадал.", "ru"),
        ("Уряд учора вирішив, що нові правила набудуть чинності лише восени.", "uk"),
        ("وقالت الشرطة إن أحدا لم يصب بجروح خطيرة في الحادث.", "ar"),
        ("去年这座城市建造了一千多套新的住房。", "zh"),
        ("昨年この街では千戸以上の新しい住宅が建てられました。", "ja"),
    ],
)
def test_three_cases_of_a_foreign_sentence(sentence: str, language: str) -> None:
    inside = f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]} {sentence} {PARAGRAPHS[2]}\n\n{PARAGRAPHS[3]}"
    body = find_body(inside)
    assert [(inside[f.start : f.end], f.language, f.is_quoted) for f in body.foreign] == [
        (sentence, language, False)
    ]
    assert len(body.spans) == 1

    quoted = f"{PARAGRAPHS[0]}\n\nThe mayor said: “{sentence}”\n\n{PARAGRAPHS[1]}"
    assert [(f.language, f.is_quoted) for f in find_body(quoted).foreign] == [(language, True)]

    around = f"{sentence}\n\n{ARTICLE}\n\n{sentence}"
    assert kept(around) == [ARTICLE]
    assert not find_body(around).foreign


@pytest.mark.parametrize(
    "text",
    [
        "Manchester United 3 Arsenal 1",
        "Şahin and Çelik beat Müller in Düsseldorf",
        "Ana de la Cruz, José Muñoz and Hans van der Berg won for Real Sociedad",
        "di gofment don tok say dem go build new road for di people wey dey Lagos",
        "1996 2004 12:30 55%",
        "abcdefg",
        "Tn the ycar of onr Lord one thoufand and fix hundred the kmg did ride",
    ],
)
def test_names_numbers_pidgin_and_noise_are_not_foreign(text: str) -> None:
    body = find_body(text)
    assert body.foreign == ()
    assert dominant_language(body) is None


def test_a_text_in_another_language_is_named() -> None:
    text = "Die Regierung hat gestern beschlossen, dass neue Regeln gelten.\nEr wollte nicht sagen, wann."
    body = find_body(text)
    assert dominant_language(body) == "de"
    assert sum(body.languages.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u2028"])
def test_no_visible_line_no_body(text: str) -> None:
    body = find_body(text)
    assert (body.spans, body.languages, body.foreign) == ((), {}, ())
    assert dominant_language(body) is None


def test_spans_are_ordered_and_disjoint_on_odd_input() -> None:
    text = "\ufeff" + "\r\n".join([TITLE, "\ud800\x00", *PARAGRAPHS, "🙂" * 9, "Реклама", "…", "a" * 5000])
    ends = 0
    for span in find_body(text).spans:
        assert ends <= span.start < span.end <= len(text)
        ends = span.end


def test_a_web_page_gives_its_paragraphs() -> None:
    pytest.importorskip("resiliparse")
    paragraphs = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    page = (
        "<html><head><title>x</title><script>var menu = 'of the page';</script></head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/s'>Sport</a></li></ul></nav>"
        f"<article><h1>{TITLE}</h1>{paragraphs}</article><footer>Imprint</footer></body></html>"
    )
    text = read_html(page)
    assert text == ARTICLE
    assert kept(text) == [ARTICLE]


@pytest.mark.parametrize(
    "page", ["", "<", "<p>\x00\ud800", "<div>" * 5000 + "deep words", "<a" * 5000, "<!--" * 5000]
)
def test_hostile_pages_give_text_or_nothing(page: str) -> None:
    pytest.importorskip("resiliparse")
    assert isinstance(read_html(page), str)


def test_deep_pages_are_flattened() -> None:
    assert (
        read_html("<div>" * 1000 + "<p>One &amp; two</p><b>th</b>ree<script>x</script>")
        == "One & two\n\nthree"
    )


def test_one_word_over_and_over_is_no_language() -> None:
    text = "The player was born in 1911 and stayed with the club until he retired. In 1995 " + "bol " * 300
    assert dominant_language(find_body(text)) is None
