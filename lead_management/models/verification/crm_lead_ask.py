from odoo import api, models
from odoo.tools import SQL

from ...tools.verdicts import DATA, WRONG
from ..base.fast.sql_rows import sql_rows
from .lead_check_request import WAITING
from .provider.service import SERVICES

COLUMNS = "lead_id datum service_id fingerprint state date tries user_id".split()
TYPES = "int4 varchar int4 varchar varchar timestamp int4 int4".split()


class CrmLead(models.Model):
    """Services are asked about leads: wanted here, done by a scheduled job."""

    _inherit = "crm.lead"

    def _verification_company(self):
        """Return the id of the company whose services are asked about a lead."""
        return (self.company_id or self.env.company).id

    def _verification_can_ask(self, datum):
        Service = self.env["lead.check.service"]
        services = Service._get_for(self._verification_company(), datum)
        return any(
            # sudo: what the service would be told is a value of the lead
            SERVICES.get(service.key).get_values(self.sudo(), datum)
            for service in services
        )

    def _verification_ask(self, data):
        """Check these data again, and ask the services that know about them.

        :param data: names of data, or None for all
        """
        super()._verification_ask(data)
        Service = self.env["lead.check.service"]
        self._verification_request(
            (lead, datum, service)
            for lead in self
            for datum in data or DATA
            for service in Service._get_for(lead._verification_company(), datum)
        )

    def _verification_store(self, retired, revived, added):
        """Ask about new values by itself, where a service is to be asked so."""
        super()._verification_store(retired, revived, added)
        Service = self.env["lead.check.service"]
        if not any(service.is_automatic for service in Service._get_allowed()):
            return
        self._verification_request(
            (lead, values["datum"], service)
            for values in added
            if values["source"] == "offline" and values["verdict"] != WRONG
            for lead in self.browse(values["lead_id"])
            for service in Service._get_for(
                lead._verification_company(), values["datum"]
            )
            if service.is_automatic
        )

    @api.model
    def _verification_request(self, wanted):
        """Note what services are to be asked, each once.

        :param wanted: triples of a lead, a datum and a service
        """
        now = self.env.cr.now().replace(tzinfo=None, microsecond=0)
        rows = []
        for lead, datum, service in wanted:
            lead = lead.sudo()  # sudo: to find what the service would be told
            if not SERVICES.get(service.key).get_values(lead, datum):
                continue
            mark = lead._verification_fingerprint(datum)
            row = lead.id, datum, service.id, mark, WAITING, now, 0, self.env.uid
            rows.append(row)
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO lead_check_request (%s) %s ON CONFLICT DO NOTHING",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                sql_rows(TYPES, rows),
            )
        )
        self.env["lead.check.request"].invalidate_model(flush=False)
        # sudo: scheduled actions are the administrator's
        self.env.ref("lead_management.ir_cron_check_request").sudo()._trigger()

    def _verification_merging(self, merged):
        """What was to be asked about a lead that is gone is asked about no more."""
        self.env.cr.execute(
            """
            UPDATE lead_check_request SET state = 'refused', error = 'changed'
            WHERE lead_id = ANY(%s) AND state IN ('waiting', 'claimed', 'retry')
            """,
            [merged.ids],
        )
        self.env["lead.check.request"].invalidate_model(flush=False)
