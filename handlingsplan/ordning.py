"""Swedish order, the same on both databases: å, ä and ö come last, upper and lower case together."""

from __future__ import annotations

import unicodedata

# The three ASCII characters that follow z.
_SIST = str.maketrans({"å": "{", "ä": "|", "ö": "}"})


def svensk_nyckel(text: str) -> str:
    """Key for `sorted`. Letters are compared composed, so that a decomposed å is an å too."""
    return unicodedata.normalize("NFC", text).casefold().translate(_SIST)
