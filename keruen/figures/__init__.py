"""Figures that texts state: reading them as claims."""

from keruen.figures.claim import Alternative as Alternative
from keruen.figures.claim import Claim as Claim
from keruen.figures.claim import Printed as Printed
from keruen.figures.documents import Document as Document
from keruen.figures.documents import read_document as read_document
from keruen.figures.reading import Reading as Reading
from keruen.figures.reading import read_claims as read_claims
from keruen.figures.reading import read_text as read_text
