"""Reader of SCB's population exports (folkmängd per kommun, 31 December). Pure: no Django, nothing is saved.

`las_fil` takes the bytes of one uploaded file and returns rows and errors as values. The way of a file:

    lasning.las_rutnat   which format is it?  -> textfil (CSV) | excel (xlsx) | jsonstat and px, by way of kub
    rutnat.Rutnat        every format becomes a grid of cells with row numbers
    rubrik               which row is the heading, which column is what?
    urval                one date, only Folkmängd; every figure with what it counts
    delar, uppdelning    a table split by age, sex or marital status: its total, or the parts that make up the whole
    koder                looks a region up in SCB's list (handlingsplan.scb_koder)
    kontroll             the file's own totals against its municipalities
    lasning.las_fil      one Rad or one Radfel per municipality
"""

from budget.scb.lasning import las_fil
from budget.scb.poster import Inlasning, Rad, Radfel
from handlingsplan.scb_koder import ScbKod, las_scb_koder, standardkoder

__all__ = ["Inlasning", "Rad", "Radfel", "ScbKod", "las_fil", "las_scb_koder", "standardkoder"]
