"""The parties in words, from the parties themselves: no name and no number of them is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence


def parter_i_ord(regioner: Sequence[str], antal_kommuner: int) -> str:
    """``Region Skåne och 33 kommuner``; "" where there are no parties."""
    kommuner = [f"{antal_kommuner} kommuner" if antal_kommuner != 1 else "1 kommun"] if antal_kommuner else []
    return " och ".join([*regioner, *kommuner])
