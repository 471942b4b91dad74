"""The reader's tokenizer: the base model's byte-level BPE behind a normaliser that levels typography.

    python -m training.reader.tokenizer SmolLM2-135M-Instruct.Q4_1.gguf tokenizer.json

Quotation marks are made straight, blanks single, blanks before a stop or inside a split contraction ("do n't",
"58 -year") removed: the reader shall judge the language, not how a corpus was tokenised or a page was set. The
tokenizers library keeps the offsets of the text as it was.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

START = "<|endoftext|>"
"""What the base model saw before every document; the reader sees it before every window."""

LEVELLED = (
    (r"[‘’ʼ´`′]", "'"),
    (r"[“”„‟«»″]|''", '"'),
    (r"…", "..."),
    (r"[\u00ad\u200b-\u200f\u2060\ufeff]", ""),
    (r"\s*\n\s*", "\n"),
    (r"[^\S\n]+", " "),
    (r" (?=n't\b|'(?:s|re|ve|ll|d|m)\b)", ""),
    (r" (?=[,;:!?%)\]]|\.(?!\w))", ""),
    (r"(?<=[(\[]) ", ""),
    (r"(?<=\w) (?=-\w)", ""),
)


def build(gguf: Path) -> Tokenizer:
    """The tokenizer of the model in a GGUF file."""
    from gguf import GGUFReader

    fields = GGUFReader(gguf).fields
    words = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE(vocab={w: i for i, w in enumerate(words)}, merges=merges))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Replace(Regex(a), b) for a, b in LEVELLED])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(START, special=True)])
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gguf", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    build(given.gguf).save(str(given.out), pretty=False)


if __name__ == "__main__":
    main()
