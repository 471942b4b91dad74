"""Each kind of evidence: what is found, and the near miss that must not be. All texts are our own."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtscore.findings.brands import is_address
from mtscore.findings.collection import find_evidence, without_overlaps
from mtscore.findings.invented import COMPANY_WEIGHT, LONE_WEIGHT, NEAR_WEIGHT
from mtscore.findings.scans import SHORT_FREQUENT, Misreadings
from mtscore.findings.source_language import DOUBT, source_languages
from mtscore.findings.strength import strength
from mtscore.findings.untranslated import STRAY_WEIGHT
from mtscore.records import Evidence, EvidenceKind, Span
from mtscore.signals.analysis import Models, analyse
from mtscore.signals.extraction import Extraction
from mtscore.text.body import find_body
from mtscore.text.segmentation import segment
from mtscore.words.gazetteer import gazetteer_of
from mtscore.words.language_model import LanguageModel
from mtscore.words.lexicon import Lexicon
from mtscore.words.morphology import LetterModel, Vocabulary, distance
from mtscore.words.pivots import pivots_in
from training import pivots as training_pivots
from training.names import read_names
from training.words import read_words, write_words

ARPA = r"""\data\
ngram 1=10
ngram 2=6
ngram 3=2

\1-grams:
-3.0	<unk>	0
0	<s>	0
-1.0	</s>	0
-2.0	olaf	-0.5
-3.0	scholz	0
-3.0	heavy	-0.3
-3.0	traffic	-0.3
-3.0	long	-0.3
-3.0	-	-0.3
-3.0	term	-0.3

\2-grams:
-0.3	olaf scholz	0
-0.1	heavy traffic	0
-1.0	long -	-0.1
-1.0	term -	-0.1
-2.0	- term	0
-2.0	- long	0

\3-grams:
-0.1	long - term
-0.1	term - long

\end\
"""
"""The backward model is the same file: it reads sentences from their end."""

ENGLISH = """
the a an of and to in on at with for from by was were is are be been has had have it its he she they who which
this that not but very more most after before during when while about over under into out up down one two three six
minister ministers said told reporters talks government city council road bridge bridges traffic heavy morning
evening winter summer rain river water people town school children teacher teachers useful happy calm house houses
market price prices long term hour meeting meetings offer offers opened closed began ended walked waited called
asked leader leaders country peace war agreement agreements new old small large public work works worker workers
build builder builders building read reading reader readers nation national rail railway station train trains late
early again often never always home street streets police officer officers company companies report reports week
month year day days night letter letters plan plans vote votes law laws court judge judges fall falls fell sea ship
""".split()
FUNCTION = frozenset("the a an of and to in on at with for from by".split())
"""Words that are their own class."""
RARE_ENGLISH = """
giggled denial military roadhouse schoolhouse oeuvre fetology archaeologist archaeological
asking heaps then saw website sorry again bus haha
""".split()
NAMES = """
bolsonaro brazil lisbon harriet johnson johnston iraq iraqi scholz olaf phi london maria iraqian paleotown
""".split()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """A model folder with a word table, an English word list and two dictionaries."""
    folder = tmp_path_factory.mktemp("evidence")
    for name in ("forward.bin", "backward.bin", "syntax.bin"):
        (folder / name).write_text(ARPA, encoding="ascii")
    rows = [
        f"{word}\t{900 - i}\t{word if word in FUNCTION else f'c{i % 7}'}" for i, word in enumerate(ENGLISH)
    ]
    rows += [f"{word}\t400\tc8" for word in NAMES]
    rows += [f"{mark}\t500\t{mark}" for mark in ',.";:-()?!']
    rows += ["filler\t900000\tc9"]
    with gzip.open(folder / "lexicon.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("".join(row + "\n" for row in rows))
    write_words([*ENGLISH, *RARE_ENGLISH], folder / "words.txt.gz")
    dictionaries = folder / "dictionaries"
    dictionaries.mkdir()
    with gzip.open(folder / "names.txt.gz", "wt", encoding="utf-8") as out:
        out.write("lisbom\nzemblovitch\n")
    for code, lines in (
        ("de", ("Regierung\tgovernment\twikt", "brücke\tbridge\twikt", "und\tand\twikt")),
        (
            "sv",
            (
                "regering\tgovernment\twikt",
                "brücke\tship\twikt",
                "skola\tschool\twikt",
                "shíp\tplan\twikt",
                "wár\twar\twikt",
            ),
        ),
    ):
        with lzma.open(dictionaries / f"{code}.tsv.xz", "wt", encoding="utf-8") as out:
            out.write("".join(line + "\n" for line in lines))
    words = frozenset(ENGLISH)
    lexicon = Lexicon(folder / "lexicon.tsv.gz")
    training_pivots.build(dictionaries, lexicon, words, folder / "pivots.npz")
    paths = (folder / name for name in ("forward.bin", "backward.bin", "syntax.bin"))
    return Models(*(LanguageModel(path) for path in paths), lexicon)


FRAME = (
    "The minister said the talks with the council were long. {} "
    "The people of the town walked to the old bridge in the morning and waited for the train. "
    "Reporters asked the government about the price of the new road."
)


@pytest.fixture(scope="module")
def find(models: Models) -> Callable[..., list[Evidence]]:
    """The findings of a text; checks that every span is an exact slice of it."""

    def run(text: str, limit: int | None = None) -> list[Evidence]:
        body = find_body(text)
        doc = Extraction(text, body, analyse(segment(text, body.spans), models), {}, np.zeros(0), None)
        found = find_evidence(doc, models, limit=limit)
        for item in found:
            assert item.text == text[item.start : item.end]
            assert any(span.start <= item.start and item.end <= span.end for span in body.spans)
            assert item.sentence.start <= item.start < item.sentence.end
            assert item.weight > 0
        assert [item.weight for item in found] == sorted((item.weight for item in found), reverse=True)
        return list(found)

    return run


def kinds(found: list[Evidence]) -> list[tuple[str, str]]:
    return [(item.kind, item.text) for item in found]


def test_clean_text_has_no_findings(find: Callable[..., list[Evidence]]) -> None:
    assert find(FRAME.format("The traffic in the streets was heavy.")) == []
    assert find("") == []


@pytest.mark.parametrize("word", ["stabilicitants", "streetlomp", "rapsutive"])
def test_an_invented_word_is_found(find: Callable[..., list[Evidence]], word: str) -> None:
    found = find(FRAME.format(f"The government asked the {word} for the market."))
    assert kinds(found) == [("invented_word", word)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The people giggled at the meeting.",  # in the word list, not in the word table
        "The rereading of the letters was long.",  # formed of known parts
        "The trainless town was calm.",
        "The waterhouse was closed.",  # a compound, as "roadhouse" and "schoolhouse" are
        "The town has a Zemblovitch in it.",  # a name
        "The work is in road_bridgelomp and at bridgelomp.org.",
        "The council read @wuxlomper and #gravlomp.",
        "The (brondlesk) was closed and a “flompish trell” opened.",  # marked as foreign or coined
        "The flombery fell. A flombery is a ship. One flombery was late.",  # a term of the document
        "The council called it grmpf and xkcdqzv.",  # no word at all
        "It was sooooo late and the hahahaha ended.",
        "He told of the heavytraffic in the town.",  # two words that often follow each other, run together
        "It was a non-brondlesk house.",  # too little beside the hyphen to be a word of the text's
        "It was fell.\nrondlesk talks were calm.",  # the line may have lost its first letter
        "The Brondlesk was closed.",  # a name
        "The town had a Brondia flomparensis.",  # a Latin name
        "The town had an H. trellompata in the river.",
        "The people read the brondlesk website.",  # what it is stands beside it
        "The people read brondlesk .com and wwwbrondlesk in the town.",
        "They read RailHouse, brondlesk, Trellomp and gravlosk in the morning.",  # a list with a brand in it
        "They read brondlesk, town.com, and trellompy in the morning.",
        "They read brondlesk, trellompy, gravlosk or flompish at home.",  # a list of names, and nothing around it
    ],
)
def test_what_only_looks_invented_is_not(find: Callable[..., list[Evidence]], sentence: str) -> None:
    assert find(FRAME.format(sentence)) == []


def test_a_capital_where_only_an_adjective_can_stand(find: Callable[..., list[Evidence]]) -> None:
    found = find(FRAME.format("He called it “so calm and Brondlig” at the meeting."))
    assert kinds(found) == [("invented_word", "Brondlig")]
    assert find(FRAME.format("He was the leader of Useful and Brondlig in the city.")) == []


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("The minister read the brondlesk’s report.", "brondlesk"),
        ("It was a long brondlesk-council meeting.", "brondlesk"),
        ("The roadended late.", "roadended"),  # nothing ends compounds with "ended"
        ("After the talks the Brondlopament was closed.", "Brondlopament"),  # no name ends so
        ("The Brondlesk website was a trellomp.", "trellomp"),  # not the word beside "website"
        ("It was brondlesk, old and calm.", "brondlesk"),  # a list without brands
        ("They read RailHouse and brondlesk.", "brondlesk"),  # too short for a list
        ("They read RailHouse, the, brondlesk.", "brondlesk"),  # the list ends at a function word
        ("They asked McLomper, LeTrell and brondlesk.", "brondlesk"),  # names of people, no brands
        ("They asked Trellomp, PhD, and brondlesk.", "brondlesk"),
    ],
)
def test_invented_words_in_every_dress(find: Callable[..., list[Evidence]], sentence: str, word: str) -> None:
    assert kinds(find(FRAME.format(sentence))) == [("invented_word", word)]


@pytest.mark.parametrize(
    ("word", "is_strange"),
    [
        ("brondlesumab", False),
        ("trellomafloxacin", False),
        ("brondlestinib", False),
        ("ramab", True),  # too short
        ("mabrondlesk", True),
        ("gravlentide", True),
        ("brondlivir", True),
        ("trellomacin", True),
        ("gravlocept", True),
    ],
)
def test_medicines_are_named_so(find: Callable[..., list[Evidence]], word: str, is_strange: bool) -> None:
    found = find(FRAME.format(f"The people asked for {word} again."))
    assert kinds(found) == [("invented_word", word)] * is_strange


def test_strange_words_speak_for_each_other(find: Callable[..., list[Evidence]]) -> None:
    """Two within six tokens weigh more than one alone; a word near a known one weighs least."""
    alone = find(FRAME.format("The old ship has brondlesk in the morning."))
    together = find(FRAME.format("The old ship has brondlesk and trellompy gravlosk."))
    assert [item.weight for item in alone] == [LONE_WEIGHT]
    assert [item.weight for item in together] == [COMPANY_WEIGHT] * 3
    near = find(FRAME.format("The goverxment was closed."))
    assert [item.weight for item in near] == [NEAR_WEIGHT]
    both = find(FRAME.format("The goverxment was brondlesk."))
    assert [item.weight for item in both] == [COMPANY_WEIGHT] * 2


def test_a_list_of_strange_words_among_others(find: Callable[..., list[Evidence]]) -> None:
    """Four strange words in a list are names, unless their surroundings are as strange; three are none."""
    listed = "brondlesk, trellompy, gravlosk and flompish"
    assert find(FRAME.format(f"They read {listed} at home.")) == []
    found = find(FRAME.format(f"They rapsutived {listed} at home."))
    assert [item.weight for item in found] == [COMPANY_WEIGHT] * 5
    found = find(FRAME.format("They read brondlesk, trellompy and gravlosk at home."))
    assert [item.weight for item in found] == [COMPANY_WEIGHT] * 3


def test_a_loose_full_stop_is_no_domain() -> None:
    """What stands behind a loose full stop is debris, but for the endings that no English word is."""
    assert is_address("brondlesk.in the town", 0, 9)
    assert is_address("brondlesk .com", 0, 9)
    assert not is_address("brondlesk .in the town", 0, 9)
    assert not is_address("brondlesk .me", 0, 9)


@pytest.mark.parametrize(
    ("word", "is_strange"),
    [
        ("œuvre", False),  # "oeuvre" is in the word list
        ("fœtology", False),  # and so is "fetology"
        ("archæologist", False),
        ("unarchæological", False),  # formed of known parts
        ("brændlig", True),
    ],
)
def test_ligatures(find: Callable[..., list[Evidence]], word: str, is_strange: bool) -> None:
    found = find(FRAME.format(f"It was an old {word} of the town."))
    assert kinds(found) == [("untranslated", word)] * is_strange


def test_letters_that_english_does_not_borrow(find: Callable[..., list[Evidence]]) -> None:
    """What is written "bridgē" is no bridge; "hôuse" might be one to write "house"."""
    assert kinds(find(FRAME.format("The town had a bridgē again."))) == [("untranslated", "bridgē")]
    assert find(FRAME.format("The town had a hôuse again.")) == []


def test_lists_are_not_chat(find: Callable[..., list[Evidence]]) -> None:
    """Long lines that begin with a small letter have lost the large one; short ones are chat."""
    line = "he people of the town walked to the old bridge in the morning and waited for the late train."
    assert kinds(find("\n".join([line] * 6 + [FRAME.format("The road was rapsutive.")]))) == [
        ("invented_word", "rapsutive")
    ]
    assert find("\n".join(["the road was long"] * 6 + ["the road was so rapsutive again"])) == []


def test_chat_in_small_letters_keeps_its_doubled_words(find: Callable[..., list[Evidence]]) -> None:
    lines = ["the road was long"] * 6 + [
        "the rapsutive leader is Bossonaro or or Bolsonaro or Bolsonaro again"
    ]
    assert kinds(find("\n".join(lines))) == [("repetition", "or or")]


TEXTING = "The bus is late\nThe plan was thx to u\nOk the road is gud\nHaha the bridge was closed\n"
"""Four words of texting."""


@pytest.mark.parametrize(
    "line",
    [
        "The road was rapsutive again",
        "The leader is Bossonaro or Bolsonaro or a plan of Bolsonaro",
        "It was the the bridge",
        "Sorry sorry sorry sorry",
    ],
)
def test_text_messages_have_their_own_spelling(find: Callable[..., list[Evidence]], line: str) -> None:
    assert find(TEXTING + line) == []
    assert find(FRAME.format(f"\n{line}.\n")) != []


def test_few_words_of_texting_make_no_text_message(find: Callable[..., list[Evidence]]) -> None:
    """Words of four kinds are needed, and eight in a thousand words."""
    strange = [("invented_word", "rapsutive")]
    assert kinds(find(FRAME.format("Lol, lol, lol, haha, said u: the road was rapsutive."))) == strange
    many = FRAME.format("The road was open.") * 14
    assert kinds(find(many + FRAME.format("Lol, haha, thx, said u: the road was rapsutive."))) == strange


@pytest.mark.parametrize(
    "line",
    [
        "The council asked Wen, Sia, Dun and Liao",  # names
        "The council asked wen, sia, dun and u.s. talks",
    ],
)
def test_names_are_no_words_of_texting(find: Callable[..., list[Evidence]], line: str) -> None:
    assert kinds(find(FRAME.format(f"{line}: the road was rapsutive."))) == [("invented_word", "rapsutive")]
    assert find(FRAME.format("The council asked wen, sia, dun, liao: the road was rapsutive.")) == []


@pytest.mark.parametrize(
    ("line", "is_scanned"),
    [
        ("The bridge of ~ the city ~ was, &c. closed by the ministcr again", True),
        ("The bridge of ~ the city,; was closed by the ministcr of b men again", True),
        ("The bridge of the city, &c. was closed. by b men,; again", True),
        ("The bridge of ~ the city ~ was ~ closed ~ by the ministcr again", False),  # two kinds of traces
        ("The bridge of ~ the city, &c. was closed by the ministcr again", False),  # three traces
        # none of the surer ones
        ("The bridge; of the city was closed. by b men,; with k others again", False),
        ("The city&copy; was closed. by b men,; etc. and the &c=road", False),
        ("The «old» bridge_of the *city* was | closed. by b men,; again", False),
    ],
)
def test_print_that_a_machine_has_read(
    find: Callable[..., list[Evidence]], line: str, is_scanned: bool
) -> None:
    """Strange words and names in it are the scanner's."""
    found = find(FRAME.format(f"{line}: the road was rapsutive."))
    assert ("rapsutive" in [item.text for item in found]) != is_scanned


def test_what_trains_has_no_exemptions(models: Models) -> None:
    """Strange words in text messages, chats and scans count where a classifier learns from them."""
    texts = (
        TEXTING + "The road was rapsutive again",
        FRAME.format("The bridge of ~ the city ~ was, &c. closed by the ministcr: the road was rapsutive."),
        "\n".join(["the road was long"] * 6 + ["the road was so rapsutive again"]),
    )
    for text in texts:
        body = find_body(text)
        doc = Extraction(text, body, analyse(segment(text, body.spans), models), {}, np.zeros(0), None)
        assert "rapsutive" not in [item.text for item in find_evidence(doc, models)]
        assert "rapsutive" in [item.text for item in find_evidence(doc, models, exemptions=False)]


def test_a_long_article_needs_more_traces(find: Callable[..., list[Evidence]]) -> None:
    """Four in 500 words are just enough."""
    scan = "The bridge of ~ the city ~ was, &c. closed by the ministcr again: the road was rapsutive."
    fill = FRAME.format("")
    assert find(FRAME.format(scan) + fill * 10) == []
    found = find(FRAME.format(scan) + fill * 16)
    assert sorted(item.text for item in found) == ["ministcr", "rapsutive"]


@pytest.mark.parametrize("word", ["himfelf", "tlie", "thc", "uumerous", "eouuty", "coimty"])
def test_a_scanner_confuses_what_looks_alike(word: str) -> None:
    assert word in Misreadings(["the", "himself", "numerous", "county"])


@pytest.mark.parametrize("word", ["himpelf", "tge", "iii", "brondlesk", "nnnnonoffff", "countries"])
def test_other_strange_words_are_not_misread(word: str) -> None:
    assert word not in Misreadings(["the", "himself", "numerous", "county"])


def test_only_the_most_frequent_short_words_are_misread() -> None:
    frequent = [f"filler{number}" for number in range(SHORT_FREQUENT)]
    assert "tlie" in Misreadings(["the", *frequent])
    assert "tlie" not in Misreadings([*frequent, "the"])
    assert "himfelf" in Misreadings([*frequent, "himself"])


def test_text_messages_change_languages(find: Callable[..., list[Evidence]]) -> None:
    passage = (
        "Der Minister hat gestern in der Stadt mit den Leuten gesprochen und ist dann nach Hause gegangen."
    )
    assert [item.kind for item in find(FRAME.format(passage))] == ["foreign_passage"]
    assert find(FRAME.format(f"U sey thx for dat: the plan is gud lol. {passage}")) == []
    other = "Вчера министр говорил с людьми в городе, а потом он пошёл домой."
    assert [item.kind for item in find(FRAME.format(f"Lol, the plan of u is gud thx. {other}"))] == [
        "foreign_passage"
    ]


def test_pidgin_has_its_own_spelling(find: Callable[..., list[Evidence]]) -> None:
    """Words of four kinds are needed here too, and those of text messages do not count with them."""
    strange = "the road wey dey rapsutive"
    pidgin = FRAME.format(f"The people sey dem dey for {strange}.")
    assert find(pidgin) == []
    assert "rapsutive" in [item.text for item in find(FRAME.format(f"U sey thx for {strange}."))]
    quoted = find(pidgin + FRAME.format("") * 6)  # five words in some 300
    assert "rapsutive" in [item.text for item in quoted]


def test_phrases_that_loop_in_text_messages(find: Callable[..., list[Evidence]]) -> None:
    phrase = "the town and the road the town and the road the town and the road"
    assert kinds(find(TEXTING + f"It was {phrase} again")) == [("repetition", phrase)]


def test_a_misspelling_that_fits_is_not_reported(find: Callable[..., list[Evidence]]) -> None:
    """'traffik' is near 'traffic', and 'heavy traffic' is a pair that the toy models know."""
    found = find(FRAME.format("The city has heavy traffick again."))
    assert found == []


def test_spelling_that_is_bad_throughout_is_the_writers(find: Callable[..., list[Evidence]]) -> None:
    text = "The minster sayd the goverment of the contry caled the polise. The brondlesk was clossed. "
    assert find(text + "And teh peple waitd. The scool opend and the chidren readd.") == []


def test_an_untranslated_word_says_what_it_means(find: Callable[..., list[Evidence]]) -> None:
    (found,) = find(FRAME.format("The leader of the regering called the council."))
    assert (found.kind, found.text, found.intended) == ("untranslated", "regering", ("government",))
    assert found.pivot is not None
    assert (found.pivot.language, found.pivot.word) == ("sv", "regering")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The leader walked to the Regierung in the morning.", [("untranslated", "Regierung")]),
        ("The talks with Regierung were long.", []),  # a name, for all that English grammar says
        ("They walked to a sěa of people.", []),  # in no dictionary
        ("They walked to a shíp of people.", [("untranslated", "shíp")]),  # "plan" in the other language
        ("They walked to a wár of people.", []),  # the same word, written so
    ],
)
def test_foreign_spellings(
    find: Callable[..., list[Evidence]], sentence: str, expected: list[tuple[str, str]]
) -> None:
    assert [k for k in kinds(find(FRAME.format(sentence))) if k[0] == "untranslated"] == expected


def test_the_documents_other_words_decide_on_the_language(find: Callable[..., list[Evidence]]) -> None:
    alone = find(FRAME.format("The old brücke was closed."))
    assert [item.pivot and item.pivot.language for item in alone] == ["de"]  # both have it: alphabetical
    both = find(FRAME.format("The old brücke was closed by the regering."))
    assert {item.pivot and item.pivot.language for item in both} == {"sv"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The minister told the leader:” Is it closed?", "leader:”"),
        ("It was after the six -week meeting.", "six -week"),
        ("The council had a small -town plan.", "small -town"),
        ("It was a new offer-and the minister said it.", "offer-and"),
        ("The city &amp; the town opened the road.", "&amp;"),
    ],
)
def test_debris_is_found(find: Callable[..., list[Evidence]], sentence: str, expected: str) -> None:
    assert kinds(find(FRAME.format(sentence))) == [("translation_debris", expected)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister told the leader: “Is it closed?”",
        "It was after the six-week meeting.",
        "The two- or three-day talks ended.",
        "The town - a small one - was calm.",
        "The up-and-down price of a house.",
        "The talks, and the votes, were called; the leaders walked home.",
    ],
)
def test_ordinary_punctuation_is_no_debris(find: Callable[..., list[Evidence]], sentence: str) -> None:
    assert find(FRAME.format(sentence)) == []


def test_a_tokenised_file_has_no_debris(find: Callable[..., list[Evidence]]) -> None:
    sentence = "The six -week meeting of the small -town council was a three -year work . "
    assert find(sentence * 8) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The minister opened the the bridge.", "the the"),
        ("The price of the market market was large.", "market market"),
        (
            "It ended in the town and the town and the town and the river.",
            "the town and the town and the town and",
        ),
        ("The road road road road was closed.", "road road road road"),
    ],
)
def test_repetition_is_found(find: Callable[..., list[Evidence]], sentence: str, expected: str) -> None:
    assert kinds(find(FRAME.format(sentence))) == [("repetition", expected)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The offer had had a very very long term.",
        "He said that that was the plan.",
        "They opened it on Phi Phi in the summer.",
        "The town was calm, calm after the rain.",
        "No, no, no, no, said the judge.",
    ],
)
def test_repetition_on_purpose_is_not(find: Callable[..., list[Evidence]], sentence: str) -> None:
    assert find(FRAME.format(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The minister was the leader of the leader.", "leader of the leader"),
        ("It was a letter of letters in the town.", "letter of letters"),
        ("It was calm in the winter, winter and summer.", "winter, winter"),
        ("The people of the houses and houses were calm.", "houses and houses"),
        ("The offer in Lisbon, Lisbon was old.", "Lisbon, Lisbon"),
        ("The work was reading and reading letters.", "reading and reading"),
        ("The leader walked to the builder building in the town.", "builder building"),
        ("The people read that officers of the large company or the officers of the large company said it.",
         "officers of the large company or the officers of the large company"),
        ("The officers of the company’s company walked home.", "company’s company"),
        ("The council's large council walked home.", "council's large council"),
        ("It was a company from the old company.", "company from the old company"),
        ("They walked to the house and the house in the evening.", "the house and the house"),
        ("It was old houses, and old houses, in the town.", "old houses, and old houses"),
    ],
)  # fmt: skip
def test_echoes_are_found(find: Callable[..., list[Evidence]], sentence: str, expected: str) -> None:
    assert kinds(find(FRAME.format(sentence))) == [("repetition", expected)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The old town was calmer and calmer in the evening.",
        "It was years and years after the war.",
        "The council is asking and asking for heaps and heaps of letters.",
        "They had war for war and a house or the house.",
        "He walked to Lisbon or Lisbon, and to London, the London of old.",
        "They walked from street to street in the rain.",
        "It was the best of the best.",
        "He told of Maria and Maria Johnson.",  # two people
        "The leader of the council of the leaders walked home.",
        "The house was closed – closed in the winter.",  # said again on purpose
        "The town is large, and the town council was large.",
        "The worker and workers walked home.",
        "The new officers of the company were calm when the judge asked the officers of the company.",
        "The people’s people walked home.",  # said of themselves
        "The Council's council walked home.",  # a name
        "It was a company from the old company town.",  # not the company, but the town
        "It was a company from the Large company.",
        "They asked if it was calm and it was calm in the town.",
        "They walked to old houses and old houses council walked home.",  # the beginning of something else
        "It was old houses, old houses, in the town.",  # for force
    ],
)  # fmt: skip
def test_what_people_say_twice_is_no_echo(find: Callable[..., list[Evidence]], sentence: str) -> None:
    assert find(FRAME.format(sentence)) == []


def test_short_foreign_words_beside_strange_ones(find: Callable[..., list[Evidence]]) -> None:
    found = find(FRAME.format("The people of the town og the demilitacicians walked home."))
    assert ("untranslated", "og") in kinds(found)
    assert find(FRAME.format("The people of the town og the house walked home.")) == []
    assert kinds(find(FRAME.format("The people of the “og” and the demilitacicians walked home."))) == [
        ("invented_word", "demilitacicians")
    ]
    (lone,) = find(FRAME.format("The people of the town und the house walked home."))
    (beside, _) = find(FRAME.format("The people of the town und the demilitacicians walked home."))
    assert (lone.text, beside.text) == ("und", "und")
    assert lone.weight < beside.weight == STRAY_WEIGHT
    far = "The people of the demilitacicians walked home in the evening with the old people of the town og home."
    assert kinds(find(FRAME.format(far))) == [("invented_word", "demilitacicians")]
    apart = "The people of the demilitacicians walked home. Og the people og the town walked home."
    assert kinds(find(FRAME.format(apart))) == [("invented_word", "demilitacicians")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The people of the 巣ouse walked.", [("untranslated", "巣ouse")]),
        ("The people of the hous巣 walked.", [("untranslated", "hous巣")]),
        ("The people of the 巣 house walked.", [("untranslated", "巣")]),
        ("The people of the house (巣) walked.", []),
        ("The 巣 house, the 巣 road, the 巣 sea and the 巣 ship were old.", []),  # what the text is about
        ("The water was 50°С in the house.", []),  # a Cyrillic letter that looks English
    ],
)
def test_words_in_another_script(
    find: Callable[..., list[Evidence]], sentence: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(find(FRAME.format(sentence))) == expected


def test_a_compound_parted_by_spaces(find: Callable[..., list[Evidence]]) -> None:
    assert kinds(find(FRAME.format("It was a long - term offer."))) == [("translation_debris", "long - term")]
    assert kinds(find(FRAME.format("It was a 25 - year war."))) == [("translation_debris", "25 - year")]
    assert (
        find(FRAME.format("It was a 25-year war, of 20 - 25 - year, 1.5 - year and a war of 25 - years ago."))
        == []
    )
    assert (
        find(FRAME.format("It was a long-term offer, a long -- term offer and a small - term offer.")) == []
    )
    assert find(FRAME.format("It was a long - term offer , a road , a house .")) == []  # a tokenised file
    assert find(FRAME.format("It was a long - term offer. " * 6)) == []


def test_strength_by_hand() -> None:
    def item(kind: EvidenceKind, weight: float, text: str = "x") -> Evidence:
        return Evidence(0, 1, text, kind, weight, Span(0, 1))

    found = [item("sibling", 9.0), item("invented_word", 3.0), item("repetition", 2.0)]
    again = [*found[:2], item("invented_word", 2.5, "X"), *found[2:]]
    assert strength(again, 0) == strength(found, 0)
    assert strength([*again, item("repetition", 2.0)], 0) == pytest.approx(3 + 2 / 2**0.5 + 2 / 3**0.5)
    assert strength([*again, item("invented_word", 1.0, "y")], 0) == pytest.approx(
        3 + 2 / 2**0.5 + 1 / 3**0.5
    )
    assert strength(found, 0) == pytest.approx(3.0 + 2.0 / 2**0.5)
    assert strength(found, 400) == pytest.approx(3.0 + 2.0 / 2**0.5 - 2.0)
    assert strength(found, 4000) == 0.0
    assert strength([], 0) == 0.0


def test_speech_that_doubles_often_has_no_repetition(find: Callable[..., list[Evidence]]) -> None:
    assert find(FRAME.format("It it was was the the town in in the morning at at home.")) == []


def test_a_name_against_its_own_document(find: Callable[..., list[Evidence]]) -> None:
    text = FRAME.format(
        "In Brazil Bolsonaro called it. Then Bossonaro said it to reporters. Bolsonaro was calm."
    )
    (found,) = find(text.replace("Then", "After"))
    assert (found.kind, found.text, found.intended) == ("corrupted_name", "Bossonaro", ("Bolsonaro",))


def test_a_name_against_the_first_name_before_it(find: Callable[..., list[Evidence]]) -> None:
    """P(scholz | olaf) is 0.5 in the toy model, and nobody is called Schorlz."""
    (found,) = find(FRAME.format("The minister and Olaf Schorlz had talks."))
    assert (found.kind, found.text, found.intended) == ("corrupted_name", "Schorlz", ("Scholz",))


@pytest.mark.parametrize(
    "sentence",
    [
        "The judge called Wojtkiewicz to the court.",  # rare, but nobody says otherwise
        "In Iraq the Iraqi council and the Iraq plan were old.",  # a related form
        "Johnson called Johnston and Johnson waited.",  # two well-known names
        "The Bolsonaros and Bolsonaro walked with Bolsonaro.",
        "The train to Lisbom was late.",  # the gazetteer has it
        "The Iraqean minister had talks.",  # "Iraqian" is a form of the same name
        "They saw the Palaeotown in the morning.",
    ],
)
def test_other_names_are_not_corrupted(find: Callable[..., list[Evidence]], sentence: str) -> None:
    assert find(FRAME.format(sentence)) == []


def test_of_two_unknown_spellings_the_later_one_is_wrong(find: Callable[..., list[Evidence]]) -> None:
    (found,) = find(FRAME.format("Then Wojtkiewicz called. In the evening Wojtkewicz was calm."))
    assert (found.kind, found.text, found.intended) == ("corrupted_name", "Wojtkewicz", ("Wojtkiewicz",))


def test_well_known_names_near_another(models: Models) -> None:
    gazetteer = gazetteer_of(models.lexicon)
    assert "zemblovitch" in gazetteer
    assert gazetteer.near("harriett") == (("harriet", 1),)
    assert gazetteer.near("horriett") == (("harriet", 2),)
    assert gazetteer.near("lodnon") == (("london", 1),)
    assert gazetteer.near("mari") == (("maria", 1),)
    assert gazetteer.near("żagreb") == ()


def test_a_gazetteer_from_lists(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("Aachen\naardvark\nZürich's\n", encoding="utf-8")
    (tmp_path / "census").write_text("WILLIAMSON     0.1  0.2  3\nLEE   0.1  0.2 4\n", encoding="utf-8")
    (tmp_path / "cities").write_text("San Cristóbal de las Casas\n", encoding="utf-8")
    paths = [tmp_path / name for name in ("words", "census", "cities")]
    assert list(read_names(paths)) == ["aachen", "zürich", "williamson", "cristóbal", "casas"]


@pytest.fixture(scope="module")
def sources(find: Callable[..., list[Evidence]], models: Models) -> Callable[[str], dict[str, float]]:
    """The source languages of a text."""

    def run(text: str) -> dict[str, float]:
        body = find_body(text)
        doc = Extraction(text, body, analyse(segment(text, body.spans), models), {}, np.zeros(0), None)
        return source_languages(find(text), doc, models.lexicon)

    return run


def test_letters_of_another_script_name_the_source_language(
    sources: Callable[[str], dict[str, float]],
) -> None:
    found = sources(FRAME.format("The かoad and the すouse were in the 巣own."))
    assert list(found) == ["ja"]  # Han letters beside kana are Japanese
    assert found["ja"] == pytest.approx(3 / (3 + DOUBT))
    assert list(sources(FRAME.format("The 政oad and the 巣ouse were old."))) == ["zh"]


def test_words_made_up_from_english_name_no_language(sources: Callable[[str], dict[str, float]]) -> None:
    """langdetect takes these for Dutch; to the toy letter model they are as English as "bridges" and "readers"."""
    assert sources(FRAME.format("The streeters, the housers, the priceters and the bridgers said it.")) == {}


def test_the_source_language_needs_more_than_one_word(sources: Callable[[str], dict[str, float]]) -> None:
    assert sources(FRAME.format("The road was calm.")) == {}
    assert sources(FRAME.format("The road was rapsutive.")) == {}
    text = "The Regierung closed the old brücke. The zwischenstadt was calm and the brückenzoll ended."
    found = sources(FRAME.format(text))
    assert next(iter(found)) == "de"
    assert 0.5 <= found["de"] < 1
    assert sum(found.values()) <= 1


def test_offsets_count_code_points(find: Callable[..., list[Evidence]]) -> None:
    text = FRAME.format("🚢🚢 The cafe\u0301 by the river 👩\u200d🏫 was the rapsutive, said Maria.")
    (found,) = [item for item in find(text) if item.kind == "invented_word"]
    assert text[found.start : found.end] == "rapsutive"


def test_the_strongest_come_first_and_the_limit_keeps_them(find: Callable[..., list[Evidence]]) -> None:
    text = FRAME.format("The six -week meeting was rapsutive and the the ship fell.")
    found = find(text)
    assert [item.kind for item in found] == ["invented_word", "translation_debris", "repetition"]
    assert find(text, limit=1) == found[:1]


def test_overlapping_findings_leave_the_stronger() -> None:
    def item(start: int, end: int, weight: float) -> Evidence:
        return Evidence(start, end, "x" * (end - start), "invented_word", weight, Span(0, 99))

    found = [item(0, 5, 1.0), item(3, 8, 2.0), item(8, 9, 0.5), item(4, 5, 2.0)]
    assert [(e.start, e.end) for e in without_overlaps(found)] == [(3, 8), (8, 9)]


def test_letters_of_a_toy_list_by_hand() -> None:
    """One word "ab": unigrams a, b, end (the padding counts as end too); contexts seen once each.

    P(a | start) interpolates 1/27 with the counts of the orders 1 to 4, each with weight 4 to the order below.
    """
    model = LetterModel(["ab"])
    # The text is three pads, a, b and an end, as one sequence of six: pad pad pad a b end.
    p = (1 + 4 / 27) / (6 + 4)
    p = (1 + 4 * p) / (3 + 4)  # after one pad: pad, pad, a
    p = (1 + 4 * p) / (2 + 4)  # after two pads: pad, a
    p = (1 + 4 * p) / (1 + 4)  # after three: a
    assert model._probability([0, 1, 2, 0], 1) == pytest.approx(p)
    assert model.mean_log10("ab") > model.mean_log10("ba") > model.mean_log10("éé")


def test_letters_do_not_depend_on_the_order_of_a_set() -> None:
    words, seen = ["zebra", "apple", "bread"], ["arid", "brim", "zest"]
    one, other = LetterModel(words), LetterModel(words[::-1])
    assert [one.mean_log10(word) for word in seen] == [other.mean_log10(word) for word in seen]


def test_distance_counts_edits_and_swaps() -> None:
    assert distance("bolsonaro", "bossonaro", 2) == 1
    assert distance("merkel", "mekrel", 2) == 1
    assert distance("kitten", "sitten", 2) == 1
    assert distance("abcdef", "uvwxyz", 2) == 3


def test_a_folder_without_lists_still_works(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "lexicon.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("the\t9\tthe\nroad\t5\tc1\n")
    vocabulary = Vocabulary(Lexicon(tmp_path / "lexicon.tsv.gz"))
    assert "road" in vocabulary
    assert "rode" not in vocabulary
    assert pivots_in(tmp_path) is None


def test_the_word_list_keeps_lower_case_words(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Paris\nship\nship's\nI\n", encoding="utf-8")
    (tmp_path / "b").write_text("bridge\nship\n", encoding="utf-8")
    assert read_words([tmp_path / "a", tmp_path / "b"]) == ["bridge", "ship"]
