"""What a translator turns a word into: pairs of words counted from there-and-back translations.

    python -m training.translations.pairs RECORDS... --pivots DICTIONARIES -o word_pairs.tsv

A pair is counted where one content word stands between words that came back as they were, and another content word
stood there in the original. Most pairs are no errors: a paraphrase takes a synonym or another form of the word. They
are told apart by dictionaries of thirty languages (`DICTIONARIES`, one `<language>.tsv.xz` of foreign word, English
word and source): synonyms share a translation in nearly every language that knows both, the two senses of one
Portuguese word only there and in its neighbours (Dyvik 2004, "Translations as semantic mirrors"; Bannard and
Callison-Burch 2005, "Paraphrasing with bilingual parallel corpora"); and by what stands around them in a corpus
(`training/translations/likeness.py`). On 140 pairs judged by hand the first separates with an AUROC of .71, the second
with .75, `FAIR` of both with .78.
Only `en-pt-en` counts: a chain with a rule-based leg knows its pairs from that engine's dictionary.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

from training.translations.likeness import Likeness, likeness

CHAIN = "en-pt-en"
FAIR = 1.3
"""Share of the languages knowing both words that translate them by one word, plus twice their likeness: from this sum
they are fair synonyms. Below it are 70 % of the wrong senses and 27 % of the synonyms of the pairs judged by hand."""

FAIR_SHARE = 0.25
"""The same for the share alone, where a word is too rare for a likeness."""

MIN_LANGUAGES = 4
"""Languages that must know both words before their share says anything."""

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_FUNCTION = frozenset(
    "a an the this that these those some any no every each all both either neither one another other others such "
    "i you he she it we they me him her us them my your his its our their mine yours hers ours theirs myself "
    "yourself himself herself itself ourselves themselves who whom whose which what where when why how whoever "
    "whatever whichever wherever whenever and or but nor so yet if then than as because since while although though "
    "unless until till whether of in on at by for from with without within into onto to toward towards upon over "
    "under above below between among amongst through throughout across along around about against after before "
    "during behind beside besides beyond near off out up down despite except like per via is am are was were be "
    "been being have has had having do does did done doing will would shall should can could may might must ought "
    "cannot not n't there here now too also just only even still already always never ever very much many more "
    "most less least few little lot lots own same quite rather well however therefore thus hence again often yes "
    "get gets got getting let gonna".split()
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A word of the original and the one that came back; `is_name` when the original has a capital inside a
    sentence."""

    original: str
    translated: str
    is_name: bool


def exchanges(record: Mapping[str, Any]) -> Iterator[Exchange]:
    """The exchanged content words of one there-and-back record; a word that has only moved is not exchanged."""
    for start, end, mt_start, mt_end in record["sentences"]:
        before = _WORD.findall(record["original"][start:end])
        after = _WORD.findall(record["text"][mt_start:mt_end])
        here, there = _keys(before), _keys(after)
        for what, i1, i2, j1, j2 in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
            if what == "replace":
                old = [i for i in range(i1, i2) if _is_content(here[i])]
                new = [j for j in range(j1, j2) if _is_content(there[j])]
                if len(old) == len(new) == 1 and here[old[0]] not in there and there[new[0]] not in here:
                    is_name = old[0] > 0 and before[old[0]][0].isupper()
                    yield Exchange(here[old[0]], there[new[0]], is_name)


def _keys(words: Sequence[str]) -> list[str]:
    return [word.lower().replace("’", "'") for word in words]


def _is_content(word: str) -> bool:
    """Whether a word is no function word and no contraction of one ("they're", "didn't")."""
    return word not in _FUNCTION and not word.endswith("n't") and word.split("'")[0] not in _FUNCTION


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of the pairs, of those whose original is a name, and of every word of the originals."""

    pairs: Counter[tuple[str, str]]
    names: Counter[tuple[str, str]]
    words: Counter[str]
    sentences: int


def count(records: Iterable[Mapping[str, Any]]) -> Table:
    """Count the exchanges of the records of `CHAIN`; each sentence counts once, however often it is there."""
    pairs: Counter[tuple[str, str]] = Counter()
    names: Counter[tuple[str, str]] = Counter()
    words: Counter[str] = Counter()
    seen: set[str] = set()
    for record in records:
        if record["chain"] != CHAIN:
            continue
        fresh = [s for s in record["sentences"] if record["original"][s[0] : s[1]] not in seen]
        seen.update(record["original"][s[0] : s[1]] for s in fresh)
        for start, end, *_ in fresh:
            words.update(_keys(_WORD.findall(record["original"][start:end])))
        for found in exchanges({**record, "sentences": fresh}):
            pairs[found.original, found.translated] += 1
            names[found.original, found.translated] += found.is_name
    return Table(pairs, names, words, len(seen))


Dictionaries = Mapping[str, Mapping[str, frozenset[str]]]
"""Language, English word, its foreign words."""


def read_dictionaries(folder: Path, wanted: frozenset[str]) -> Dictionaries:
    """The translations of the wanted English words in every language of the folder."""
    out: dict[str, dict[str, frozenset[str]]] = {}
    for path in sorted(folder.glob("*.tsv.xz")):
        found: dict[str, set[str]] = defaultdict(set)
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                foreign, english, _ = line.rstrip("\n").split("\t")
                word = english.lower().removeprefix("to ")
                if word in wanted:
                    found[word].add(foreign.lower())
        out[path.name.split(".")[0]] = {word: frozenset(words) for word, words in found.items()}
    return out


def shared(dictionaries: Dictionaries, first: Sequence[str], second: Sequence[str]) -> tuple[int, int]:
    """In how many languages two words have a translation in common, and how many know both; the words are given in
    all their base forms."""
    common = known = 0
    for words in dictionaries.values():
        here = set().union(*(words.get(form, frozenset()) for form in first))
        there = set().union(*(words.get(form, frozenset()) for form in second))
        if here and there:
            known += 1
            common += bool(here & there)
    return common, known


_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("er", ""),
    ("er", "e"), ("est", ""), ("est", "e"), ("ly", ""), ("'s", ""),
)  # fmt: skip
_IRREGULAR = {
    "feet": "foot", "men": "man", "women": "woman", "children": "child", "teeth": "tooth", "mice": "mouse",
    "went": "go", "gone": "go", "made": "make", "took": "take", "taken": "take", "came": "come", "saw": "see",
    "seen": "see", "knew": "know", "known": "know", "thought": "think", "told": "tell", "found": "find",
    "gave": "give", "given": "give", "left": "leave", "felt": "feel", "brought": "bring", "began": "begin",
    "begun": "begin", "kept": "keep", "held": "hold", "wrote": "write", "written": "write", "stood": "stand",
    "heard": "hear", "meant": "mean", "met": "meet", "ran": "run", "paid": "pay", "spoke": "speak",
    "spoken": "speak", "built": "build", "sent": "send", "spent": "spend", "lost": "lose", "sold": "sell",
    "grew": "grow", "grown": "grow", "fell": "fall", "fallen": "fall", "bought": "buy", "drew": "draw",
    "drawn": "draw", "drove": "drive", "driven": "drive", "broke": "break", "broken": "break", "chose": "choose",
    "chosen": "choose", "wore": "wear", "worn": "wear", "won": "win", "threw": "throw", "thrown": "throw",
    "caught": "catch", "taught": "teach", "shot": "shoot", "sang": "sing", "ate": "eat", "eaten": "eat",
}  # fmt: skip


def base_forms(word: str) -> tuple[str, ...]:
    """The word and what it may be a form of."""
    forms = [word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: len(word) - len(ending)] + instead
            forms.append(stem)
            if len(stem) > 3 and stem[-1] == stem[-2] and not instead:
                forms.append(stem[:-1])
    if word in _IRREGULAR:
        forms.append(_IRREGULAR[word])
    return tuple(dict.fromkeys(forms))


def kind_of(original: str, translated: str, common: int, known: int, alike: float | None = None) -> str:
    """`form` (another form or spelling of the word), `synonym`, `sense` (another sense), or `unknown` where too few
    dictionaries know both."""
    if set(base_forms(original)) & set(base_forms(translated)) or _is_near(original, translated):
        return "form"
    if known < MIN_LANGUAGES:
        return "unknown"
    share = common / known
    is_fair = share >= FAIR_SHARE if alike is None else share + 2 * alike >= FAIR
    return "synonym" if is_fair else "sense"


def _is_near(first: str, second: str) -> bool:
    """Whether two words share all but their endings (they begin alike for two thirds of the longer one), or are two
    spellings of one word."""
    pairs = enumerate(zip(first, second, strict=False))
    alike = next((number for number, (a, b) in pairs if a != b), min(len(first), len(second)))
    longest = max(len(first), len(second))
    if alike >= 4 and alike * 3 >= longest * 2:
        return True
    return longest >= 8 and SequenceMatcher(None, first, second).ratio() >= 0.9


FIELDS = ("original", "translated", "count", "original_count", "names", "kind", "common", "known", "likeness")


def rows(table: Table, dictionaries: Dictionaries, alike: Likeness | None) -> Iterator[tuple[str, ...]]:
    """The lines of the table, most frequent pairs first."""
    for (original, translated), number in sorted(table.pairs.items(), key=lambda item: (-item[1], item[0])):
        common, known = shared(dictionaries, base_forms(original), base_forms(translated))
        cosine = alike.of(original, translated) if alike else None
        kind = kind_of(original, translated, common, known, cosine)
        numbers = (number, table.words[original], table.names[original, translated])
        shown = "" if cosine is None else f"{cosine:.2f}"
        yield (original, translated, *map(str, numbers), kind, str(common), str(known), shown)


def read_records(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The records of finished files and of part files."""
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


SENTENCE_STEP = 6
"""Every so manieth sentence of the corpus is read: ten million words say enough of frequent words."""


def _likeness(path: Path, table: Table) -> Likeness:
    with open(path, encoding="utf-8", newline="\n") as lines:
        sentences = list(islice(lines, 0, None, SENTENCE_STEP))
    return likeness(sentences, (word for pair in table.pairs for word in pair))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: see the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("records", type=Path, nargs="+", help="files that training.translations wrote")
    parser.add_argument("--pivots", type=Path, required=True, help="folder of dictionaries")
    parser.add_argument("--sentences", type=Path, help="sentences.txt of training.build_lm's work folder")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the table, tab-separated")
    given = parser.parse_args(arguments)
    table = count(read_records(given.records))
    wanted = frozenset(form for pair in table.pairs for word in pair for form in base_forms(word))
    alike = _likeness(given.sentences, table) if given.sentences else None
    lines = list(rows(table, read_dictionaries(given.pivots, wanted), alike))
    given.output.write_text("".join("\t".join(line) + "\n" for line in (FIELDS, *lines)), encoding="utf-8")
    print(f"{table.sentences} sentences, {sum(table.pairs.values())} exchanges, {len(lines)} pairs")


if __name__ == "__main__":
    main()
