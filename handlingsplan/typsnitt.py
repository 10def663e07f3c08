"""Fonts from their packages: only the files the stylesheet and the PDF use are served and embedded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX: Final = "typsnitt"
FILER: Final[dict[str, str]] = {
    "SourceSansPro-Regular.ttf": "font_source_sans_pro",
    "SourceSansPro-It.ttf": "font_source_sans_pro",
    "SourceSansPro-Semibold.ttf": "font_source_sans_pro",
    "SourceSerifPro-Regular.ttf": "font_source_serif_pro",
    "SourceSerifPro-It.ttf": "font_source_serif_pro",
    "SourceSerifPro-Semibold.ttf": "font_source_serif_pro",
}


def sokvag(filnamn: str) -> Path:
    """The path of one font file in its installed package."""
    return Path(str(files(FILER[filnamn]))) / "files" / filnamn


class Typsnittsfinder(BaseFinder):
    """Serve the fonts under /static/typsnitt/."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False) -> Any:
        """The file's path; a list where `find_all`, as the finder's contract is. Nothing found is falsy."""
        mapp, _, filnamn = path.partition("/")
        traffar = [str(sokvag(filnamn))] if mapp == PREFIX and filnamn in FILER else []
        return traffar if find_all or not traffar else traffar[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for filnamn in FILER:
            storage = FileSystemStorage(location=str(sokvag(filnamn).parent))
            storage.prefix = PREFIX  # type: ignore[attr-defined]  # collectstatic reads it
            yield filnamn, storage
