"""On a page: the local workspace, its HTTP API, and the map."""
