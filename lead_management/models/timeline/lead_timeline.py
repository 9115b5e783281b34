from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..base.context import TIMELINE_IDS
from .source import DOWN, IN, OUT, SOURCES_MAX, UP, get_source, select_all

KINDS = [
    ("created", "Created"),
    ("email", "Email"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("note", "Note"),
    ("activity", "Activity Done"),
    ("stage", "Stage Change"),
    ("outcome", "Won or Lost"),
    ("owner", "Salesperson"),
    ("response", "Response Time"),
    ("file", "Document"),
    ("score", "Temperature"),
    ("answer", "Answer"),
    ("change", "Field Change"),
    ("consent", "Consent"),
    ("check", "Verification"),
    ("submission", "Submission"),
    ("campaign", "Campaign"),
    ("sequence", "Sequence"),
    ("planned", "Planned"),
]
# What is chosen together on a lead.
GROUPS = {
    "conversation": (
        *("email", "sms", "whatsapp"),
        *("call", "meeting", "note", "activity"),
        *("submission", "campaign", "sequence"),
    ),
    "move": ("created", "stage", "outcome"),
    "owner": ("owner", "response"),
    "document": ("file",),
    "insight": ("score", "answer"),
    "change": ("change", "consent", "check"),
}
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
# Of kinds that other addons add.
OTHER = "conversation"
MILESTONES = GROUPS["move"]
MOVE, PLANNED = "stage", "planned"
DIRECTIONS = [(IN, "Incoming"), (OUT, "Outgoing"), (UP, "Forward"), (DOWN, "Backward")]
# What a row is worth reading, of all that a source tells of it.
DETAILS = ("text", "quote", "note", "before", "after", "who", "url", "hidden")


class LeadTimeline(models.Model):
    """The story of leads: who did what, and when, whatever model keeps it.

    Rows hold keys only, and nothing is copied: what is told of them is read from where
    it is kept (:mod:`.source`), for whoever reads. What happened before this room was
    there is told as well.
    """

    _name = "lead.timeline"
    _inherit = ["lead.row.mixin"]
    _description = "Timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "summary"
    _impersonal = ("direction",)

    team_id = fields.Many2one(related="lead_id.team_id")
    date = fields.Datetime(readonly=True, help="When it happened.")
    recorded_date = fields.Datetime(
        string="Recorded On",
        readonly=True,
        help="When it came to be known: later than it happened for imports, say.",
    )
    kind = fields.Selection(KINDS, readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    author_id = fields.Many2one("res.partner", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, aggregator=None
    )
    res_model = fields.Char(string="Model", compute="_compute_res_model")
    summary = fields.Char(compute="_compute_summary")

    @property
    def _table_query(self):
        ids = TIMELINE_IDS.get(self.env)
        return self._get_statement() if ids is None else select_all(self.env, ids)

    @api.model
    @ormcache()
    def _get_statement(self):
        """Return the statement of all rows, which is the same for everybody."""
        return select_all(self.env)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Ask each source for its own rows where they are asked for by id."""
        ids = _find_ids(Domain(domain))
        if ids is not None and TIMELINE_IDS.get(self.env) is None:
            self = TIMELINE_IDS.set(self, ids)
        # the statement reads tables, not fields: what is written must be there
        self.env.flush_all()
        return super()._search(domain, *args, **kwargs)

    def fetch(self, field_names=None):
        if self and TIMELINE_IDS.get(self.env) is None:
            self = TIMELINE_IDS.set(self, self._ids)
        return super().fetch(field_names)

    def _compute_res_model(self):
        for row in self:
            row.res_model = get_source(row.id).model if row.id else False

    @api.depends_context("lang", "tz", "uid")
    def _compute_summary(self):
        described = self._describe()
        for row in self:
            description = described[row.id]
            parts = [description.get("text"), description.get("note")]
            row.summary = ", ".join(filter(None, parts))
            if quote := description.get("quote"):
                row.summary += f" “{quote}”"

    def _describe(self):
        """Return what is told of rows, read in one go from each source.

        :return: dict of id to a dict with ``text`` and others of ``DETAILS``
        """
        described = {}
        kept = {}
        # sudo: whoever may read a lead may read its rows; sources know exceptions
        messages = self.env["mail.message"].sudo()
        for number, rows in self.grouped(lambda row: row.id % SOURCES_MAX).items():
            source = get_source(number)
            # sudo: see above
            records = self.env[source.model].sudo().browse(rows.mapped("res_id"))
            kept[source] = rows, records
            messages |= source.get_messages(records)
        # of all sources in one statement
        messages.mapped("subject")
        for source, (rows, records) in kept.items():
            description = source.describe(records, self.env)
            for row in rows:
                described[row.id] = description.get(row.res_id, {"text": ""})
        return described

    def action_open(self):
        """Open what a row is about."""
        self.ensure_one()
        self.check_access("read")
        if "hidden" in self._describe()[self.id]:
            return self.lead_id.get_formview_action()
        record = self.env[self.res_model].browse(self.res_id)
        if self.res_model not in OPENED or not record.has_access("read"):
            return self.lead_id.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
            "target": "new",
        }


# Models with a form of their own; of others the lead is opened.
OPENED = (
    "lead.touch",
    "lead.message",
    "lead.stage.transition",
    "lead.assignment.log",
    "lead.qualifier.answer",
    "calendar.event",
    "mail.activity",
)


def _find_ids(domain):
    """Return the ids that a domain restricts rows to, or None."""
    parts = getattr(domain, "children", None) or (domain,)
    if getattr(domain, "OPERATOR", "&") != "&":
        return None
    for part in parts:
        if getattr(part, "field_expr", None) == "id" and part.operator == "in":
            if all(isinstance(value, int) for value in part.value):
                return tuple(part.value)
    return None
