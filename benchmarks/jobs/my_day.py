"""What a rep works from all day, and a manager looks at in the morning."""

from ast import literal_eval

from harness.generate import MANAGER, REP
from harness.job import Goal, Job, job
from harness.webclient import get_field_spec
from lxml import etree

ACTION = "crm.crm_lead_action_my_activities"
ROWS = 80


@job("my-day", "open My Day as a rep, against Odoo's list of activities")
class MyDay(Job):
    """The peer is what Odoo shows a rep of his day: the counts behind the clock in the
    top bar, and the first page of *My Activities*, with its count.

    It knows neither leads without a next step nor new ones, and counts no groups. My
    Day shows 10 lines of each of its groups, as it does when it opens.
    """

    login = REP
    fast = True
    args = ("me",)
    variants = {"": Goal(peer=0.4)}
    filter = "[('activity_user_id', '=', uid)]"

    def rows(self, variant):
        return ROWS

    def prepare(self, env, side, variant=""):
        action = env.ref(ACTION).sudo()
        model = env[action.res_model]
        arch = etree.fromstring(model.get_view(action.view_id.id, "list")["arch"])
        fields = model.fields_get()
        for node in list(arch.iter("field")):
            # hidden columns are in our favour: the peer need not read them
            if (
                node.get("optional") == "hide"
                or node.get("column_invisible")
                or fields[node.get("name")]["type"] == "properties"
            ):
                node.getparent().remove(node)
        return {
            "domain": literal_eval(action.domain)
            + literal_eval(self.filter.replace("uid", str(env.uid))),
            "specification": get_field_spec(arch, fields),
            "order": arch.get("default_order", ""),
        }

    def ours(self, env, page, variant=""):
        day = env["crm.lead"].action_my_day(*self.args)
        assert day["counts"]["overdue"], "the day is empty"

    def peer(self, env, page, variant=""):
        env["res.users"]._get_activity_groups()
        found = env["crm.lead"].web_search_read(
            page["domain"],
            page["specification"],
            limit=ROWS,
            order=page["order"],
            count_limit=10001,
        )
        assert found["records"], "the list is empty"


@job("my-day-team", "open the day of all teams as a manager, against the same list")
class MyDayTeam(MyDay):
    """The peer lists the activities of everybody, and does not tell whose is late.

    Ours is what a leader waits for: all groups with their first lines. The figures of
    each salesperson follow by themselves (``my-day-people``).
    """

    login = MANAGER
    args = ("teams",)
    variants = {"": Goal(peer=1.5)}
    filter = "[]"


@job("my-day-people", "count the open leads of all teams, by salesperson and group")
class MyDayPeople(MyDayTeam):
    """What fills the table of a leader while the groups are on the screen already.

    The peer is the open leads by salesperson in Odoo, those without an activity and
    those overdue: two of the six columns.
    """

    variants = {"": None}

    def ours(self, env, page, variant=""):
        assert env["crm.lead"].action_day_people(*self.args)["counts"]["overdue"]

    def peer(self, env, page, variant=""):
        for condition in (
            [("activity_ids", "=", False)],
            [("activity_state", "=", "overdue")],
        ):
            found = env["crm.lead"].web_read_group(
                [("type", "=", "opportunity"), ("won_status", "=", "pending")]
                + condition,
                ["user_id"],
                ["__count"],
            )
            assert found["groups"], "nothing is found"


@job("my-day-team-screens", "the same, against the three lists that tell it in Odoo")
class MyDayTeamScreens(MyDayTeam):
    """Everything, counted in full. The peer opens what a leader looks at to learn the
    same: the list of activities, and the open leads by salesperson, those without an
    activity and those overdue.
    """

    variants = {"": Goal(peer=1.2)}

    def ours(self, env, page, variant=""):
        super().ours(env, page, variant)
        env["crm.lead"].action_day_people(*self.args)

    def peer(self, env, page, variant=""):
        super().peer(env, page, variant)
        is_open = [("type", "=", "opportunity"), ("won_status", "=", "pending")]
        for condition in (
            [("activity_ids", "=", False)],
            [("activity_state", "=", "overdue")],
        ):
            found = env["crm.lead"].web_read_group(
                [*is_open, *condition],
                ["user_id"],
                ["expected_revenue:sum"],
                auto_unfold=True,
                unfold_read_specification=page["specification"],
                unfold_read_default_limit=10,
            )
            assert found["groups"], "nothing is found"
