"""Texts and pages that are put together from what goes wrong: invisible characters, entities, tags, scripts, quotes."""

from __future__ import annotations

from hypothesis import strategies as st

PROSE = (
    "The minister told reporters in the morning that the old bridge would stay closed until the spring. ",
    "Engineers found rot in two of the six oak beams, and the cost of replacing them has doubled. ",
    "Shopkeepers on the far bank are less patient, said one baker, “and who can blame us?” ",
    "She walked home, and her brother - a tall man - waited at the door with the dog.\n\n",
    "The fights hired the hostility of the maximum chorus, and the brondlesk was rapsutive again. ",
)
FOREIGN = (
    "Die Regierung hat gestern beschlossen, dass die neuen Regeln erst im Herbst gelten sollen. ",
    "Le gouvernement a décidé hier que les nouvelles règles entreront en vigueur à l'automne. ",
    "По данным полиции, в аварии никто серьёзно не пострадал. ",
    "وقالت الشرطة إن أحدا لم يصب بجروح خطيرة في الحادث. ",
    "去年这座城市建造了一千多套新的住房。",
    "昨年この街では千戸以上の新しい住宅が建てられました。",
    "Η κυβέρνηση αποφάσισε χθες. ",
    "ภาษาไทย ",
)
INVISIBLE = (
    "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufe0f", "\ufe01", "\u200e", "\u202a", "\u2066", "\ufeff",
    "\u061c", "\u034f", "\U000e0061", "\x00", "\x93", "\x85", "\ufffd", "\ud800",
)  # fmt: skip
ENTITIES = (
    "&quot;", "&#39;", "&amp;nbsp;", "&amp;amp;quot;", "&shy;", "&#x200b;", "&lt;b&gt;", "&#38;#38;", "&;", "&#;",
    "&#xd800;", "&#1114112;", "& amp ;", "&notit;", "&amp;" * 5,
)  # fmt: skip
MOJIBAKE = ("itâ€™s ", "cafÃ© ", "â€œno”", "Ã¢â‚¬â„¢", "â€\ufffd", "caf√©", "‚Äô", "Ã", "Â ", "вЂ”")
LETTERS = (
    "e\u0301", "\u0301" * 40, "ﬁ", "𝐛𝐫𝐢𝐝𝐠𝐞", "ｂｒｉｄｇｅ，", "\u3000", "ℝ", "Å", "\u1112\u1161\u11ab", "か\u3099",
    "x\u0323\u0301", "👩\u200d🏫", "🇬🇧", "İ", "ß", "ǆ",
)  # fmt: skip
MARKS = (
    "“", "”", "„", "«", "»", '"', "‘", "’", "(", ")", "[", "]", "*", ":", ";", ",", ".", "?!", "…", " - ", " -", "- ",
    "-", "--", "|", "•", ":” ", "“,", "#", "@", "_", "/", "~", "&", "<", ">", "1,000.5", "1999",
)  # fmt: skip
BREAKS = ("\n", "\n\n", "\r\n", "\r", "\u2028", "\x0b", "\t", "  ", "-\n", "\u00ad\n", "‐\n  ")
LINES = (
    "Home | News | Sport\n",
    "Write a Reply\n",
    "Monday, March 3, 2025\n",
    "• item\n",
    "u r gud lol\n",
    "17\n",
)
WORDS = (
    "com",
    "posed",
    "bridge",
    "BRIDGE",
    "Brondlesko",
    "Brondlesco",
    "www.a.com",
    "dey",
    "og",
    "und",
    "a" * 70,
)

PIECES = (*PROSE, *FOREIGN, *INVISIBLE, *ENTITIES, *MOJIBAKE, *LETTERS, *MARKS, *BREAKS, *LINES, *WORDS)

NAMES = (
    "p", "div", "b", "i", "a", "font", "span", "table", "tr", "td", "ul", "li", "h1", "article", "nav", "footer",
    "script", "style", "svg", "math", "template", "select", "option", "object", "textarea", "pre", "br", "x",
)  # fmt: skip
ATTRIBUTES = (
    "",
    ' class="translated-ltr"',
    " a=1",
    " a='",
    ' href="//x.translate.goog/"',
    " hidden",
    "/",
    " a a a",
)

text_pieces = st.one_of(st.sampled_from(PIECES), st.text(max_size=12))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Prose with anything between its sentences and its letters."""
    pieces = draw(st.lists(text_pieces, max_size=25))
    prose = draw(st.lists(st.sampled_from(PROSE), max_size=4))
    times = draw(st.sampled_from((1, 1, 1, 2, 30)))
    return "".join(draw(st.permutations([*pieces, *prose]))) * times


@st.composite
def dirty_words(draw: st.DrawFn) -> tuple[str, str]:
    """Prose, and the same with characters in its words that nobody sees or that are written otherwise."""
    prose = "".join(draw(st.lists(st.sampled_from(PROSE), min_size=2, max_size=5)))
    places = draw(st.sets(st.integers(1, len(prose) - 1), max_size=30))
    letters: list[str] = []
    for place, letter in enumerate(prose):
        inside = place in places and prose[place - 1].isalpha() and letter.isalpha()
        letters.append(draw(st.sampled_from(INVISIBLE[:14])) if inside else "")
        letters.append(letter)
    return prose, "".join(letters)


@st.composite
def tags(draw: st.DrawFn) -> str:
    """A start tag, an end tag, or something like one."""
    name = draw(st.sampled_from(NAMES))
    form = draw(
        st.sampled_from(("<{}{}>", "<{}{}>", "</{}{}>", "<{}{}", "</{}{}", "<!--{}{}", "<{}{}/>", "<!{}{}>"))
    )
    return form.format(name, draw(st.sampled_from(ATTRIBUTES)))


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Web pages, most of them broken."""
    pieces = draw(st.lists(st.one_of(tags(), text_pieces, st.sampled_from(PROSE)), max_size=40))
    return "".join(pieces) * draw(st.sampled_from((1, 1, 1, 3, 60)))
