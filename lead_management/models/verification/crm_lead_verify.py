from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...tools.check_address import verify_address
from ...tools.check_email import verify_email
from ...tools.check_name import verify_company, verify_name
from ...tools.check_number import verify_number
from ...tools.check_phone import verify_phone
from ...tools.verdicts import (
    COMPANY,
    DATA,
    EMAIL,
    NAME,
    PHONE,
    VAT,
    WRONG,
    fingerprint,
)
from ..base.derived.crm_lead_derived import CREATED_KEY
from ..base.fast.sql_rows import sql_rows
from ..base.work import may_be_undone, note, still_there, take
from .constants import CHECKED_FIELDS, OFFLINE, WAITING
from .crm_lead import LEAD_VERIFICATION

VERIFY = "verify"
# The columns of a check that code writes, with their types.
COLUMNS = {
    "lead_id": "int4",
    "datum": "varchar",
    "fingerprint": "varchar",
    "verdict": "varchar",
    "level": "varchar",
    "reason": "varchar",
    "offer": "varchar",
    "source": "varchar",
    "provider": "varchar",
    "reference": "varchar",
    "date": "timestamp",
    "expiry": "timestamp",
    "cost": "float8",
    "author_id": "int4",
    "is_current": "bool",
}
Known = namedtuple(
    "Known",
    "id lead_id datum fingerprint verdict level reason offer source expiry is_current",
)


class CrmLead(models.Model):
    """Checks follow the values of leads, in a constant number of statements.

    What can be found without asking anybody is found before the commit. What is known
    from others of the same value counts more, and is found again when a value comes
    back.
    """

    _inherit = "crm.lead"

    def _verification_changed(self, change):
        if change.is_new:
            note(self.env, VERIFY, self.ids)
            return
        for leads, names in change.get_written():
            if not {*CHECKED_FIELDS, "partner_id"}.isdisjoint(names):
                note(self.env, VERIFY, leads.ids)

    @api.model
    def _verification_flush(self, may_wait=False):
        """Check now what was to be checked before the commit.

        :param may_wait: whether the caller refreshes what is worked out of leads
        """
        if pending := take(self.env.cr, VERIFY):
            # sudo: checks are nobody's to write
            self.sudo()._work_verify(pending)
        if not may_wait:
            self._verification_write_waiting()

    @api.model
    def _work_verify(self, pending):
        """Check leads again that were changed; their refresh is next."""
        if not may_be_undone(self.env.cr):
            self.env.cr.precommit.data.setdefault(WAITING, [])
        lead_ids = sorted(set().union(*pending.values()))
        still_there(self.with_context(active_test=False).browse(lead_ids))._verify()

    def _verify(self, renew=False):
        """Bring the current checks of leads in step with their values.

        :param renew: whether what was found without asking anybody is found again,
            although the value is the same
        :return: how many checks are new
        """
        if not self:
            return 0
        # sudo: checks are nobody's to write
        leads = self.sudo()
        known = leads._verification_get_known()
        steps = [], [], []
        now = fields.Datetime.now()
        corrected = {}
        for lead in leads:
            for datum in DATA:
                checks = known.get((lead.id, datum), ())
                if lead._verification_settle(datum, checks, steps, now, renew):
                    corrected.setdefault(datum, []).append(lead.id)
        leads._verification_store(*steps)
        for datum, lead_ids in corrected.items():
            leads.browse(lead_ids)._verification_settled(
                datum, self.env._("Corrected.")
            )
        return len(steps[-1])

    def _verification_settle(self, datum, known, steps, now, renew):
        """Decide which check of a datum is to be the current one.

        :param known: its checks so far, as ``Known``, the last one first
        :param steps: lists of ids that are current no more, ids that are current again,
            and values of new ones
        :return: whether a value that was wrong has given way to another one
        """
        retired, revived, added = steps
        current = next((check for check in known if check.is_current), None)
        verdict = self._verification_find(datum)
        value = fingerprint(datum, verdict.value) if verdict else ""
        if not value:
            retired += [current.id] if current else []
            return False
        said = next(
            (
                check
                for check in known
                if check.source != OFFLINE
                and check.fingerprint == value
                and (not check.expiry or check.expiry > now)
            ),
            None,
        )
        if current and said and said.id == current.id:
            return False
        if current and not said and current.fingerprint == value:
            same = (current.verdict, current.level, current.reason, current.offer or "")
            if current.source == OFFLINE and same == verdict[:4] and not renew:
                return False
        retired += [current.id] if current else []
        if said:
            revived.append(said.id)
        else:
            added.append(self._verification_values(datum, value, verdict, now))
        # it may have been taken out first, and put right later
        last = current or next(iter(known), None)
        is_right = (said or verdict).verdict != WRONG
        return bool(
            last and last.verdict == WRONG and last.fingerprint != value and is_right
        )

    def _verification_find(self, datum):
        """Return what can be said of a datum without asking anybody, or None."""
        countries = self._verification_codes()
        country = countries.get(("country", self.country_id.id))
        if datum == NAME:
            return verify_name(self.contact_name) if self.contact_name else None
        if datum == COMPANY:
            return verify_company(self.partner_name) if self.partner_name else None
        if datum == EMAIL:
            own = self.env["mail.alias.domain"]._get_own_names()
            return verify_email(self.email_from, own) if self.email_from else None
        if datum == PHONE:
            return verify_phone(self.phone, country) if self.phone else None
        if datum == VAT:
            return verify_number(self.vat, country) if self.vat else None
        state = countries.get(("state", self.state_id.id))
        return verify_address(self.street, self.city, self.zip, country, state)

    @api.model
    @ormcache(cache="stable")
    def _verification_codes(self):
        """Return the codes of countries and states by their ids."""
        # sudo: they are the same for everybody
        env = self.sudo().env
        return {
            ("country", country.id): country.code
            for country in env["res.country"].search([])
        } | {
            ("state", state.id): state.code
            for state in env["res.country.state"].search([])
        }

    @api.model
    def _verification_values(self, datum, value, verdict, now, **more):
        return {
            "lead_id": self.id,
            "datum": datum,
            "fingerprint": value,
            "verdict": verdict.verdict,
            "level": verdict.level,
            "reason": verdict.reason,
            "offer": verdict.offer or None,
            "source": OFFLINE,
            "date": now,
            "is_current": True,
            **more,
        }

    # ------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------

    def _verification_get_known(self):
        """Return the checks that may count, by lead and datum, the last one first."""
        created = self.env.cr.precommit.data.get(CREATED_KEY, set())
        if created.issuperset(self.ids) and not self.env.cr.precommit.data.get(VERIFY):
            return {}
        self._verification_write_waiting()
        known = {}
        for row in self.env.execute_query(
            SQL(
                """
                SELECT id, lead_id, datum, fingerprint, verdict, level, reason, offer,
                       source, expiry, is_current
                FROM lead_check
                WHERE lead_id = ANY(%s) AND (is_current OR source != %s)
                ORDER BY date DESC, id DESC
                """,
                self.ids,
                OFFLINE,
            )
        ):
            check = Known(*row)
            known.setdefault((check.lead_id, check.datum), []).append(check)
        return known

    def _verification_store(self, retired, revived, added):
        """Write which checks are current, and those that are new."""
        if not (retired or revived or added):
            return
        cr = self.env.cr
        # from now on, leads of this transaction may have checks
        cr.precommit.data[VERIFY] = True
        if retired:
            cr.execute(
                "UPDATE lead_check SET is_current = FALSE WHERE id = ANY(%s)", [retired]
            )
        if revived:
            cr.execute(
                "UPDATE lead_check SET is_current = TRUE WHERE id = ANY(%s)", [revived]
            )
        if added:
            statement = self._verification_sql_insert(added)
            waiting = cr.precommit.data.get(WAITING)
            created = cr.precommit.data.get(CREATED_KEY, set())
            if (
                waiting is None
                or retired
                or revived
                or not created.issuperset(self.ids)
            ):
                cr.execute(statement)
            else:
                waiting.append(statement)
        self.env["lead.check"].invalidate_model(flush=False)
        fnames = ["lead_check_ids", "verification_marks"]
        self.invalidate_recordset(fnames, flush=False)
        self._verification_mark()

    @api.model
    def _verification_sql_insert(self, added):
        rows = [tuple(values.get(name) for name in COLUMNS) for values in added]
        return SQL(
            "INSERT INTO lead_check (%s) %s"
            " ON CONFLICT (lead_id, datum) WHERE is_current DO NOTHING",
            SQL(", ").join(map(SQL.identifier, COLUMNS)),
            sql_rows(COLUMNS.values(), rows),
        )

    def _verification_mark(self):
        """Let what is worked out of checks be worked out again."""
        columns = self._derived_known()
        names = {
            name for name, col in columns.items() if col.model == LEAD_VERIFICATION
        }
        self._derived_mark(
            [
                model
                for model in self._derived_models()
                if model == LEAD_VERIFICATION
                or not self.env[model]._trigger_fields().isdisjoint(names)
            ]
        )
