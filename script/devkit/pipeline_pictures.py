"""What is done before the pictures of a salesperson's day are taken."""

DAY = "/odoo/my-day"
LINE = ".o_lead_day_line"


def show_day(client):
    """What is overdue and due, to be worked in place."""
    client.open(DAY)
    client.page.wait_for_selector(LINE)


def show_log(client):
    """The dialog that logs a call, from the first line of the day."""
    show_day(client)
    client.page.click(f"{LINE} .o_lead_day_log >> nth=0")
    client.page.click(".modal [name=outcome_id] button:has-text('Interested')")
    client.wait()


def show_team(client):
    """The same for the leader: who has how much of what."""
    client.open(DAY)
    client.page.click(".o_lead_day_scope")
    client.page.click(".o_lead_day_scopes .dropdown-item >> nth=1")
    client.page.wait_for_selector(".o_lead_day_person")
    client.wait()


def show_send(client):
    """The dialog that sends a message, with a text on WhatsApp."""
    show_day(client)
    client.page.click(f"{LINE} .o_lead_day_message >> nth=0")
    client.page.wait_for_selector(".modal .o_form_view")
    client.page.click(".modal button:has-text('WhatsApp') >> nth=0")
    client.wait()
