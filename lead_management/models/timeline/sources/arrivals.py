"""How the person came: what was submitted, and which campaign brought them."""

from odoo.tools import SQL

from ..source import IN, SOURCES, Source


@SOURCES.add
class SubmissionSource(Source):
    """What a capture source delivered."""

    number = 17
    model = "lead.capture.entry"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("COALESCE(source.submitted_date, source.date)"),
            "recorded_date": SQL("source.date"),
            "kind": SQL("'submission'"),
            "direction": SQL("%s", IN),
        }

    @classmethod
    def get_where(cls, env):
        return SQL("source.lead_id IS NOT NULL")

    @classmethod
    def describe(cls, records, reader):
        kinds = cls.get_labels(records, "kind")
        return {
            entry.id: {
                "text": reader._("Submitted: %s", entry.source_id.name),
                "note": kinds.get(entry.kind) or "",
                "who": entry.person or "",
            }
            for entry in records
        }


@SOURCES.add
class CampaignSource(Source):
    """Each time a campaign brought the person to us."""

    number = 18
    model = "lead.campaign.touch"

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.lead_id"),
            "date": SQL("source.date"),
            "kind": SQL("'campaign'"),
            "direction": SQL("%s", IN),
        }

    @classmethod
    def describe(cls, records, reader):
        return {
            touch.id: {"text": cls._describe(touch, reader), "note": touch.page or ""}
            for touch in records
        }

    @classmethod
    def _describe(cls, touch, reader):
        names = (touch.campaign_id.name, touch.source_id.name, touch.medium_id.name)
        if known := [name for name in names if name]:
            return reader._("Campaign: %s", ", ".join(known))
        return reader._("No campaign known")
