"""Properties that hold for every case: 300 cases in the ordinary run, 10 000 in the nightly one.

`python3 dev.py test -m natt --hypothesis-profile=natt` runs the nightly ones: ten parts of 1 000 new cases for each
property, so that no part comes near the time limit of a test.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

FALL = 300
NATTENS_FALL = 1_000
NATTENS_DELAR = 10

_delar = [pytest.param(0, id=f"{FALL}")] + [
    pytest.param(nummer, marks=pytest.mark.natt, id=f"natt{nummer}") for nummer in range(1, NATTENS_DELAR + 1)
]


def galler_alltid(*strategier: SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """Make tests out of a property: the ordinary one and the night's. It gets one argument per strategy and asserts."""

    def dekorera(egenskap: Callable[..., None]) -> Callable[[int], None]:
        def test(natt: int) -> None:
            installning = settings(
                max_examples=NATTENS_FALL if natt else FALL,
                # The ordinary run has the same cases every time, the night's parts never the same.
                derandomize=not natt,
                deadline=None,
                database=None,
                suppress_health_check=[HealthCheck.too_slow],
            )
            installning(given(*strategier)(egenskap))()

        test.__name__, test.__doc__, test.__module__ = egenskap.__name__, egenskap.__doc__, egenskap.__module__
        return pytest.mark.parametrize("natt", _delar)(test)

    return dekorera
