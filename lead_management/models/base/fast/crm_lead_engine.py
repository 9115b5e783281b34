from odoo import api, models
from odoo.tools import ormcache

from ..context import ENGINE


class CrmLead(models.Model):
    """Owners are written for many leads alike, and nothing is worked out that stays."""

    _inherit = "crm.lead"

    def _as_engine(self, kept=frozenset()):
        """Return these leads as the engine writes them.

        Neither a person's doing nor held to a person's limits; the messages about it
        are written for all leads at once.

        :param kept: names of fields that stay although others are written
        """
        quiet = {"mail_notrack": True, "mail_auto_subscribe_no_notify": True}
        return ENGINE.set(self, kept, **quiet)

    def _is_engine(self):
        """Return whether the assignment engine is at work, and nobody from outside."""
        return ENGINE.get(self.env) is not None

    def _get_write_key(self, vals):
        """Return a key that is the same for leads that are written alike."""
        is_kept = self.team_id.id == vals.get("team_id", self.team_id.id)
        return bool(self.company_id), is_kept, tuple(vals.items())

    def _write_owner(self, vals):
        """Write an owner as the engine does on leads that are alike.

        A lead that has a company stays there, whoever gets it. A team that stays is not
        written. Odoo would work out both, and what depends on them: predict anew, say.
        """
        kept = {"company_id"} if self[:1].company_id else set()
        if "team_id" in vals and self[:1].team_id.id == vals["team_id"]:
            vals = {name: vals[name] for name in vals if name != "team_id"}
            kept.add("team_id")
        kept = self._get_kept(frozenset(vals), frozenset(kept))
        leads = self._as_engine(kept)
        dirty = self.env.transaction.field_dirty
        before = {field for field in dirty if dirty[field]}
        with self.env.protecting([self._fields[fname] for fname in kept], leads):
            leads.write(vals)
        # what others wrote by the way may change what is kept
        others = {
            field.name
            for field in dirty
            if field.model_name == self._name
            and field not in before
            and field.name not in vals
        }
        leads.modified(others)

    @api.model
    @ormcache("written", "kept")
    def _get_kept(self, written, kept):
        """Return the fields that stay with some others although something is written.

        :param written: names of fields that are written
        :param kept: names of computed fields that stay as they are
        :return: ``kept``, and all that depend on them and on nothing that changes
        """

        def follow(changed, kept):
            while True:
                more = {
                    field.name
                    for field in self._fields.values()
                    if field.compute
                    and field.name not in changed | kept
                    and any(
                        path.split(".")[0] in changed
                        for path in self.pool.field_depends[field]
                    )
                }
                if not more:
                    return changed
                changed = changed | more

        if not kept:
            return kept
        return frozenset(
            kept | (follow(written | kept, set()) - follow(written, kept) - written)
        )

    def _check_company(self, fnames=None):
        """Check leads that are alike once: what was written is the same for all.

        Odoo would look for the companies of the same salesperson with each lead.
        """
        if len(self) < 2 or not fnames or "company_id" in fnames:
            return super()._check_company(fnames)
        checked = [
            fname
            for fname in fnames
            if self._fields[fname].relational and self._fields[fname].check_company
        ]
        # sudo: as Odoo does it; whoever gives leads away may not see them any more
        alike = self.sudo().grouped(
            lambda lead: tuple(lead[fname] for fname in ("company_id", *checked))
        )
        one_each = self.browse([leads.ids[0] for leads in alike.values()])
        return super(CrmLead, one_each)._check_company(fnames)
