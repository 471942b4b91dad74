"""Names of sites and products in small letters: strange words that nobody translated ("the sysdig tool").

The word beside one often says what it is, it may have a domain behind it, and such names come in lists, one of them
at least with a capital inside or a domain. Where a list has several strange words and none stands around it, they are
names too, of drugs or places as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container

from mtscore.signals.analysis import Analysis
from mtscore.signals.extraction import Extraction
from mtscore.words.lexicon import Lexicon

MIN_LIST, MIN_STRANGE = 3, 3
"""Items that make a list; strange ones that make it a list of names, if none stands around it."""

AROUND = 6
"""Tokens before and behind a list."""

_PRODUCTS = frozenset(
    """app apps browser browsers codec font fonts function functions library libraries package packages plugin plugins
    repo repository server servers software tool tools toolkit website websites""".split()
)
"""What the word beside says of a strange one: that it is the name of a product or a site."""

_DOMAIN = re.compile(
    r"(?: ?\.(?:com|net|org|info|biz|io)|\.(?:tv|me|co|cc|app|de|uk|eu|us|ru|fr|es|pl|cz|in))\b"
)
_ADDRESS = re.compile("^(?:www|https?)|(?:https?|dotcom)$")
_MIXED = re.compile("[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
_PERSON = re.compile("(?:Mc|Mac(?!Book|Ports)|[DL][aei]|Du|V[ao]n)(?=[A-Z][a-z])|PhDs?$")
"""Beginnings of names of people with a capital inside, and a title."""
_MARKS, _JOINING = frozenset(",;"), frozenset(("and", "or", "&"))


def is_address(text: str, start: int, end: int) -> bool:
    """Whether a word is part of an address, or one with a space in it ("gravlomp .com")."""
    return bool(_DOMAIN.match(text, end) or _ADDRESS.search(text[start:end]))


class Products:
    """Which strange words of a document are names of products or sites, by the words beside them or their lists;
    `strange` holds the places of the document's strange words."""

    def __init__(self, extraction: Extraction, strange: Container[int], lexicon: Lexicon) -> None:
        self._extraction = extraction
        self._strange = strange
        self._lexicon = lexicon
        self._is_listed: dict[int, bool] = {}  # for each word of the lists looked at, whether they list names

    def __contains__(self, index: int) -> bool:
        """Whether a strange word, by its place, is such a name; of words in plain letters only."""
        analysis = self._extraction.analysis
        if not analysis.words[index].isascii():
            return False
        beside = (other for other in (index - 1, index + 1) if 0 <= other < len(analysis.words))
        if any(
            analysis.words[other] in _PRODUCTS and analysis.sentence[other] == analysis.sentence[index]
            for other in beside
        ):
            return True
        if index not in self._is_listed:
            items = _list_around(analysis, index, self._lexicon)
            self._is_listed |= dict.fromkeys(items, self._is_list(items))
        return self._is_listed[index]

    def _is_list(self, items: frozenset[int]) -> bool:
        """Whether these words are a list of names."""
        if len(items) < MIN_LIST:
            return False
        if any(_is_brand(self._extraction, item) for item in items):
            return True
        return _is_list_of_names(self._extraction.analysis, items, self._strange)


def _list_around(analysis: Analysis, index: int, lexicon: Lexicon) -> frozenset[int]:
    """The words of the list that a word is an item of: single words or addresses with commas, semicolons, "and" or
    "or" between them; the word alone where there is no list."""
    items = {index}
    for step in (-1, 1):
        place, before = index + step, index
        while 0 <= place < len(analysis.words) and analysis.sentence[place] == analysis.sentence[index]:
            word = analysis.words[place]
            if word not in _MARKS and word not in _JOINING and not _is_inner_dot(analysis, place):
                if abs(place - before) == 1 or lexicon.is_function(word):
                    break
                items.add(place)
                before = place
            place += step
    return frozenset(items)


def _is_inner_dot(analysis: Analysis, place: int) -> bool:
    """Whether a full stop has no space on either side, as in an address."""
    if analysis.words[place] != "." or not 0 < place < len(analysis.words) - 1:
        return False
    is_glued = analysis.ends[place - 1] == analysis.starts[place]
    return bool(is_glued and analysis.ends[place] == analysis.starts[place + 1])


def _is_brand(extraction: Extraction, index: int) -> bool:
    """Whether a word is written as sites and products are: with capitals inside or digits behind it, as part of a
    domain."""
    analysis, text = extraction.analysis, extraction.text
    start, end = int(analysis.starts[index]), int(analysis.ends[index])
    if _DOMAIN.match(text, end) or (start and _DOMAIN.match(text, start - 1)):
        return True
    person = _PERSON.match(text, start, end)
    is_mixed = _MIXED.search(text, person.end() if person else start, end)
    return bool(is_mixed or text[end : end + 1].isdigit())


def _is_list_of_names(analysis: Analysis, items: Collection[int], strange: Container[int]) -> bool:
    """Whether a list holds enough strange words, all in plain letters, and none stands around it."""
    named = [item for item in items if item in strange]
    if len(named) < MIN_STRANGE or not all(analysis.words[item].isascii() for item in named):
        return False
    around = range(min(items) - AROUND, max(items) + AROUND + 1)
    return not any(place in strange and place not in items for place in around)
