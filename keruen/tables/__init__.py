"""What is known: frozen tables with units and a source on every row, the data dictionary, and the checks."""

from keruen.tables.check import CHECKS as CHECKS
from keruen.tables.check import check as check
from keruen.tables.dataset import Dataset as Dataset
from keruen.tables.dataset import load as load
from keruen.tables.features import Feature as Feature
from keruen.tables.features import parse_feature as parse_feature
from keruen.tables.lookup import most_specific as most_specific
from keruen.tables.lookup import most_specific_rows as most_specific_rows
from keruen.tables.reading import table_from_rows as table_from_rows
from keruen.tables.reading import with_column as with_column
from keruen.tables.reading import with_rows as with_rows
from keruen.tables.schema import dictionary_markdown as dictionary_markdown
from keruen.tables.schema import read_schema as read_schema
from keruen.tables.table import Row as Row
from keruen.tables.table import Table as Table
from keruen.tables.trace import Trace as Trace
from keruen.tables.trace import trace as trace
from keruen.tables.trace import trace_keys as trace_keys
