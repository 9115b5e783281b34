"""What is done before the pictures of the distribution of leads are taken."""

from datetime import date, timedelta

ACTION = "/odoo/action-lead_management."
RULES = f"{ACTION}lead_assignment_rule_action"
# Pages that say more than fits on a screen.
TALL, TALLER = {"width": 1440, "height": 1160}, {"width": 1440, "height": 1720}
REPLAYED = timedelta(days=30)
REASON = "speaks Spanish only"


def show_rule(client):
    """The rule that catches what is left, with its members and turns."""
    rule = client.find("lead.assignment.rule", [["name", "=", "Everything else"]])
    client.page.set_viewport_size(TALLER)
    client.open(f"{RULES}/{rule}")


def show_dry_run(client):
    """What the rules would have done with the leads of the last weeks."""
    values = {"scope": "replay", "date_from": str(date.today() - REPLAYED)}
    [run] = client.call("lead.assignment.dry.run", "create", [values])
    client.open(RULES)  # where it is started from, hence the menus
    client.open(f"{ACTION}lead_assignment_dry_run_action/{run}")
    client.page.click("button[name=action_run]")
    client.page.wait_for_selector("[name=line_ids] .o_data_row")


def pull(client):
    """The next lead, from the top bar."""
    client.open(f"{ACTION}crm_lead_action_pipeline")
    client.page.click(".o_lead_next_button:enabled")
    client.page.wait_for_selector(".o_form_view .o_lead_card_owner")
    client.wait()


def show_next_lead(client):
    """The same, and the menu beside it: what waits, what is held, the pause."""
    pull(client)
    client.page.click(".o_lead_next_toggle")
    client.page.wait_for_selector(".o_lead_next_menu .o_lead_claim")


def show_story(client):
    """The story of a lead that was dealt, given back and dealt again."""
    dealt = [["basis", "=", "turn"], ["candidate_count", ">", 1]]
    lead = client.find(
        "crm.lead",
        [["won_status", "=", "pending"], ["assignment_log_ids", "any", dealt]],
        "score_total desc, id",
    )
    client.call("crm.lead", "action_release", [lead], REASON)
    client.page.set_viewport_size(TALL)
    client.open(f"/odoo/crm/{lead}")
    client.page.click(".o_notebook_headers [name=timeline]")
    client.page.click(".o_lead_rows_title:has-text('Assignment')")
    client.page.click(".o_lead_decision_toggle >> nth=0")


def show_fairness(client):
    """What each salesperson got by each rule, and what he was owed."""
    client.open(f"{ACTION}lead_assignment_report_action")
