"""The plan's proofreader: small rules over the plan's record. Pure: no database, no Django.

A rule is one function marked with `@regel` that yields what it finds; `regler.py` lists them all. `docs/granska.md`
says what each rule looks for, and which known mistake it would have caught.
"""
