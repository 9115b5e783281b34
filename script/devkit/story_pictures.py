"""What is done before the pictures of the timeline and of sequences are taken."""

SEQUENCES = "/odoo/action-lead_management.lead_sequence_action"


def show_timeline(client):
    """Everything that happened to a lead."""
    client.open(f"/odoo/crm/{client.first_lead()}")
    client.page.click(".o_notebook_headers [name=timeline]")
    client.page.wait_for_selector(".o_lead_timeline_row")


def show_sequence(client):
    """A sequence as a picture."""
    sequence = client.find("lead.sequence", [["name", "=", "Education"]])
    client.open(f"{SEQUENCES}/{sequence}")


def show_insights(client):
    """How the period went, and why."""
    client.open("/odoo/action-lead_management.lead_insight_action")
    client.page.wait_for_selector(".o_lead_insights_page .o_lead_insights_bar_row")
