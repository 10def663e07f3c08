"""How much room a text takes in a picture, where nothing sets it for us. Pure arithmetic, without a font file."""

from __future__ import annotations


def teckenbredd(text: str) -> int:
    """About how wide a text is in the semibold sans, in hundredths of its size of type; too much before too little."""
    return sum(_bredd(tecken) for tecken in text)


def ryms(text: str, storlek: int, bredd: int) -> bool:
    """Whether a text of this size goes into `bredd`, both in the picture's units."""
    return teckenbredd(text) * storlek <= bredd * 100


def korta(text: str, storlek: int, bredd: int) -> str:
    """The text, cut with … where it does not go into `bredd`."""
    if ryms(text, storlek, bredd):
        return text
    while text and not ryms(f"{text}…", storlek, bredd):
        text = text[:-1].rstrip()
    return f"{text}…"


def _bredd(tecken: str) -> int:
    if tecken.isdecimal():
        return 50
    if tecken in " \u00a0,.-ijlI'":
        return 28
    if tecken in "frts":
        return 44
    if tecken in "mwMW":
        return 88
    return 66 if tecken.isupper() else 58
