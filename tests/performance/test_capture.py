import json

from odoo.sql_db import Cursor
from odoo.tests import HttpCase

from ..capture.capture_common import KEY, CaptureCase

# What tests do by themselves, or Odoo before it knows the database.
OTHERS = ("SAVEPOINT", "ROLLBACK TO", "RELEASE", "select datname")


class TestCaptureBudget(CaptureCase, HttpCase):
    """Who posts is answered after a handful of statements, however many came before."""

    def _count(self, post):
        post()  # what is read once is read
        self.env.flush_all()
        seen = []
        execute = Cursor.execute

        def counting(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query)).lstrip()
            if not text.startswith(OTHERS):
                seen.append(" ".join(text.split())[:100])
            return execute(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", counting)
        post()
        return seen

    def test_a_webhook(self):
        source = self._new_source("google")
        path, body = f"/lead/hook/{source.token}", {"google_key": KEY}
        self.env.flush_all()
        numbers = iter(range(9))

        def post():
            data = json.dumps({**body, "lead_id": str(next(numbers))})
            self.assertEqual(self.url_open(path, data=data).status_code, 200)

        # and one that sets the isolation, which tests cannot
        self.assertLessEqual(len(seen := self._count(post)), 7, "\n".join(seen))

    def test_a_form(self):
        path = f"/lead/form/{self.form.token}"
        numbers = iter(range(9))

        def post():
            data = {"contact_name": "A", "email_from": f"a{next(numbers)}@example.com"}
            answer = self.url_open(path, data=data, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)

        self.assertLessEqual(len(seen := self._count(post)), 7, "\n".join(seen))
