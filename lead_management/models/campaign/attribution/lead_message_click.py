from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

from odoo import api, models

CLICKED = "click"
NAMES = ("utm_campaign", "utm_source", "utm_medium")


class LeadMessageClick(models.Model):
    """A link that names a campaign, and was followed by a person, is a touch of it.

    Links without a campaign are none: nobody can say what they brought. What a program
    followed counts for nobody, also where that shows only afterwards.
    """

    _inherit = "lead.message.click"

    @api.model_create_multi
    def create(self, vals_list):
        clicks = super().create(vals_list)
        touches = [click._prepare_campaign_touch() for click in clicks]
        # sudo: rows of campaigns are written by the program alone
        self.env["lead.campaign.touch"].sudo().create(list(filter(None, touches)))
        return clicks

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_machine"):
            for click in self:
                # sudo: as above
                self.env["lead.campaign.touch"].sudo().search(
                    [
                        ("lead_id", "=", click.lead_id.id),
                        ("date", "=", click.date),
                        ("how", "=", CLICKED),
                    ]
                ).unlink()
        return result

    def _prepare_campaign_touch(self):
        """Return the values of the touch, or None; each link of a message is one."""
        named = _read_campaign(self.url or "")
        if self.is_machine or not named or self._is_repeated():
            return None
        # sudo: names of campaigns are no secret
        Entry = self.env["lead.capture.entry"].sudo()
        utm = Entry._find_utm(SimpleNamespace(texts=named))
        if not any(utm.values()):
            return None
        return {
            "lead_id": self.lead_id.id,
            "date": self.date,
            "how": CLICKED,
            "page": self.url[:500],
            "utm": named,
            **utm,
        }

    def _is_repeated(self):
        """Return whether a person followed the link of this message before."""
        return bool(
            self.search_count(
                [
                    ("message_id", "=", self.message_id.id),
                    ("url", "=", self.url),
                    ("is_machine", "=", False),
                    ("id", "<", self.id),
                ],
                limit=1,
            )
        )


def _read_campaign(url):
    """Return what an address says of its campaign.

    >>> _read_campaign("https://shop.example/?utm_campaign=Spring%20fair&page=2")
    {'utm_campaign': 'Spring fair'}
    >>> _read_campaign("https://[shop.example")
    {}
    """
    try:
        query = urlsplit(url).query
    except ValueError:
        return {}
    return {name: text[:200] for name, text in parse_qsl(query) if name in NAMES}
