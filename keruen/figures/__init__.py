"""Figures: what texts and statistics say, side by side.

    read_claims(text)        the figures of a text as claims, slot by slot, with their places in the text
    ledger(data)             recorded figures of one kind from several tables, rivals beside rivals
    audit_claims(data, ...)  claims held against their own text, the ledger and the model
"""

from keruen.figures.claim import Alternative as Alternative
from keruen.figures.claim import Claim as Claim
from keruen.figures.claim import Printed as Printed
from keruen.figures.reading import Reading as Reading
from keruen.figures.reading import read_claims as read_claims
from keruen.figures.reading import read_text as read_text
