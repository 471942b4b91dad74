"""A toy model folder whose vocabulary the cases are written in. All texts are our own."""

from __future__ import annotations

import atexit
import gzip
import lzma
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import numpy as np

from mtscore.findings.collection import find_evidence, with_undecoded
from mtscore.records import Evidence
from mtscore.signals.analysis import analyse
from mtscore.signals.extraction import Extraction
from mtscore.text.article import Article, read_article
from mtscore.words.lexicon import Lexicon
from mtscore.words.resources import LANGUAGE_MODEL_FILES, Resources, load_resources
from training import pivots as training_pivots
from training.words import write_words

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


FRAME = (
    "The minister said the talks with the council were long. {} "
    "The people of the town walked to the old bridge in the morning and waited for the train. "
    "Reporters asked the government about the price of the new road."
)
"""The clean text around a sentence that is looked at."""


@cache
def toy_resources() -> Resources:
    """A model folder with a word table, an English word list and two dictionaries; it lasts as long as the process."""
    folder = Path(mkdtemp(prefix="mtscore-findings-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    for name in LANGUAGE_MODEL_FILES:
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
    return load_resources(folder)


def extracted(text: str) -> Extraction:
    """What the findings read of a text; signals are left empty."""
    return _extraction(read_article(text, toy_resources().vocabulary))


def _extraction(article: Article) -> Extraction:
    analysis = analyse(article.sentences, toy_resources())
    return Extraction(article.text, article.body, analysis, np.zeros(0), None)


def find(text: str, limit: int | None = None) -> list[Evidence]:
    """The findings of a text; checks that every span is an exact slice of it."""
    article = read_article(text, toy_resources().vocabulary)
    found = with_undecoded(article, find_evidence(_extraction(article), toy_resources(), limit=limit))
    for item in found:
        assert item.text == text[item.start : item.end]
        assert any(span.start <= item.start and item.end <= span.end for span in article.given_body)
        assert item.sentence.start <= item.start < item.sentence.end
        assert item.weight > 0
    assert [item.weight for item in found] == sorted((item.weight for item in found), reverse=True)
    return list(found)


def kinds(found: list[Evidence]) -> list[tuple[str, str]]:
    """The kinds and words of findings."""
    return [(item.kind, item.text) for item in found]
