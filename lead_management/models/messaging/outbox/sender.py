"""Whoever sends: claims messages, calls the provider, and writes down what came of it.

Each step is a transaction of its own, committed before the next begins. A message is
marked as started before its provider is called, in the transaction that records the
one before it: whoever dies leaves at most one message in doubt. Messages that were
claimed and not started are nobody's doubt, they are simply taken up again.
"""

import logging
import random
import time
from contextlib import contextmanager

from ...base.apart import DATABASE_ERRORS, READ_COMMITTED, apart
from ..provider import provider as contract
from ..provider.provider import SendResult

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
# Names of the locks: a worker that lives, and the one that claims just now.
WORKER_LOCK = 0x6C6D7367
CLAIM_LOCK = 0x6C6D636C
# How often a result is written down again when the connection breaks.
PERSISTENCE = 5
# A provider that raises what nobody expected, that often, has a poisoned message.
POISON_ATTEMPTS = 3
# The database is gone, or somebody else was faster: no fault of a message.
BROKEN = DATABASE_ERRORS


class ReadingBrokeError(Exception):
    """The connection to read messages broke before anything was sent."""


class SenderStoppedError(Exception):
    """The database is not there: nothing can be written down, so nothing is sent."""


class Sender:
    """One run: lives as long as its lock, by which others see that it does."""

    def __init__(self, registry, batch_size=BATCH_SIZE):
        self.registry = registry
        self.batch_size = batch_size
        self.worker = random.randint(1, 2**31 - 1)
        self.processed = 0
        self.deadline = 0

    # ------------------------------------------------------------
    # Transactions
    # ------------------------------------------------------------

    @contextmanager
    def _transaction(self):
        """Open a transaction that sees what others committed before each statement."""
        with apart(self.registry, isolation=READ_COMMITTED) as env:
            yield env["lead.message"]

    @contextmanager
    def _alive(self):
        """Hold the lock of this worker; it is free once the connection is gone."""
        with self._transaction() as messages:
            lock = (WORKER_LOCK, self.worker)
            messages.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
            yield

    # ------------------------------------------------------------
    # Running
    # ------------------------------------------------------------

    def run(self, seconds):
        """Send what is due.

        :param seconds: no message is begun after so many
        :return: whether there may be more
        """
        self.deadline = time.monotonic() + seconds
        try:
            with self._alive():
                return self._run()
        except (*BROKEN, SenderStoppedError):
            _logger.info("Sending stopped: the database is not there", exc_info=True)
            return True

    def _is_late(self):
        return time.monotonic() > self.deadline

    def _run(self):
        with self._transaction() as messages:
            messages._recover()
        with self._transaction() as messages:
            messages._apply_kept()
        more = True
        while more and not self._is_late():
            claimed = self._claim()
            more = len(claimed) == self.batch_size
            self._send_batch(claimed)
            more = more or self._is_late()
            self._post()
        self._post()
        return more

    def _claim(self):
        """Claim a batch, and mark its first message as started.

        :return: ids of messages in the order in which they are to be sent
        """
        try:
            return self._try_claim()
        except BROKEN:
            raise
        except Exception:
            # one that cannot even be looked at must not keep the others
            _logger.info("Messages could not be claimed", exc_info=True)
            with self._transaction() as messages:
                messages._fail_unprocessable(self.batch_size)
            return self._try_claim()

    def _try_claim(self):
        with self._transaction() as messages:
            # what others claimed is counted when limits are, so one claims at a time
            messages.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
            ids = messages._claim(self.worker, self.batch_size)
            return messages._start(ids, self.worker)

    def _post(self):
        """Tell the chatter, in batches, as long as there is something to tell."""
        while self._post_batch() == self.batch_size:
            pass

    def _post_batch(self):
        """Tell the chatter of a batch; return how many messages there were.

        Whoever saves the same leads just now may be faster.
        """
        for attempt in range(PERSISTENCE):
            try:
                with self._transaction() as messages:
                    return messages._post_done(self.batch_size)
            except BROKEN:
                time.sleep(0.2 * 2**attempt)
        raise SenderStoppedError

    # ------------------------------------------------------------
    # A batch
    # ------------------------------------------------------------

    def _send_batch(self, ids):
        """Send claimed messages, of which the first is started."""
        ids = list(ids)
        breaks = 0
        while ids:
            try:
                self._send_part(ids)
            except ReadingBrokeError:
                breaks += 1
                if breaks == PERSISTENCE:
                    raise SenderStoppedError from None
                time.sleep(0.2 * 2**breaks)

    def _send_part(self, ids):
        """Send messages as long as one connection to read them lasts.

        :param ids: of the messages; those that are done, or no longer this worker's,
          are removed from it
        """
        with self._reading(ids) as messages, self._providers() as providers:
            for message in messages:
                if message.id not in ids:
                    continue  # released: its server is out of order
                result = self._attempt(providers, message, messages)
                del ids[0]
                self._record(message.id, result, ids)
                self.processed += 1

    @contextmanager
    def _reading(self, ids):
        """Read messages for the time of a batch; the connection may break."""
        with self._transaction() as messages:
            yield messages.browse(ids)

    @contextmanager
    def _providers(self):
        providers = {}
        try:
            yield providers
        finally:
            for provider in providers.values():
                self._close(provider)

    def _attempt(self, providers, message, batch):
        """Return what came of one attempt; whatever happens is a result.

        :raises ReadingBrokeError: when the connection broke before anything was sent
        """
        provider = None
        try:
            provider = self._get_provider(providers, message, batch)
            provider.is_under_way = False
            return provider.send(message)
        except Exception as error:
            is_under_way = provider and provider.is_under_way
            if not is_under_way and isinstance(error, BROKEN):
                raise ReadingBrokeError from error
            _logger.info("Message %s was not sent", message.id, exc_info=True)
            status = contract.UNKNOWN if is_under_way else contract.RETRY
            return SendResult(status, error=str(error)[:500], error_code="exception")

    def _get_provider(self, providers, message, batch):
        """Return the provider of a message, prepared for those of the batch it has."""
        key = message.channel, message.provider
        if key not in providers:
            provider = contract.PROVIDERS.get(*key)(message.env)
            provider.prepare(
                batch.filtered(lambda other: (other.channel, other.provider) == key)
            )
            providers[key] = provider
        return providers[key]

    def _close(self, provider):
        try:
            provider.close()
        except Exception:
            _logger.info("A provider could not be closed", exc_info=True)

    def _record(self, message_id, result, ids):
        """Write down a result, and mark the next message as started.

        The result is known and nowhere else: when the connection breaks, it is written
        over another one.

        :param ids: of the messages that come next; those that wait for their server are
          removed, all of them when they are no longer this worker's
        """
        for attempt in range(PERSISTENCE):
            try:
                with self._transaction() as messages:
                    message = messages.browse(message_id)
                    recorded = set(message._record_result(result, ids))
                    rest = [id_ for id_ in ids if id_ not in recorded]
                    if self._is_late():
                        messages._give_back(rest, self.worker)
                        rest = []
                    ours = messages._start(rest, self.worker)
                ids[:] = ours
                return
            except BROKEN:
                time.sleep(0.2 * 2**attempt)
        raise SenderStoppedError
