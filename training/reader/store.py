"""The windows of `training.reader.windows` on a device, with the labels that `training.reader.plan` made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

LENGTH = 256
START_TOKEN = 0


@dataclass
class Store:
    """Windows padded to `LENGTH`, the start mark first; places count the tokens of all windows without it."""

    ids: Tensor
    sentence: Tensor
    flags: Tensor
    length: Tensor
    """Tokens of each window, with the start mark."""
    doc: Tensor
    first: Tensor
    """The place of each window's first token."""
    places: int
    ratings: Tensor
    """Windows x sentences, negative where there is none."""
    spans: np.ndarray[Any, Any]
    plan: dict[str, np.ndarray[Any, Any]]
    names: dict[str, list[str]]

    def valid(self, index: Tensor) -> Tensor:
        """Which tokens of some windows there are."""
        return torch.arange(LENGTH, device=index.device)[None] < self.length[index][:, None]


def load(folder: Path, device: str, sentences: int) -> Store:
    """Everything that `folder` holds, on the device."""
    found = np.load(folder / "windows.npz")
    plan = dict(np.load(folder / "plan.npz"))
    names = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    ends = torch.from_numpy(found["window_end"].astype(np.int64))
    first = torch.cat([torch.zeros(1, dtype=torch.int64), ends[:-1]])
    at = first[:, None] + torch.arange(LENGTH - 1)[None]
    there = at < ends[:, None]
    at = at.clamp(max=int(ends[-1]) - 1)

    def padded(values: np.ndarray[Any, Any], filler: int, start: int, kind: torch.dtype) -> Tensor:
        body = torch.from_numpy(values.astype(np.int32))[at].masked_fill(~there, filler)
        return torch.cat([torch.full((len(ends), 1), start), body], dim=1).to(kind).to(device)

    ratings = torch.full((len(ends), sentences), -1.0)
    windows, numbers = (torch.from_numpy(found["ratings"][:, i].astype(np.int64)) for i in (0, 1))
    ratings[windows, numbers] = torch.from_numpy(found["ratings"][:, 2].astype(np.float32))
    return Store(
        padded(found["tokens"], START_TOKEN, START_TOKEN, torch.int32),
        padded(found["sentence"], 255, 255, torch.uint8),
        padded(found["flags"], 0, 0, torch.uint8),
        (ends - first + 1).to(device),
        torch.from_numpy(found["window_doc"].astype(np.int64)).to(device),
        first.to(device),
        int(ends[-1]),
        ratings.to(device),
        found["spans"],
        plan,
        names,
    )
