from odoo import api, fields, models

STORED, DONE, ATTACHED, TEST = "stored", "done", "attached", "test"
QUARANTINED, RETRY, PARKED = "quarantined", "retry", "parked"
IGNORED, ERASED = "ignored", "erased"
STATES = [
    (STORED, "New"),
    (DONE, "Done"),
    (ATTACHED, "Attached"),
    (TEST, "Test"),
    (QUARANTINED, "Suspected spam"),
    (RETRY, "Retrying"),
    (PARKED, "Needs review"),
    (IGNORED, "Set aside"),
    (ERASED, "Erased"),
]
# What may become of what waits; a person may let the others be tried once more.
RESULTS = (DONE, ATTACHED, TEST, QUARANTINED, RETRY, PARKED, IGNORED, ERASED)
REPLAYED = (QUARANTINED, RETRY, PARKED, IGNORED)
TRANSITIONS = {
    STORED: RESULTS,
    RETRY: (STORED, *RESULTS),
    QUARANTINED: (STORED, IGNORED, ERASED),
    PARKED: (STORED, DONE, ATTACHED, IGNORED, ERASED),
    IGNORED: (STORED, ERASED),
    DONE: (ERASED,),
    ATTACHED: (ERASED,),
    TEST: (ERASED,),
    ERASED: (),
}
WAITING = (STORED, RETRY)


class LeadCaptureEntry(models.Model):
    """What a source delivered, as it came: stored first, processed afterwards.

    The key makes it one of a kind, however often it is delivered. It never holds half
    a lead: the lead and the state are written in one transaction.
    """

    _name = "lead.capture.entry"
    _inherit = ["lead.state.mixin"]
    _description = "Submission"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "person"
    _transitions = TRANSITIONS

    source_id = fields.Many2one(
        "lead.capture.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="source_id.kind")
    key = fields.Char(required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default=STORED)
    date = fields.Datetime(string="Received", required=True, readonly=True)
    submitted_date = fields.Datetime(string="Submitted", readonly=True)
    # As it came; ASCII: the database takes neither NUL nor half characters
    payload = fields.Text(string="Raw Data", readonly=True, prefetch=False)
    detail = fields.Text(string="Details Read", readonly=True, prefetch=False)
    headers = fields.Json(readonly=True, prefetch=False)
    ip = fields.Char(string="IP Address", readonly=True)
    # Who it is
    person = fields.Char(readonly=True)
    email_normalized = fields.Char(string="Email", readonly=True)
    phone_sanitized = fields.Char(string="Phone", readonly=True)
    # What became of it
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, ondelete="set null", index="btree_not_null"
    )
    tries = fields.Integer(readonly=True, aggregator=None)
    next_try = fields.Datetime(readonly=True)
    is_cleared = fields.Boolean(
        string="No Spam", readonly=True, help="A person said that it is no spam."
    )
    is_new_wanted = fields.Boolean(
        string="New Lead Wanted",
        readonly=True,
        help="A person said that it becomes a lead of its own.",
    )
    outcome = fields.Json(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _key_uniq = models.UniqueIndex("(source_id, key)")
    _due_idx = models.Index("(next_try, id) WHERE state IN ('stored', 'retry')")
    _date_idx = models.Index("(date DESC, id DESC)")
    _source_date_idx = models.Index("(source_id, date)")
    _submitted_idx = models.Index(
        "(COALESCE(submitted_date, date)) WHERE lead_id IS NOT NULL"
    )
    _needs_idx = models.Index(
        "(date DESC, id DESC) WHERE state IN ('parked', 'quarantined', 'retry')"
    )
    _email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _phone_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.model
    def _personal_fields(self):
        return (
            *("payload", "detail", "headers", "ip", "person", "outcome"),
            *("email_normalized", "phone_sanitized"),
        )

    @api.depends("person", "email_normalized", "phone_sanitized", "key")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = (
                entry.person
                or entry.email_normalized
                or entry.phone_sanitized
                or self.env._("Submission %s", entry.id)
            )

    # ------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------

    @api.depends("outcome", "state")
    @api.depends_context("lang")
    def _compute_reason(self):
        texts = self._get_reason_texts()
        for entry in self:
            entry.reason = " · ".join(
                _fill(texts.get(code, "%(text)s"), values)
                for code, values in entry.outcome or ()
            )

    @api.model
    def _get_reason_texts(self):
        """Return how each reason is told; rooms add those of theirs."""
        return {
            # spam
            "honeypot": self.env._("a hidden field was filled in (+%(points)s)"),
            "fast": self.env._("sent after %(seconds)s s (+%(points)s)"),
            "unsigned": self.env._("not sent from the form itself (+%(points)s)"),
            "links": self.env._("links: %(count)s (+%(points)s)"),
            "disposable": self.env._("disposable address (+%(points)s)"),
            "many": self.env._("many from one address (+%(points)s)"),
            "flood": self.env._("more than the source takes in an hour (+%(points)s)"),
            "captcha": self.env._("captcha failed (+%(points)s)"),
            "captcha_missing": self.env._("sent without the captcha (+%(points)s)"),
            "captcha_silent": self.env._("captcha did not answer (+%(points)s)"),
            "secret": self.env._(
                "The key is wrong: compare it with the one of the source."
            ),
            # needs a person
            "unmapped": self.env._("Unmapped field %(name)s. Example: %(example)s"),
            "nobody": self.env._("Neither an email address nor a phone number."),
            "bad_email": self.env._("“%(email)s” is not an email address."),
            "unreadable": self.env._("It cannot be read."),
            "known": self.env._(
                "Known person: “%(lead)s”. Attach it or create a new lead."
            ),
            "error": self.env._("Could not be processed: %(text)s"),
            "retried": self.env._("Try %(tries)s: %(text)s"),
            "reconnect": self.env._("Waits until the source is connected again."),
            # done
            "created": self.env._("Lead created"),
            "attached": self.env._("Known person: added to “%(lead)s”"),
            "told": self.env._("%(user)s notified"),
            "test_new": self.env._("Would create a lead"),
            "test_attached": self.env._("Would be added to “%(lead)s”"),
            "test_from": self.env._("Test sent by the platform"),
            # set aside
            "automatic": self.env._("An automatic reply"),
            "bounce": self.env._("A delivery report"),
            "colleague": self.env._("Written by a colleague"),
            "own_domain": self.env._("From an address of the company itself"),
            "withdrawn": self.env._("The platform asked to erase it"),
            "erased": self.env._("Personal data erased"),
            "discarded": self.env._("Set aside by %(user)s"),
            "cleared": self.env._("Not spam, says %(user)s"),
        }


def _fill(text, values):
    try:
        return text % values
    except (KeyError, TypeError, ValueError):  # written by an older version
        return text
