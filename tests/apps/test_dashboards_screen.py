"""The dashboards in a browser: their cards draw the numbers of the database."""

import json

from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase

# Cards are drawn, not written: what is drawn is noted, by card. The first visit fetches
# the programs of spreadsheets, the second one is what people wait for day by day.
CODE = """
const drawn = {};
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    const figure = this.canvas.closest?.(".o-figure");
    if (figure) {
        (drawn[figure.dataset.id] ??= new Set()).add(String(text).trim());
    }
    return fillText.call(this, text, ...place);
};
const wait = async (what, found) => {
    for (let tries = 0; !found(); tries++) {
        if (tries > 600) {
            throw new Error(`${what}: ${JSON.stringify(drawn, (key, value) =>
                value instanceof Set ? [...value] : value)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
};
const open = async (menu) => {
    document.querySelector(".o_navbar_apps_menu button").click();
    const item = () => document.querySelector(`[data-menu-xmlid="${menu}"]`);
    await wait(menu, item);
    item().click();
};
const [name, expected] = %s;
const visit = async () => {
    Object.keys(drawn).forEach((id) => delete drawn[id]);
    const started = performance.now();
    await open("spreadsheet_dashboard.spreadsheet_dashboard_menu_root");
    const ours = () => [...document.querySelectorAll(".o_search_panel li")].find(
        (item) => item.textContent.trim() === name);
    await wait(name, ours);
    ours().click();
    await wait("numbers", () =>
        Object.entries(expected).every(([id, text]) => drawn[id]?.has(text)));
    return Math.round(performance.now() - started);
};
(async () => {
    const first = await visit();
    await open("crm.crm_menu_root");
    await wait("leads", () => !document.querySelector(".o-figure")
        && document.querySelector(".o_view_controller, .o_action"));
    console.log(`drawn in ${first} ms, then in ${await visit()} ms`);
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


class TestDashboardsScreen(LeadManagementCase, HttpCase):
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).unlink()
        for kind, owner, count in (
            ("open", cls.rep, 5),
            ("qualified", cls.rep_2, 4),
            ("customer", cls.rep, 3),
            ("unqualified", cls.rep_2, 6),
        ):
            for number in range(count):
                cls._new_lead(
                    name=f"{kind} {number}",
                    user_id=owner.id,
                    stage_id=cls._stage(kind).id,
                    expected_revenue=111,
                )

    def test_a_manager_sees_all(self):
        self._open(
            self.manager,
            "Leads",
            {
                "created": "18",
                "qualified": "7",
                "won": "3",
                "revenue": "$333.00",
                "open": "9",
            },
        )

    def test_a_salesperson_sees_own_ones(self):
        self._open(
            self.rep,
            "My Leads",
            {
                "created": "8",
                "qualified": "3",
                "won": "3",
                "revenue": "$333.00",
                "open": "5",
            },
        )

    def _open(self, user, name, numbers):
        self.env.flush_all()
        self.browser_js(
            "/odoo/lead-pipeline",
            CODE % json.dumps([name, numbers]),
            "!!document.querySelector('.o_navbar_apps_menu button')",
            login=user.login,
            timeout=120,
        )
