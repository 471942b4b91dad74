"""One name for each register, whoever collected its documents, and which registers are held out together."""

from __future__ import annotations

from itertools import pairwise

from training.dataset import REGISTERS

WILD = {
    "diabla_chat_fr": "chat",
    "docmtllm_qa_zh": "forum",
    "football_tweets_tr": "tweets",
    "nahel_tweets_fr": "tweets",
    "iwol_game_zh": "game",
    "eoj_game_zh": "game",
    "brsun_game_ja": "game",
    "spirit_game_th": "game",
    "olist_reviews_pt": "review",
    "deepl_novel_ja": "novel",
    "u966_novel_zh_fluent": "novel",
    "akita_blog_pt_fluent": "blog",
    "blog_tboox_zh": "blog",
    "docs_xmake_zh": "manual",
    "docs_bsl_ru": "manual",
    "docs_gnb_zh": "manual",
    "docs_isotope_de": "manual",
    "docs_tars_zh": "manual",
    "docs_workerman_zh": "manual",
}
"""The register of every source of translations that were found."""

KINDS = {"pdf": "thesis", "fiction": "novel"}
"""Kinds of groups whose register has another name."""

FOLDS: tuple[tuple[str, ...], ...] = (
    ("forum", "medical", "poetry", "government", "other"),
    ("tweets", "social", "recipes", "thesis", "partisan", "foreign_quotations"),
    ("game", "lore", "news", "simplified", "travel", "list", "contents"),
    ("chat", "blog", "old", "religion", "lower_case", "verses"),
    ("novel", "edited_prose", "manual", "llm", "pidgin", "no_code"),
    ("review", "product", "encyclopedia", "world_news", "student", "learner", "glossary"),
    ("essay", "transcript", "science", "llm_base", "writeup", "speech"),
)
"""Registers that are held out together, each in one fold: those that are alike stand together (tweets and other
social text, novels and edited prose), and those that found translations have stand apart."""

FOUND = ("forum", "tweets", "game", "chat", "novel")
"""Registers with at least twenty garbled documents that were found."""


def register_of_group(group: str) -> str:
    """The register of a group `kind:source` of human documents, or of those that were translated from them."""
    kind = group.split(":")[0]
    return REGISTERS.get(group) or KINDS.get(kind, kind)


def fold_of_register(register: str) -> int:
    """The fold that holds a register out; -1 for the registers of translation corpora, which the other folds hold
    out by system, language and corpus."""
    return next((number for number, names in enumerate(FOLDS) if register in names), -1)


NEURAL, RULES = "bergamot", "apertium"
"""The engines: the neural one knows Portuguese and English alone."""


def engines_of(chain: str) -> frozenset[str]:
    """The engines of a chain, such as `es-pt-en`."""
    legs = pairwise(chain.split("-"))
    return frozenset(NEURAL if {*leg} == {"pt", "en"} else RULES for leg in legs)
