"""SmolLM2 in plain PyTorch: rotary positions, grouped queries, root-mean-square norms, gated feed-forward."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  # its usual name

from training.reader.weights import HEAD, Base

WIDTH, INNER, QUERIES, KEYS = 576, 1536, 9, 3
ROTARY_BASE, EPSILON = 100_000.0, 1e-5
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


def rotary(length: int, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """Cosines and sines, length x HEAD, of the angles by which positions turn queries and keys."""
    powers = torch.arange(0, HEAD, 2, dtype=torch.float64) / HEAD
    angles = torch.arange(length, dtype=torch.float64)[:, None] / ROTARY_BASE**powers
    both = torch.cat([angles, angles], dim=-1)
    return both.cos().float().to(device), both.sin().float().to(device)


def turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Queries or keys (batch x heads x length x HEAD) turned by their positions."""
    low, high = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-high, low], dim=-1) * sin


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.square().mean(dim=-1, keepdim=True) + EPSILON)
        return (wide * self.weight.float()).to(x.dtype)


class Layer(nn.Module):
    """One layer of the model. `mask` says which keys may be seen (batch x 1 x 1 x length); without it, those before."""

    def __init__(
        self, width: int = WIDTH, inner: int = INNER, queries: int = QUERIES, keys: int = KEYS
    ) -> None:
        super().__init__()
        self.queries, self.keys = queries, keys
        self.attn_norm, self.ffn_norm = Norm(width), Norm(width)
        self.attn_q = nn.Linear(width, queries * HEAD, bias=False)
        self.attn_k = nn.Linear(width, keys * HEAD, bias=False)
        self.attn_v = nn.Linear(width, keys * HEAD, bias=False)
        self.attn_output = nn.Linear(queries * HEAD, width, bias=False)
        self.ffn_gate = nn.Linear(width, inner, bias=False)
        self.ffn_up = nn.Linear(width, inner, bias=False)
        self.ffn_down = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None = None) -> Tensor:
        batch, length, _ = x.shape
        y = self.attn_norm(x)
        q = self.attn_q(y).view(batch, length, self.queries, HEAD).transpose(1, 2)
        k = self.attn_k(y).view(batch, length, self.keys, HEAD).transpose(1, 2)
        v = self.attn_v(y).view(batch, length, self.keys, HEAD).transpose(1, 2)
        q, k = turned(q, cos, sin).to(v.dtype), turned(k, cos, sin).to(v.dtype)
        times = self.queries // self.keys
        k, v = k.repeat_interleave(times, dim=1), v.repeat_interleave(times, dim=1)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        x = x + self.attn_output(seen.transpose(1, 2).reshape(batch, length, self.queries * HEAD))
        y = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))


def layer_from(base: Base, number: int) -> Layer:
    """Layer `number` of the base model."""
    layer = Layer()
    with torch.no_grad():
        for name in MATRICES:
            getattr(layer, name).weight.copy_(torch.from_numpy(base.matrix(f"blk.{number}.{name}").values()))
        for name in ("attn_norm", "ffn_norm"):
            getattr(layer, name).weight.copy_(torch.from_numpy(base.vector(f"blk.{number}.{name}")))
    return layer


def embeddings_from(base: Base) -> Tensor:
    """The token embeddings, vocabulary x WIDTH."""
    codes, scale = base.embeddings()
    values = codes.reshape(len(codes), -1, 32).astype("float32") * scale[..., None]
    return torch.from_numpy(values.reshape(len(codes), -1))
