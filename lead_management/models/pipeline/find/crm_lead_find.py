import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ....tools.find_text import EMAIL, KEY_DIGITS, NUMBER, read_find_text

# How many are ranked, and how many of them shown.
FOUND, SHOWN = 60, 8
# What an international number has before a national one.
COUNTRY_DIGITS = 3
NAMES = ("name", "contact_name", "partner_name", "email_from")
DIGITS = r"regexp_replace({}, '\D', '', 'g')"


class CrmLead(models.Model):
    """A lead is found by what one knows: a name, a number in any format, an address.

    By indexes, and within what the user may see.
    """

    _inherit = "crm.lead"

    find_text = fields.Char(
        string="Name, Number, Email or Company",
        compute="_compute_find_text",
        search="_search_find_text",
        help="Finds leads by name, company, email or phone number in any format.",
    )

    # The last digits come first, so that a number is found by its end.
    _find_phone_idx = models.Index(
        rf"(reverse({DIGITS.format('phone')}) text_pattern_ops) WHERE phone IS NOT NULL"
    )
    _find_phone_sanitized_idx = models.Index(
        "(reverse(phone_sanitized) text_pattern_ops) WHERE phone_sanitized IS NOT NULL"
    )

    def _compute_find_text(self):
        self.find_text = False

    @api.model
    def _search_find_text(self, operator, value):
        if operator == "in":
            return Domain.OR(self._find_get_domain(each) for each in value)
        if operator not in ("ilike", "like", "=ilike", "="):
            return NotImplemented
        return self._find_get_domain(value)

    @api.model
    def _find_get_domain(self, text):
        """Return the leads somebody looks for, as a domain.

        :param text: what they typed
        """
        wanted = read_find_text(text if isinstance(text, str) else "")
        if not wanted:
            # too short for what indexes can tell
            return Domain.OR(
                Domain(name, "ilike", escape_psql(str(text))) for name in NAMES
            )
        if wanted.kind == NUMBER:
            return self._find_get_number_domain(wanted.values)
        if wanted.kind == EMAIL:
            address = escape_psql(wanted.values[0])
            return Domain("email_normalized", "ilike", address) | Domain(
                "email_from", "ilike", address
            )
        return Domain.AND(
            Domain.OR(Domain(name, "ilike", escape_psql(word)) for name in NAMES)
            for word in wanted.values
        )

    @api.model
    def _find_get_number_domain(self, cores):
        """Return the leads with a number that is meant by one of these.

        One number is meant by another when it ends with it, trunk prefixes apart.

        :param cores: digits that numbers end with
        """

        def to_sql(model, alias, query):
            return SQL(
                "(%s)",
                SQL(" OR ").join(
                    condition
                    for core in cores
                    for condition in self._find_get_number_conditions(alias, core)
                ),
            )

        def predicate(lead):
            return any(
                own
                and (own.endswith(core) or core.endswith(own))
                and len(core) - len(own) <= COUNTRY_DIGITS
                for own in lead._find_get_own_cores()
                for core in cores
            )

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    @api.model
    def _find_get_number_conditions(self, alias, core):
        """Return a condition a column, each found by an index."""
        key = f"{core[-KEY_DIGITS:][::-1]}%"
        phone = SQL.identifier(alias, "phone")
        sanitized = SQL.identifier(alias, "phone_sanitized")
        digits = SQL(r"regexp_replace(%s, '\D', '', 'g')", phone)
        own = SQL("ltrim(%s, '0')", digits)
        yield SQL(
            "(%s IS NOT NULL AND reverse(%s) LIKE %s"
            " AND (right(%s, %s) = %s"
            " OR (right(%s, length(%s)) = %s AND length(%s) >= %s)))",
            phone,
            digits,
            key,
            digits,
            len(core),
            core,
            core,
            own,
            own,
            own,
            len(core) - COUNTRY_DIGITS,
        )
        yield SQL(
            "(%s IS NOT NULL AND reverse(%s) LIKE %s AND right(%s, %s) = %s)",
            sanitized,
            sanitized,
            key,
            sanitized,
            len(core),
            core,
        )

    def _find_get_own_cores(self):
        numbers = (self.phone, self.phone_sanitized)
        return [re.sub(r"\D", "", number or "").lstrip("0") for number in numbers]

    # ------------------------------------------------------------
    # The top bar
    # ------------------------------------------------------------

    @api.model
    def action_find(self, text):
        """Return the leads somebody looks for, the likeliest first.

        :param text: a name, a number in any format, an email address or a company
        :return: list of dicts with ``id``, ``name``, ``who``, ``phone``, ``email``,
            ``stage``, ``owner``, ``is_open``
        """
        if not isinstance(text, str) or not read_find_text(text):
            return []
        leads = self._find(self._find_get_domain(text))
        return [
            lead._find_describe()
            for lead in leads.sorted(lambda lead: lead._find_rank())[:SHOWN]
        ]

    @api.model
    def _find(self, domain):
        """Return some leads of a domain, as they are found: nothing is sorted."""
        query = self.with_context(active_test=False)._search(domain, limit=FOUND)
        query.order = None
        return self.browse(query)

    def _find_rank(self):
        is_open = self.active and self.won_status == "pending"
        return not is_open, self.user_id != self.env.user, -self.id

    def _find_describe(self):
        names = self._day_prepare_names()
        # sudo: the name of a colleague, who may be in another company
        owner = self.sudo().user_id.name
        return {
            "id": self.id,
            "name": self.name,
            "who": " · ".join(filter(None, names.values())),
            "phone": self._get_phone_shown() or "",
            "email": self.email_from or "",
            "stage": self.stage_id.name or "",
            "owner": owner or "",
            "is_open": self.active and self.won_status == "pending",
        }
