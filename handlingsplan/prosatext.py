"""Stored rich text as plain text: block by block, or on one line. Pure functions; `richtext` says what there can be."""

from __future__ import annotations

import html
import re
from typing import Final

_RAD: Final = re.compile(r"<br[^>]*>")
_BLOCK: Final = re.compile(r"</?(?:p|li|ul|ol|h\d)\b[^>]*>")
_TAGG: Final = re.compile(r"<[^>]+>")


def textblock(rik: str) -> tuple[str, ...]:
    """Its paragraphs, list items and headings that hold words. A forced line break within one is a line feed."""
    bitar = (html.unescape(_TAGG.sub("", bit)).strip() for bit in _BLOCK.split(_RAD.sub("\n", rik)))
    return tuple(bit for bit in bitar if bit)


def ren_text(rik: str) -> str:
    """All of it on one line, with one space between words and between blocks."""
    return " ".join(ord_ for block in textblock(rik) for ord_ in block.split())
