"""Who sells what to whom: the trade store and the importers that fill it (docs/trade.md)."""
