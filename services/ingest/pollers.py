"""One poll of a source: what is new goes to raw-article, and the checkpoint follows.

A page is sent and acknowledged first and remembered after: a crash between the two repeats it under the same ids.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import BinaryIO, Protocol

import structlog

from schemas.operations import SourceStatus
from schemas.raw import RawArticle
from services.ingest import folder, jsonlines
from services.ingest.feeds import MAX_FEED_BYTES, Entry, Feed, NoFeed, parse_feed
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified, Request
from services.ingest.sources import FeedSource, FolderSource, JsonLinesSource
from services.ingest.status import checkpoint, failed, succeeded
from services.runtime.instruments import SourceMetrics
from services.runtime.metrics import PollOutcome, SourceError
