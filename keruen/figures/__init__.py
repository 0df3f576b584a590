"""Figures: what texts and statistics say, side by side.

read_document(file)    the text of a text, HTML, DOCX or PDF file
read_claims(text)      the figures of a text as claims, slot by slot, with their places in the text
ledger.ledger(data)    recorded figures of one kind from several tables, rivals beside rivals
audit.audit(data, text)    each claim of a text held against the others, the ledger and the model
"""

from keruen.figures.claim import Alternative as Alternative
from keruen.figures.claim import Claim as Claim
from keruen.figures.claim import Printed as Printed
from keruen.figures.documents import Document as Document
from keruen.figures.documents import read_document as read_document
from keruen.figures.reading import Reading as Reading
from keruen.figures.reading import read_claims as read_claims
from keruen.figures.reading import read_text as read_text
