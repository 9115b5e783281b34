"""Who carries messages between databases: claims, commits, calls, and records.

A message that was sent by somebody who died is sent again: the other side knows it by
its key. So nothing is lost, and nothing is done twice.
"""

import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import requests

from ....tools.envelope import HEADERS, sign
from ...base.apart import DATABASE_ERRORS, READ_COMMITTED, apart
from ...base.graph import RefusedAddressError, check_address, check_host

_logger = logging.getLogger(__name__)

BATCH = 60
THREADS = 4
RUN = 40
TIMEOUT = 10
COURIER_LOCK = 0x6C657863


class Courier:
    """One run: lives as long as its lock, by which others see that it does."""

    def __init__(self, registry, batch=BATCH):
        self.registry = registry
        self.batch = batch
        self.worker = random.randint(1, 2**31 - 1)
        self.processed = 0

    @contextmanager
    def _transaction(self):
        with apart(self.registry, isolation=READ_COMMITTED) as env:
            yield env["lead.share.message"]

    @contextmanager
    def _alive(self):
        with self._transaction() as messages:
            lock = (COURIER_LOCK, self.worker)
            messages.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
            yield

    def run(self, seconds=RUN):
        """Work in what came, and send what is due.

        :return: whether there may be more
        """
        deadline = time.monotonic() + seconds
        try:
            with self._alive():
                with self._transaction() as messages:
                    messages._recover()
                while time.monotonic() < deadline:
                    if not self._process_received() + self._send_out():
                        return False
                return True
        except DATABASE_ERRORS:
            _logger.info("The exchange stopped: the database is gone", exc_info=True)
            return True

    # ------------------------------------------------------------

    def _process_received(self):
        """Work in a batch of what came; return how many there were."""
        with self._transaction() as messages:
            count = messages._process_due(self.batch)
        self.processed += count
        return count

    def _send_out(self):
        """Send a batch; return how many there were."""
        with self._transaction() as messages:
            letters = messages._claim(self.worker, self.batch)
        if not letters:
            return 0
        with requests.Session() as session, ThreadPoolExecutor(THREADS) as pool:
            # nothing of the server's own configuration goes along
            session.trust_env = False
            results = list(pool.map(lambda one: self._post(session, one), letters))
        with self._transaction() as messages:
            messages._record_results(results)
        self.processed += len(letters)
        return len(letters)

    def _post(self, session, letter):
        """Send one message; return its id, and what went wrong, or nothing."""
        timestamp = int(time.time())
        signature = sign(letter.secret, timestamp, letter.key, letter.body)
        values = (str(timestamp), letter.key, signature)
        try:
            if not letter.allow_private:
                check_address(letter.url)
                check_host(letter.url)
            with session.post(
                letter.url,
                data=letter.body,
                headers={
                    **dict(zip(HEADERS, values, strict=True)),
                    "Content-Type": "application/json",
                },
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status = answer.status_code
        except (ValueError, RefusedAddressError) as error:
            return letter.id, f"refused: {error}"
        except requests.RequestException as error:
            return letter.id, type(error).__name__
        return letter.id, None if status == 200 else f"HTTP {status}"
