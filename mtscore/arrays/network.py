"""A small neural network as plain arrays, evaluated with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays.tensors import check

FIELDS: Mapping[str, type[np.generic]] = {
    "mean": np.float64,
    "scale": np.float64,
    "hidden": np.float32,
    "hidden_bias": np.float32,
    "output": np.float32,
}
"""The arrays and their types."""

CLIP = 4.0


@dataclass(frozen=True)
class Network:
    """One hidden layer of rectified units over inputs that are standardised and clipped to +-`CLIP` deviations.

    `mean` and `scale` have one number per input, `hidden` is inputs x units, `hidden_bias` and `output` have one
    number per unit. Several networks whose log-odds are averaged are one network with all their units.
    """

    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    hidden: npt.NDArray[np.float32]
    hidden_bias: npt.NDArray[np.float32]
    output: npt.NDArray[np.float32]
    intercept: float

    def log_odds(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One number per row of the matrix rows x inputs, independent of the other rows."""
        weights, bias, output = self._in_double
        out = np.empty(len(rows), np.float64)
        for number, row in enumerate(np.ascontiguousarray(standardised(rows, self.mean, self.scale, CLIP))):
            # row by row: a product of matrices may add up in another order for another number of rows
            out[number] = np.maximum(row @ weights + bias, 0.0) @ output
        return self.intercept + out

    @cached_property
    def _in_double(self) -> list[npt.NDArray[np.float64]]:
        return [part.astype(np.float64) for part in (self.hidden, self.hidden_bias, self.output)]

    def check(self, inputs: int) -> None:
        """Raise ValueError for arrays that do not fit each other or `inputs` columns."""
        units = self.output.size
        wanted: dict[str, tuple[int, ...]] = {
            "mean": (inputs,), "scale": (inputs,), "hidden": (inputs, units), "hidden_bias": (units,),
            "output": (units,),
        }  # fmt: skip
        arrays: dict[str, npt.NDArray[Any]] = {f"network.{field}": getattr(self, field) for field in FIELDS}
        for name, shape in wanted.items():
            check(arrays, f"network.{name}", FIELDS[name], shape)
        if not np.isfinite(self.intercept) or not (self.scale > 0).all():
            raise ValueError("a number of the network is missing, or a scale not positive")


def standardised(
    rows: npt.NDArray[np.float64], mean: npt.NDArray[np.float64], scale: npt.NDArray[np.float64], clip: float
) -> npt.NDArray[np.float64]:
    """The rows in deviations from the mean, clipped to +-`clip`."""
    clipped: npt.NDArray[np.float64] = np.clip((rows - mean) / scale, -clip, clip)
    return clipped


def averaged_networks(networks: Sequence[Network]) -> Network:
    """One network whose log-odds are the mean of those of several with the same scaling."""
    first, share = networks[0], np.float32(1 / len(networks))
    return Network(
        first.mean,
        first.scale,
        np.concatenate([n.hidden for n in networks], axis=1),
        np.concatenate([n.hidden_bias for n in networks]),
        np.concatenate([n.output * share for n in networks]),
        float(np.mean([n.intercept for n in networks])),
    )
