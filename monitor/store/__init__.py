"""The archive and the queue: one database, reached through `Store`. A connection never leaves this package."""
