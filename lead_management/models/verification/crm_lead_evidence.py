from odoo import fields, models

from ...tools.check_email import verify_email
from ...tools.check_phone import verify_phone
from ...tools.verdicts import (
    EMAIL,
    LEVELS,
    OK,
    PHONE,
    WRONG,
    Verdict,
    fingerprint,
    squeeze,
)
from .constants import OFFLINE, USER


class CrmLead(models.Model):
    """What others found out about a value: people, messages, services."""

    _inherit = "crm.lead"

    def _verify_evidence(self, datum, reason, verdict, level, source=None, **more):
        """Record what was found out about a datum of these leads, once.

        It counts as long as the value is the same. What says less than is known of the
        value already is not recorded: a delivered message after a reply.

        :param datum: ``name``, ``email``, ``phone``, ``address``, ``vat``, ``company``
        :param reason: a code of ``lead.check._get_reasons()``
        :param verdict: ``ok``, ``doubtful`` or ``wrong``
        :param level: ``form``, ``plausible``, ``exists`` or ``confirmed``
        :param source: who says so; by default the reason
        :param more: ``value``: of which it was said, where the lead may have another
            one by now, or ``mark``, its fingerprint; ``date``, ``expiry``,
            ``author_id``, ``provider``, ``reference``, ``cost``, ``offer``
        :return: the leads of which it was recorded
        """
        self._verification_flush()
        # sudo: checks are nobody's to write, and contacts give evidence
        leads = self.sudo().with_context(active_test=False).exists()
        value, said_of = more.pop("value", None), more.pop("mark", None)
        now = fields.Datetime.now()
        known = leads._verification_get_known()
        retired, added, cleared = [], [], []
        for lead in leads:
            mark = lead._verification_fingerprint(datum)
            if value is not None:
                said_of = lead._as_known(datum, value)
            if not mark or (said_of is not None and mark != said_of):
                continue
            checks = known.get((lead.id, datum), ())
            current = next((check for check in checks if check.is_current), None)
            said = Verdict(verdict, level, reason, more.get("offer") or "")
            date = more.get("date") or now
            if current and current.fingerprint == mark:
                if not _is_stronger(said, current, source or reason):
                    continue
            if current and current.verdict == WRONG and verdict == OK:
                cleared.append(lead.id)
            retired += [current.id] if current else []
            values = {**more, "date": date, "source": source or reason}
            values["offer"] = said.offer or None
            added.append(lead._verification_values(datum, mark, said, date, **values))
        leads._verification_store(retired, [], added)
        leads.browse(cleared)._verification_settled(datum, leads.env._("It is right."))
        return self.browse({values["lead_id"] for values in added})

    def _verification_fingerprint(self, datum):
        """Return what the value of a datum is known by now, or "" without one."""
        verdict = self._verification_find(datum)
        return fingerprint(datum, verdict.value) if verdict else ""

    def _as_known(self, datum, value):
        """Return what another value of a datum would be known by."""
        return fingerprint(datum, self._verification_normalise(datum, value))

    def _verification_normalise(self, datum, value):
        """Return a value of a datum, the one way it is written."""
        if datum == EMAIL:
            return verify_email(value).value
        if datum == PHONE:
            codes = self._verification_codes()
            return verify_phone(value, codes.get(("country", self.country_id.id))).value
        return squeeze(value)

    def _verification_settled(self, datum, feedback):
        """A value is wrong no more: the task to find the right one is done.

        :param feedback: what became of it
        """
        if not self:
            return
        # sudo: the task may be that of a colleague
        Activity = self.env["mail.activity"].sudo()
        activities = Activity.search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                ("verification_datum", "=", datum),
            ]
        )
        if activities:
            activities.action_feedback(feedback=feedback)


def _is_stronger(said, current, source):
    """Return whether something is worth recording, beside the check that counts."""
    if current.source == OFFLINE or current.source == source == "provider":
        return True
    if source == USER:
        return current.verdict != OK  # whoever keeps a value knows what was said of it
    if LEVELS.index(said.level) < LEVELS.index(current.level):
        return False  # no register knows better than a person
    if said.verdict == OK and current.verdict == OK:
        return LEVELS.index(said.level) > LEVELS.index(current.level)
    same = (current.verdict, current.level, current.source)
    return same != (said.verdict, said.level, source)
