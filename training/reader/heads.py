"""What is asked of the reader's states: four questions about a window, one about a word, one about a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.reader.model import WIDTH, Layer, Norm, rotary

QUESTIONS = ("garbled", "machine", "non_native", "llm")
"""Is the window garbled; does it come from a machine translator at all; did somebody write it whose language is
another; did a language model write it."""
HIDDEN = 128
DROPPED = 0.1


@dataclass(frozen=True, slots=True)
class Answers:
    """Log-odds: windows x `QUESTIONS`, windows x tokens, and ratings 0..1, windows x sentences."""

    windows: Tensor
    words: Tensor
    sentences: Tensor


def two_layers(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(DROPPED), nn.Linear(inputs, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, outputs)
    )


class Upper(nn.Module):
    """The layers that are taught, with the heads. `sees_all`: every word sees the whole window, not only what is
    before it."""

    def __init__(self, layers: list[Layer], *, sees_all: bool, width: int = WIDTH) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.sees_all = sees_all
        self.norm = Norm(width)
        self.attend = nn.Linear(width, 1)
        self.window_head = two_layers(3 * width, len(QUESTIONS))
        self.word_head = two_layers(width, 1)
        self.sentence_head = two_layers(width, 1)

    def states(self, x: Tensor, valid: Tensor) -> Tensor:
        """The last layer's states, normed; `valid` (windows x tokens) says which tokens there are."""
        cos, sin = rotary(x.shape[1], x.device)
        mask = valid[:, None, None, :] if self.sees_all else None
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        normed: Tensor = self.norm(x)
        return normed

    def forward(self, x: Tensor, valid: Tensor, sentence: Tensor, sentences: int) -> Answers:
        """`sentence` numbers each token's sentence; the first token of a window is the start mark and counts for
        nothing."""
        h = self.states(x, valid)
        real = valid.clone()
        real[:, 0] = False
        return Answers(
            self.of_window(h, real),
            self.word_head(h)[..., 0].float(),
            self.of_sentences(h, real, sentence, sentences),
        )

    def of_window(self, h: Tensor, real: Tensor) -> Tensor:
        share = real.to(h.dtype)[..., None]
        mean = (h * share).sum(1) / share.sum(1).clamp(min=1)
        most = h.masked_fill(~real[..., None], -1e4).amax(1)
        attention = self.attend(h)[..., 0].float().masked_fill(~real, -1e4).softmax(1).to(h.dtype)
        attended = (h * attention[..., None]).sum(1)
        out: Tensor = self.window_head(torch.cat([mean, most, attended], dim=-1)).float()
        return out

    def of_sentences(self, h: Tensor, real: Tensor, sentence: Tensor, sentences: int) -> Tensor:
        numbers = torch.arange(sentences, device=h.device)
        member = ((sentence[:, None, :] == numbers[None, :, None]) & real[:, None, :]).to(h.dtype)
        means = (member @ h) / member.sum(-1, keepdim=True).clamp(min=1)
        out: Tensor = torch.sigmoid(self.sentence_head(means)[..., 0].float())
        return out
