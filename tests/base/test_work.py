"""What waits for the commit: in which order it is done, as whom, and how often."""

from unittest.mock import patch

import pytest
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError

from odoo.addons.lead_management.models.base import work
from odoo.addons.lead_management.models.base.apart import attempt
from odoo.addons.lead_management.tests.common import LeadManagementCase

LOGGER = "odoo.addons.lead_management.models.base.work"


class WorkCase(LeadManagementCase):
    """Each queue writes down what it is given, and does nothing else."""

    def setUp(self):
        super().setUp()
        self.env.cr.flush()
        self.env.cr.postcommit.clear()
        self.done = []
        self.then = {}
        CrmLead = type(self.env["crm.lead"])
        for queue in work.BY_NAME:

            def run(leads, pending, queue=queue):
                self.done.append((queue, leads.env, pending))
                self.then.pop(queue, lambda env: None)(leads.env)

            self.startPatcher(patch.object(CrmLead, f"_work_{queue}", run))

    def _note(self, queue, ids=(1,), key=None, env=None):
        work.note(env or self.env, queue, ids, key)

    def _queues(self):
        return [queue for queue, __, __ in self.done]

    def _noted(self, queue):
        return [pending for name, __, pending in self.done if name == queue]


class TestQueues(WorkCase):
    def test_in_the_declared_order_whatever_was_noted_first(self):
        for queue in reversed(work.BY_NAME):
            self._note(queue)
        self.env.cr.flush()
        self.assertEqual(self._queues(), [queue.name for queue in work.QUEUES])
        self.done.clear()
        self.commit()
        self.assertEqual(self._queues(), [queue.name for queue in work.AFTER])

    def test_once_however_often_it_is_noted(self):
        for lead_id in (3, 1, 3):
            self._note("clocks", {lead_id: lead_id == 1})
            self._note("refresh", [lead_id], "lead.score")
        self._note("clocks", {1: False})
        self.commit()
        self.assertEqual(self._noted("clocks"), [{None: {3: False, 1: True}}])
        self.assertEqual(self._noted("refresh"), [{"lead.score": {3: None, 1: None}}])
        self.commit()
        self.assertEqual(len(self.done), 2)

    def test_what_turned_and_turned_back_is_one_crossing(self):
        self._note("crossings", {1: ("cold", "warm", 40)})
        self._note("crossings", {1: ("warm", "cold", 10)})
        self.commit()
        self.assertEqual(self._noted("crossings"), [{None: {1: ("cold", "cold", 10)}}])

    def test_what_work_notes_is_done_in_the_same_order(self):
        def more(env):
            self._note("log", env=env)
            self._note("refresh", env=env)
            self._note("routing", env=env)

        self.then = {"automations": more}
        self._note("automations")
        self._note("wake")
        self.commit()
        self.assertEqual(
            self._queues(), ["automations", "refresh", "log", "wake", "routing"]
        )

    def test_what_never_ends_is_refused(self):
        class Always(dict):
            def pop(self, queue, default):
                return lambda env: work.note(env, "clocks", [1])

        self.then = Always()
        self._note("clocks")
        with pytest.raises(RecursionError):
            self.env.cr.flush()

    def test_others_who_wait_for_the_commit_come_first(self):
        def track():
            self.done.append(("tracking", None, None))
            self._note("followups")

        self._note("wake")
        self.env.cr.precommit.add(track)
        self.env.cr.flush()
        self.assertEqual(self._queues(), ["tracking", "followups", "wake"])


class TestActors(WorkCase):
    def test_nothing_of_the_context_but_who_asks(self):
        env = self.env(
            user=self.rep.id,
            context={
                "lang": "en_US",
                "tz": "Europe/Brussels",
                "allowed_company_ids": self.company.ids,
                "tracking_disable": True,
                "default_user_id": 1,
                "mail_notrack": True,
            },
        )
        for queue in work.BY_NAME:
            self._note(queue, env=env)
        self.commit()
        self.assertEqual(len(self.done), len(work.BY_NAME))
        for queue, used, __ in self.done:
            with self.subTest(queue=queue):
                self.assertEqual((used.uid, used.su), (self.rep.id, True))
                self.assertEqual(
                    used.context,
                    {
                        "lang": "en_US",
                        "tz": "Europe/Brussels",
                        "allowed_company_ids": self.company.ids,
                    },
                )

    def test_each_gets_what_they_asked_for(self):
        for user, lead_id in ((self.rep, 1), (self.rep_2, 2)):
            env = self.env(user=user.id)
            self._note("automations", {lead_id: ()}, "x", env)
            self._note("clocks", {lead_id: False}, env=env)
        self.commit()
        self.assertEqual(
            [
                (env.user, pending)
                for queue, env, pending in self.done
                if queue == "automations"
            ],
            [(self.rep, {"x": {1: ()}}), (self.rep_2, {"x": {2: ()}})],
        )
        # whose it is does not matter: all at once
        self.assertEqual(self._noted("clocks"), [{None: {1: False, 2: False}}])

    def test_a_context_of_a_caller_that_makes_no_sense(self):
        env = self.env(
            context={"lang": {}, "tz": ["x"], "allowed_company_ids": {"a": 1}}
        )
        self._note("clocks", {1: False}, env=env)
        self.commit()
        self.assertEqual(self.done[0][1].context, {})


class TestUndone(WorkCase):
    """What was noted for something that is undone is not done.

    ``pytest.raises``: ``assertRaises`` of Odoo is a savepoint that flushes.
    """

    def _fail(self, *queues, within=None):
        with pytest.raises(UserError), attempt(self.env):
            for queue in queues:
                self._note(queue, [2])
            if within:
                within()
            raise UserError("undone")

    def test_an_attempt_that_fails_takes_its_notes_along(self):
        self._note("clocks", {1: False})
        self._fail(*work.BY_NAME)
        self.commit()
        self.assertEqual(self._queues(), ["clocks"])
        self.assertEqual(self._noted("clocks"), [{None: {1: False}}])

    def test_an_attempt_that_lasts_leaves_its_notes(self):
        self._note("routing", [1])
        with attempt(self.env), attempt(self.env):
            self._note("routing", [2])
            self._note("clocks", {2: False})
        self.assertFalse(self.done, "nothing is done early")
        self.commit()
        self.assertEqual(self._queues(), ["clocks", "routing"])
        self.assertEqual(self._noted("routing"), [{None: {1: None, 2: None}}])

    def test_what_was_done_within_is_done_again(self):
        """A score that is read in an attempt is worked out there, undone with it."""
        self._note("refresh", [1], "lead.score")

        def read():
            self.assertEqual(
                work.take(self.env.cr, "refresh"), {"lead.score": {1: None, 2: None}}
            )

        with pytest.raises(UserError), attempt(self.env):
            self._note("refresh", [2], "lead.score")
            with attempt(self.env):
                read()
            raise UserError("undone")
        self.commit()
        self.assertEqual(self._noted("refresh"), [{"lead.score": {1: None}}])

    def test_a_savepoint_of_odoo_within_an_attempt(self):
        self._note("clocks", {1: False})

        def flush():
            with self.env.cr.savepoint():
                pass

        self._fail("routing", within=flush)
        self.assertEqual(self._queues(), ["clocks"])
        self.env.cr.postcommit.clear()  # handed over by the flush; is checked anew
        self.done.clear()
        self.commit()
        # what was done in the attempt is undone with it, and so done again
        self.assertEqual(self._noted("clocks"), [{None: {1: False}}])

    def test_a_savepoint_of_odoo_that_is_rolled_back(self):
        self._note("clocks", {1: False})
        with pytest.raises(UserError), self.env.cr.savepoint():
            self.assertEqual(self._queues(), ["clocks"], "done before it")
            self._note("wake")
            self._note("routing", [2])
            raise UserError("undone")
        self.commit()
        self.assertEqual(self._queues(), ["clocks"])

    def test_a_savepoint_rolled_back_in_the_middle_of_the_work(self):
        def fail(env):
            with pytest.raises(UserError), env.cr.savepoint():
                raise UserError("undone")

        self.then = {"clocks": fail}
        for queue in ("clocks", "automations", "wake", "routing"):
            self._note(queue)
        self.commit()
        self.assertEqual(
            sorted(self._queues()), ["automations", "clocks", "routing", "wake"]
        )


class TestErrors(WorkCase):
    def _raise(self, error):
        def fail(env):
            raise error

        return fail

    def test_an_error_of_the_database_goes_up_from_each_queue(self):
        for queue in work.QUEUES:
            self.then = {queue.name: self._raise(SerializationFailure())}
            self._note(queue.name)
            with self.subTest(queue=queue.name):
                with pytest.raises(SerializationFailure):
                    self.env.cr.flush()
                self.env.cr.precommit.clear()

    def test_what_fails_after_the_commit_stops_nothing(self):
        self.then = {"routing": self._raise(UserError("no"))}
        for queue in work.AFTER:
            self._note(queue.name)
        self.env.cr.flush()
        with self.assertLogs(LOGGER, "ERROR"):
            for callback in list(self.env.cr.postcommit._funcs):
                if callback.func is work._run_after:
                    callback()
        self.assertEqual(self._queues(), ["routing", "refresh_apart", "nurturing"])
