"""How time grows with a document's length, for texts made to be hard: no family may grow faster than n^1.2.

    python -m benchmarks.growth [--sizes 10000,100000,1000000] [--family PART_OF_NAME] [--random 200] [--fail-above 1.2]

For each family of texts and each size it scores one document and prints the least processor time of several runs, and
the exponent between the smallest size and the largest. A size does not count if another thing became of it than of
the largest ("+": too few words, say, which costs next to nothing); where that leaves one size only, twice the
largest is measured, too. A size is left out once the one before took over `MAX_SECONDS`.

`--memory` measures something else: the most memory that a process takes which scores one document of each family, as
long as the default limit lets it be.

`--random` takes families that are put together by chance from the pieces of those.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count, islice

from benchmarks.toy import parsed
from mtscore import Document, Scorer
from mtscore.files.documents import MAX_BYTES

MAX_SECONDS = 60.0
RUNS, ENOUGH_SECONDS = 9, 0.3
"""A document is scored until this much time has gone into it, and so often at most."""

DOUBTFUL, MORE_RUNS = 1.15, 3
"""A family with a higher exponent is measured so often again; the least times of all count."""

WORDS = "The minister told reporters in the morning that the old bridge would stay closed until the spring. "
GERMAN = "Die Regierung hat gestern beschlossen, dass die neuen Regeln erst im Herbst gelten sollen. "


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """So many characters of a piece that comes again and again."""
    return lambda size: before + piece * ((size - len(before) - len(after)) // len(piece)) + after


def names() -> Iterator[str]:
    """Names of which no two are the same."""
    for number in count(1):
        letters, rest = "", number
        while rest:
            rest, letter = divmod(rest, 20)
            letters += "bcdfghjklmnpqrstvwxz"[letter] + "aeiou"[letter % 5]
        yield letters.capitalize() + "ski"


def distinct_names(size: int) -> str:
    """Sentences about people of different names."""
    sentence = "In the morning {} told reporters about the bridge. "
    return "".join(sentence.format(name) for name in islice(names(), size // 58))


def strange_words(size: int) -> str:
    """Words that are no English, of which no two are the same."""
    return "".join(f"the {name.lower()} was {name.lower()}ic and " for name in islice(names(), size // 34))


def different_sentences(size: int) -> str:
    """Sentences of a made-up language, of which no two are the same."""
    made = (name.lower() for name in names())
    return "".join(" ".join(islice(made, 9)) + " šé. " for _ in range(size // 80))


TEXTS: dict[str, Callable[[int], str]] = {
    "prose": repeated(WORDS),
    "one line a sentence": repeated(WORDS.strip() + "\n"),
    "letters": repeated("a"),
    "letters and a quotation": repeated("a", "said:” yes "),
    "letters and a straight quotation": repeated("a", 'said:" yes '),
    "capital letters": repeated("A"),
    "syllables": repeated("bcad"),
    "digits": repeated("7"),
    "numbers and points": repeated("1.1,"),
    "spaces": repeated(" ", "word", "word"),
    "line breaks": repeated("\n", "word", "word"),
    "tabs and line breaks": repeated("\t\n", "word", "word"),
    "opening quotation marks": repeated("“"),
    "opening quotation marks and words": repeated("“ a "),
    "low quotation marks": repeated("„a "),
    "closing quotation marks": repeated("” a"),
    "straight quotation marks": repeated('" a'),
    "angle quotation marks": repeated("«a "),
    "apostrophes": repeated("‘a "),
    "round brackets": repeated("(a "),
    "round brackets in prose": repeated("(the bridge "),
    "closing brackets": repeated(") a"),
    "square brackets": repeated("[a "),
    "asterisks": repeated("*a "),
    "colons": repeated("a: "),
    "colons in prose": repeated("the town: the bridge, "),
    "semicolons": repeated("; "),
    "commas": repeated(", "),
    "commas and words": repeated("old, "),
    "full stops": repeated(". "),
    "dots": repeated("."),
    "questions": repeated("?! "),
    "hyphens": repeated("-"),
    "hyphens and words": repeated("-a"),
    "detached hyphens": repeated("old -town "),
    "hyphens at the ends of lines": repeated("com-\nposed "),
    "spaced hyphens": repeated("long - term "),
    "pipes": repeated("a | "),
    "ampersands": repeated("&"),
    "entities": repeated("&amp;"),
    "entities and words": repeated("the &quot;town&quot; "),
    "entities encoded again and again": lambda size: "&" + "amp;" * (size // 4),
    "soft hyphens": repeated("\u00ad"),
    "soft hyphens in words": repeated("brid\u00adges "),
    "joiners": repeated("a\u200d"),
    "accents": repeated("\u0301", "e"),
    "accents of two classes": repeated("\u0301\u0323", "e"),
    "accents and letters": repeated("e\u0301"),
    "mojibake": repeated("itâ€™s cafÃ© "),
    "half mojibake": repeated("Ã"),
    "mathematical letters": repeated("𝐚"),
    "full-width letters": repeated("Ａ，"),
    "full-width spaces": repeated("\u3000", "word", "word"),
    "Chinese": repeated("去年这座城市建造了一千多套新的住房。"),
    "Chinese without an end": repeated("年"),
    "Cyrillic and English": repeated("дом house "),
    "brackets between scripts": repeated("(дом) house [город] "),
    "one letter of each script": repeated("aд年"),
    "languages in turn": repeated(WORDS + GERMAN),
    "languages in turn on lines": repeated(WORDS + "\n" + GERMAN + "\n"),
    "languages in turn in one sentence": repeated(
        WORDS[:-2].lower() + " und " + GERMAN[:-2].lower() + " and "
    ),
    "scripts in turn in quotation marks": repeated(
        "he said “Привет всем моим друзьям” and «去年这座城市建造了一千» "
    ),
    "languages in turn behind white space": repeated(GERMAN + " " * 200 + WORDS + " " * 200),
    "different foreign sentences": different_sentences,
    "quotations in another language": repeated(f"He said: “{GERMAN.strip()}” "),
    "foreign words": repeated("und der die house "),
    "foreign words in one sentence": repeated("the house und der old bridge "),
    "short lines": repeated("a b\n"),
    "short lines of one word": repeated("menu\n"),
    "different short lines": lambda size: "".join(f"item {n}\n" for n in range(size // 11)),
    "titles": repeated("The Old Bridge Of The Town\n"),
    "menus": repeated("Home | News | Sport\n"),
    "tag lists": repeated("Roads, Towns, Bridges, Trade, Fairs, Streams\n"),
    "bullets": repeated("• item\n"),
    "names": distinct_names,
    "one name": repeated("Brondlesko and Brondlesco "),
    "strange words": strange_words,
    "one strange word": repeated("the brondlesk "),
    "loops": repeated("very old "),
    "doubled words": repeated("the "),
    "phrases that come again": repeated("the old bridge of the town and "),
    "addresses": repeated("www.brondlesk.com/a_b "),
    "glued words": repeated("townBridge"),
    "emoji": repeated("👩\u200d🏫"),
    "text messages": repeated("u r gud lol "),
    "traces of scanners": repeated("the b ~ d. ,; &c. "),
}

PAGES: dict[str, Callable[[int], str]] = {
    "page of paragraphs": repeated(f"<p>{WORDS}</p>"),
    "page of open tags and a mark": repeated("a", "<b>" * 401 + "<"),
    "page of marks": repeated("<"),
    "page of tag beginnings": repeated("<a "),
    "page of open tags": repeated("<b>x"),
    "page of open blocks": repeated("<div>"),
    "page of blocks and wrong ends": repeated("<div></x>"),
    "page of tables and wrong ends": repeated("<div><table></div>"),
    "page of objects and wrong ends": repeated("<p><object></p></font>"),
    "page of fonts and wrong ends": repeated("<font></x>"),
    "page of different fonts": lambda size: "".join(f"<font a{n}>" for n in range(size // 12)),
    "page of different fonts and paragraphs": lambda size: "".join(
        f"<font a{n}><p>" for n in range(size // 15)
    ),
    "page of fonts": repeated("<font>a"),
    "page of fonts in paragraphs": repeated("<p><font>a"),
    "page of links": repeated("<a>x"),
    "page of links in paragraphs": repeated("<p><a>x"),
    "page of end tags": repeated("</b>"),
    "page of tables": repeated("<table>"),
    "page of cells": repeated("<table><tr><td>x"),
    "page of comments": repeated("<!--"),
    "page of scripts": repeated("<script>"),
    "page of attributes": repeated(" a=b", "<p"),
    "page of quotation marks in a tag": repeated("\"'", "<p a="),
    "page of entities": repeated("&amp;lt;"),
    "page of lists": repeated("<ul><li>x"),
    "page of options": repeated("<select><option>x"),
    "page of formatting in turn": repeated("<b><i></b></i>x"),
    "page of nested formatting": repeated("<b><p>x</b>"),
    "page of declarations": repeated("<!doctype html>"),
    "page of frames": repeated("<svg><p>"),
    "page of text areas": repeated("<textarea>"),
    "page of templates": repeated("<template>"),
    "page that says by whom it is translated": repeated("translated by google ", "<html><p>"),
    "page that says it is translated": repeated("translated ", "<html><p>"),
    "page of html tags": repeated("<html "),
    "page of meta tags": repeated("<meta "),
    "page of bold in tables": repeated("<table><b>"),
}


def documents() -> Iterator[tuple[str, Callable[[int], Document]]]:
    """The families of documents, by name."""
    for name, text in TEXTS.items():
        yield name, partial(_document, name, text, False)
    for name, page in PAGES.items():
        yield name, partial(_document, name, page, True)


def random_documents(number: int, seed: int = 0) -> Iterator[tuple[str, Callable[[int], Document]]]:
    """Families of a few pieces of the others, by the pieces: what goes together badly is not known beforehand."""
    generator = random.Random(seed)
    for is_html in (False, True):
        pieces = [make(200)[: generator.randrange(1, 60)] for make in (PAGES if is_html else TEXTS).values()]
        pieces += [*WORDS.split(), "\n", " "]
        for _ in range(number // 2):
            piece = "".join(generator.choice(pieces) for _ in range(generator.randrange(2, 7)))
            yield repr(piece)[:44], partial(_document, "random", repeated(piece), is_html)


def _document(name: str, text: Callable[[int], str], is_html: bool, size: int) -> Document:
    return Document(name, text(size), is_html=is_html)


def seconds(scorer: Scorer, document: Document) -> tuple[float, str]:
    """The least processor time that it takes to score one document, and what became of it: scored, or why not."""
    times: list[float] = []
    while len(times) < RUNS and sum(times) < ENOUGH_SECONDS:
        start = time.process_time()
        verdict = next(scorer.score_many([document]))
        times.append(time.process_time() - start)
    return min(times), verdict.reason or verdict.status


class Growth:
    """The times of one family."""

    def __init__(self, scorer: Scorer, make: Callable[[int], Document], sizes: Sequence[int]) -> None:
        self._scorer = scorer
        self._make = make
        self.times: dict[int, float] = {}
        self.statuses: dict[int, str] = {}
        for size in sizes:
            self._measure(size)
            if self.times[size] > MAX_SECONDS:
                break
        if len(self.alike) == 1:
            self._measure(2 * max(self.times))
        for _ in range(MORE_RUNS):
            if self.exponent > DOUBTFUL:
                for size in self.alike:
                    self._measure(size)

    def _measure(self, size: int) -> None:
        taken, self.statuses[size] = seconds(self._scorer, self._make(size))
        self.times[size] = min(taken, self.times.get(size, taken))

    @property
    def alike(self) -> list[int]:
        """The sizes of which the same became as of the largest."""
        last = self.statuses[max(self.statuses)]
        return [size for size in sorted(self.statuses) if self.statuses[size] == last]

    @property
    def exponent(self) -> float:
        """How time grows between the smallest size that counts and the largest."""
        first, last = self.alike[0], self.alike[-1]
        return (
            math.log(self.times[last] / self.times[first]) / math.log(last / first) if first < last else 0.0
        )

    def shown(self) -> str:
        """The times, those that do not count with a mark."""
        alike = self.alike
        return "".join(f"{taken:9.4f}{' ' if size in alike else '+'}" for size, taken in self.times.items())


def megabytes(scorer: Scorer, make: Callable[[int], Document]) -> int:
    """The most memory of a process that scores the longest document that is read by default."""
    sample = str(make(10_000).text)
    document = make(MAX_BYTES * len(sample) // max(len(sample.encode("utf-8", "replace")), 1))
    processes = multiprocessing.get_context("fork")
    answer = processes.SimpleQueue()

    def score() -> None:
        next(scorer.score_many([document]))
        answer.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

    process = processes.Process(target=score)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"scoring {document.id} ended with {process.exitcode}")
    found: int = answer.get()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--family", default="", help="only families whose name holds this")
    parser.add_argument(
        "--random", type=int, default=0, help="so many families, put together by chance, instead"
    )
    parser.add_argument("--seed", type=int, default=0, help="of those")
    parser.add_argument("--memory", action="store_true", help="measure memory instead")
    parser.add_argument("--fail-above", type=float, help="exit 1 if a family grows with a higher exponent")
    with parsed(parser, arguments, lambda _: ["--sizes", "500,1000"]) as given:
        return _measure(given)


def _measure(given: argparse.Namespace) -> int:
    sizes = [int(size) for size in given.sizes.split(",")]
    scorer = Scorer.load()
    scorer.score(
        WORDS * 20 + "The brondlesk of Brondlesko was rapsutive. " + GERMAN + "“" + GERMAN + "” itâ€™s"
    )
    families = [*documents()] if not given.random else []
    families += random_documents(given.random, given.seed)
    families = [(name, make) for name, make in families if given.family in name]
    if given.memory:
        most = 0
        for name, make in families:
            size = megabytes(scorer, make)
            most = max(most, size)
            print(f"{name:45}{size:6,} MB", flush=True)
        print(f"most: {most:,} MB")
        return 0
    worst = 0.0
    for name, make in families:
        growth = Growth(scorer, make, sizes)
        worst = max(worst, growth.exponent)
        print(f"{name:45}{growth.shown()} {growth.exponent:5.2f}", flush=True)
    print(f"highest exponent: {worst:.2f}")
    return int(given.fail_above is not None and worst > given.fail_above)


if __name__ == "__main__":
    raise SystemExit(main())
