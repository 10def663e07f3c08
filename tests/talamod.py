"""How long a page may take to do what is expected of it."""

TALAMOD = 30_000  # ms; two databases and two browsers share two cores, and whoever shares the machine takes of those
