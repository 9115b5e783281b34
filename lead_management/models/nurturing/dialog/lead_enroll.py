from odoo import api, fields, models
from odoo.exceptions import UserError

from ...base.client_actions import notice
from ...messaging.moment import describe_moment, describe_zone
from ..engine.clock import Clock

# So many leads are shown; all of them count.
SHOWN = 80
# So many are proposed of those that meet the condition.
PROPOSED = 500


class LeadEnroll(models.TransientModel):
    """The dialog Enroll: who enters, who does not and why, and when it begins."""

    _name = "lead.enroll"
    _description = "Enroll Leads"

    sequence_id = fields.Many2one("lead.sequence", domain="[('is_on', '=', True)]")
    lead_ids = fields.Many2many(
        "crm.lead", string="Leads", context={"active_test": False}
    )
    excluded = fields.Json(string="Left Out", default=list)
    preview = fields.Json(compute="_compute_preview")
    label = fields.Char(compute="_compute_preview")

    @api.model
    def _open(self, leads=None, sequence_id=None):
        """Return the action that opens the dialog.

        :param leads: by default some that meet the condition of the sequence
        """
        Sequence = self.env["lead.sequence"]
        sequence = Sequence.browse(sequence_id) if sequence_id else Sequence
        if not sequence:
            sequence = Sequence.search([("is_on", "=", True)], limit=1)
            if not sequence:
                raise UserError(
                    self.env._("No sequence is on. Ask a sales manager to turn one on.")
                )
        if leads is None:
            leads = self._propose(sequence)
        dialog = self.create(
            {"sequence_id": sequence.id, "lead_ids": [(6, 0, leads.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enroll in a Sequence"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _propose(self, sequence):
        domain = sequence._get_lead_domain(
            sequence._get_conditions(), sequence.company_id.id
        )
        domain &= fields.Domain("user_id", "!=", False)
        if not sequence.takes_won:
            domain &= fields.Domain("won_status", "=", "pending")
        leads = self.env["crm.lead"].search(domain, limit=PROPOSED)
        return leads._filtered_access("write")

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    @api.depends("sequence_id", "lead_ids", "excluded")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for dialog in self:
            if not dialog.sequence_id:
                dialog.preview = False
                dialog.label = self.env._("Enroll")
                continue
            dialog.preview = dialog._prepare_preview()
            dialog.label = self.env._("Enroll %s", dialog.preview["in"])

    def _get_leads(self):
        return self.lead_ids._origin or self.lead_ids

    def _prepare_preview(self):
        leads = self._get_leads()
        writable = leads._filtered_access("write")
        entries = self.sequence_id._get_entries(writable)
        excluded = set(self.excluded or ())
        kept = [one for one in entries if not one.code]
        chosen = [one for one in kept if one.lead.id not in excluded]
        moments = sorted(one.at for one in chosen)
        # sudo: where a contact is may stand on a partner the user does not see
        clock = Clock(self.sudo().env, leads.sudo())
        shown = [*kept, *(one for one in entries if one.code)][:SHOWN]
        rows = [self._prepare_row(one, clock, excluded) for one in shown]
        for lead in (leads - writable)[: SHOWN - len(rows)]:
            rows.append(self._prepare_refusal(lead))
        return {
            "in": len(chosen),
            "out": len(leads) - len(chosen),
            "first": self._describe(moments[0]) if moments else "",
            "last": self._describe(moments[-1]) if len(moments) > 1 else "",
            "rows": rows,
            "more": len(leads) - len(rows),
        }

    @api.model
    def _prepare_refusal(self, lead):
        return {
            "id": lead.id,
            "name": lead.name,
            "contact": lead.contact_name or lead.partner_name or "",
            "ok": False,
            "chosen": False,
            "at": self.env._("Not enrolled"),
            "tag": self.env._("No access"),
            "reason": self.env._("You may not change this lead."),
        }

    def _prepare_row(self, entry, clock, excluded):
        lead = entry.lead
        row = {
            "id": lead.id,
            "name": lead.name,
            "contact": lead.contact_name or lead.partner_name or "",
            "ok": not entry.code,
            "chosen": not entry.code and lead.id not in excluded,
            "at": self._describe(entry.at) if entry.at else self.env._("Not enrolled"),
            "tag": self._get_tag(entry.code),
            "reason": entry.reason,
        }
        if not entry.code:
            field = self.env["lead.message"]._fields["channel"]
            labels = dict(field._description_selection(self.env))
            zone = clock.get_zones(lead)[0]
            row["reason"] = self.env._(
                "%(channel)s, %(at)s in %(zone)s",
                channel=labels.get(entry.channel, self.env._("First step")),
                at=describe_moment(self.env, entry.at, zone, fields.Datetime.now()),
                zone=describe_zone(zone),
            )
        return row

    def _get_tag(self, code):
        return {
            "closed": self.env._("Closed"),
            "company": self.env._("Company"),
            "owner": self.env._("No salesperson"),
            "inside": self.env._("Enrolled"),
            "other": self.env._("Other sequence"),
            "again": self.env._("Enrolled before"),
            "recipient": self.env._("No address"),
            "bounce": self.env._("Wrong address"),
            "blacklist": self.env._("Blacklist"),
            "consent": self.env._("Consent"),
        }.get(code, code or "")

    def _describe(self, moment):
        zone = self.env.user.tz or "UTC"
        return describe_moment(self.env, moment, zone, fields.Datetime.now())

    # ------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------

    def action_enroll(self):
        """Let those in who are chosen, and may be."""
        self.ensure_one()
        excluded = set(self.excluded or ())
        leads = self._get_leads()._filtered_access("write")
        leads = leads.filtered(lambda lead: lead.id not in excluded)
        if not leads:
            raise UserError(self.env._("Choose at least one lead."))
        enrollments = self.sequence_id._enroll(leads, user=self.env.user)
        return notice(
            self.env._(
                "Enrolled in “%(sequence)s”: %(count)s",
                sequence=self.sequence_id.name,
                count=len(enrollments),
            ),
            "success" if enrollments else "warning",
            next={"type": "ir.actions.act_window_close"},
        )
