"""That a lead was created, and how it ended."""

from odoo.tools import SQL, format_amount

from ..source import DOWN, SOURCES, UP, Source


class LeadSource(Source):
    """Something a lead says itself."""

    model = "crm.lead"

    @classmethod
    def get_from(cls, env):
        return SQL("crm_lead AS source")


@SOURCES.add
class CreatedSource(LeadSource):
    """How it began."""

    number = 1

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.id"),
            # in whole seconds, as all other dates: a page ends at one
            "date": SQL("date_trunc('second', source.create_date)"),
            "kind": SQL("'created'"),
            "user_id": SQL("source.create_uid"),
        }

    @classmethod
    def describe(cls, records, reader):
        env = reader
        described = {}
        for lead in records:
            origin = [lead.source_id.name, lead.medium_id.name, lead.campaign_id.name]
            described[lead.id] = {
                "text": env._("Created"),
                "note": ", ".join(filter(None, origin)),
            }
        return described


@SOURCES.add
class OutcomeSource(LeadSource):
    """How it ended: also of leads that were archived as lost and did not move."""

    number = 2

    @classmethod
    def get_columns(cls, env):
        return {
            "lead_id": SQL("source.id"),
            "date": SQL("source.date_closed"),
            "kind": SQL("'outcome'"),
            "direction": SQL(
                "CASE WHEN source.won_status = 'won' THEN %s ELSE %s END", UP, DOWN
            ),
        }

    @classmethod
    def get_where(cls, env):
        return SQL(
            "source.won_status IN ('won', 'lost') AND source.date_closed IS NOT NULL"
        )

    @classmethod
    def describe(cls, records, reader):
        return {
            lead.id: cls._describe_won(lead, reader)
            if lead.won_status == "won"
            else {
                "text": reader._("Lost"),
                "note": lead.lost_reason_id.name or "",
            }
            for lead in records
        }

    @classmethod
    def _describe_won(cls, lead, reader):
        revenue = lead.expected_revenue
        amount = (
            format_amount(reader, revenue, lead.company_currency) if revenue else ""
        )
        return {"text": reader._("Won"), "note": amount}
