"""The journal on disk: the one door to writing, reading and verifying it."""

from undertow.storage.journal_reader import JournalReader, verify_journal
from undertow.storage.journal_writer import JournalWriter

__all__ = ["JournalReader", "JournalWriter", "verify_journal"]
