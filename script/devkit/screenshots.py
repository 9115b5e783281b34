"""Take pictures of the web client (started by script/screenshots, in Odoo's Python).

A page that logs an error in the console or gets an HTTP error fails the run.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

import capture_pictures as capture
import distribution_pictures as distribution
import pipeline_pictures as pipeline
import story_pictures as story
from playwright.sync_api import sync_playwright

# name, login, path
PIPELINE = "/odoo/action-lead_management.crm_lead_action_pipeline"
PAGES = (
    ("pipeline", "rep", PIPELINE),
    ("lead", "rep", "/odoo/crm/{lead}"),
    ("manager-pipeline", "manager", PIPELINE),
    ("score-rules", "manager", "/odoo/action-lead_management.lead_score_rule_action"),
    ("scoring-model", "manager", "/odoo/lead-scoring/1"),
    (
        "score-rule",
        "manager",
        "/odoo/action-lead_management.lead_score_rule_action/4",
    ),
    (
        "assignment-rules",
        "manager",
        "/odoo/action-lead_management.lead_assignment_rule_action",
    ),
    (
        "assignment-log",
        "manager",
        "/odoo/action-lead_management.lead_assignment_log_action",
    ),
    ("personas", "manager", "/odoo/action-lead_management.lead_persona_action"),
    ("qualifiers", "manager", "/odoo/action-lead_management.lead_qualifier_action"),
    ("segments", "manager", "/odoo/action-lead_management.lead_segment_action"),
    ("stages", "manager", "/odoo/action-crm.crm_stage_action"),
    (
        "capture-inbox",
        "manager",
        "/odoo/action-lead_management.lead_capture_entry_action",
    ),
    (
        "capture-sources",
        "manager",
        "/odoo/action-lead_management.lead_capture_source_action",
    ),
)
# What the manager imports in the end, and the pictures taken on the way.
IMPORT_FILE = Path(__file__).parents[2] / "tests" / "data" / "opportunities_200.csv"
IMPORT_SCREEN, IMPORT_RESULT = "import-screen", "import-pipeline"
# The dialog that asks the rep for what a stage requires.
GATE = "gate"
BACKTEST = "backtest"
# Pictures something has to be done for: name, screen, login, what is done.
SCENES = (
    ("distribution-rule", "wide", "manager", distribution.show_rule),
    ("distribution-dry-run", "wide", "manager", distribution.show_dry_run),
    ("distribution-next-lead", "wide", "rep", distribution.show_next_lead),
    ("distribution", "phone", "rep", distribution.pull),
    ("distribution-story", "wide", "manager", distribution.show_story),
    ("distribution-fairness", "wide", "manager", distribution.show_fairness),
    ("pipeline-day", "wide", "rep", pipeline.show_day),
    ("pipeline-day", "phone", "rep", pipeline.show_day),
    ("pipeline-log", "wide", "rep", pipeline.show_log),
    ("pipeline-team", "wide", "manager", pipeline.show_team),
    ("messages-send", "wide", "rep", pipeline.show_send),
    ("timeline", "wide", "rep", story.show_timeline),
    ("insights", "wide", "manager", story.show_insights),
    ("nurturing-sequence", "wide", "manager", story.show_sequence),
    *capture.SCENES,
)
# Pictures that the description of the app shows as well.
DESCRIPTION = Path(__file__).parents[2] / "lead_management" / "static" / "description"
DESCRIBED = (
    *("capture-inbox", "distribution-next-lead", "insights", "lead"),
    *("nurturing-sequence", "pipeline-day", "timeline"),
)
SCREENS = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "laptop": {"viewport": {"width": 1366, "height": 768}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "device_scale_factor": 2,
    },
}
BROWSER_OPTIONS = (
    "--no-sandbox",  # needed as root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--font-render-hinting=none",
)
# Requests that stay open for as long as the page does.
ENDLESS = ("/bus/websocket_worker_bundle", "/websocket", "/web/service-worker.js")
READY = ".o_web_client .o_action_manager > *"
IDLE = """() => !document.querySelector('.o_loading_indicator, .o_blockUI')
    && document.fonts.status === 'loaded'"""
QUIET_MILLISECONDS = 300
PATIENCE_MILLISECONDS = 60000


class Client:
    """One user in the web client, on one kind of screen."""

    def __init__(self, browser, base, screen):
        self.base = base
        self.context = browser.new_context(locale="en-US", **SCREENS[screen])
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.errors = []
        self._pending = set()
        self._listen()

    def _listen(self):
        page = self.page
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("console", self._logged)
        page.on("response", self._answered)

    def _began(self, request):
        if not any(part in request.url for part in ENDLESS):
            self._pending.add(request)

    def _ended(self, request):
        self._pending.discard(request)

    def _logged(self, message):
        if message.type == "error":
            self.errors.append(f"console: {message.text[:300]}")

    def _answered(self, response):
        if response.status >= 400:
            self.errors.append(f"HTTP {response.status}: {response.url}")

    def log_in(self, login):
        """Log in; in the demo data passwords are like the logins."""
        self.page.goto(f"{self.base}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.press("input[name=password]", "Enter")
        self.wait()

    def open(self, path):
        """Open a page and wait until it is complete."""
        self.page.goto(f"{self.base}{path}")
        self.wait()

    def wait(self):
        """Wait until the view is there and nothing is being fetched."""
        self.page.wait_for_selector(READY, timeout=PATIENCE_MILLISECONDS)
        quiet, step = 0, 75
        for _ in range(PATIENCE_MILLISECONDS // step):
            self.page.wait_for_timeout(step)
            quiet = 0 if self._pending else quiet + step
            if quiet >= QUIET_MILLISECONDS:
                break
        self.page.wait_for_function(IDLE)

    def shoot(self, file):
        """Take one picture; return what went wrong on the page."""
        self.page.screenshot(path=file)
        print(f"  {file.name}", flush=True)
        return [f"{file.name}: {error}" for error in self.errors]

    def call(self, model, method, *args, **kwargs):
        """Call a method of the server as this user; return what it returns."""
        answer = self.page.evaluate(
            """async (params) => {
                const path = `/web/dataset/call_kw/${params.model}/${params.method}`;
                const answer = await fetch(path, {
                    method: 'POST',
                    headers: {'Content-Type': 'application/json'},
                    body: JSON.stringify({jsonrpc: '2.0', method: 'call', params}),
                });
                return await answer.json();
            }""",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer.get("result")

    def find(self, model, domain, order="id"):
        """Id of the first record that meets a condition."""
        return self.call(model, "search", domain, limit=1, order=order)[0]

    def first_lead(self):
        """Id of the lead to show: the hottest one the rep has just contacted."""
        return self.find(
            "crm.lead",
            [["user_id.login", "=", "rep"], ["stage_type", "=", "contacted"]],
            "score_total desc, id",
        )


def take(browser, options, screen, login, pages):
    """All pictures of one user on one screen; return what went wrong."""
    client = Client(browser, options.base, screen)
    client.log_in(login)
    lead = client.first_lead()
    wrong = []
    for name, path in pages:
        client.errors.clear()
        client.open(path.format(lead=lead))
        wrong += client.shoot(options.out / f"{name}-{screen}.png")
    client.context.close()
    return wrong


def take_scene(browser, options, name, screen, login, play):
    """A picture of what there is after something was done; return what went wrong."""
    client = Client(browser, options.base, screen)
    client.log_in(login)
    play(client)
    client.wait()
    wrong = client.shoot(options.out / f"{name}-{screen}.png")
    client.context.close()
    return wrong


def take_gate(browser, options, screen):
    """Move a lead too early; a picture of what is asked."""
    client = Client(browser, options.base, screen)
    client.log_in("rep")
    client.open(f"/odoo/crm/{client.first_lead()}")
    client.page.click(".o_statusbar_status button:has-text('Qualified') >> nth=0")
    client.page.wait_for_selector(".o_lead_gate_dialog")
    client.wait()
    wrong = client.shoot(options.out / f"{GATE}-{screen}.png")
    client.context.close()
    return wrong


def take_backtest(browser, options, screen):
    """Try the scoring model on the closed leads; a picture of the report."""
    client = Client(browser, options.base, screen)
    client.log_in("manager")
    client.open("/odoo/lead-scoring/1")
    client.page.click("button[name=action_backtest]")
    client.wait()
    client.page.click(".o_notebook_headers .nav-link:text-is('Backtest')")
    client.wait()
    wrong = client.shoot(options.out / f"{BACKTEST}-{screen}.png")
    client.context.close()
    return wrong


def take_import(browser, options, screen):
    """Import a file as the manager does; pictures of the screen and of the result."""
    client = Client(browser, options.base, screen)
    client.log_in("manager")
    client.open(PIPELINE)
    client.page.click(".o_control_panel .o_cp_action_menus button")
    client.page.click(".o_import_menu")
    client.page.wait_for_selector("button.o_import_file")
    client.page.set_input_files(".o_control_panel input[type=file]", IMPORT_FILE)
    client.page.wait_for_selector(".o_import_data_content")
    client.wait()
    wrong = client.shoot(options.out / f"{IMPORT_SCREEN}-{screen}.png")
    client.page.click(".o_control_panel button:text-is('Import')")
    client.page.wait_for_selector(".o_kanban_record", timeout=PATIENCE_MILLISECONDS)
    client.wait()
    client.page.wait_for_selector(".o_notification", state="detached")
    wrong += client.shoot(options.out / f"{IMPORT_RESULT}-{screen}.png")
    client.context.close()
    return wrong


def main():
    """Take all pictures; exit with 1 when a page had an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="address of the server")
    parser.add_argument(
        "--out", required=True, type=Path, help="folder of the pictures"
    )
    parser.add_argument("--only", default="", help="names of pages, with commas")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    only = set(filter(None, options.only.split(",")))
    wrong = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROME"), args=BROWSER_OPTIONS
        )
        for screen in SCREENS:
            for login in dict.fromkeys(user for _name, user, _path in PAGES):
                pages = [
                    (name, path)
                    for name, user, path in PAGES
                    if user == login and (not only or name in only)
                ]
                if pages:
                    wrong += take(browser, options, screen, login, pages)
        if not only or GATE in only:
            wrong += take_gate(browser, options, next(iter(SCREENS)))
        if not only or BACKTEST in only:
            wrong += take_backtest(browser, options, next(iter(SCREENS)))
        for name, *scene in SCENES:
            if not only or name in only:
                wrong += take_scene(browser, options, name, *scene)
        if not only or only & {IMPORT_SCREEN, IMPORT_RESULT}:
            # last: the other pictures show the demo data alone
            wrong += take_import(browser, options, next(iter(SCREENS)))
        browser.close()
    for name in DESCRIBED:
        if not only or name in only:
            shutil.copy(options.out / f"{name}-wide.png", DESCRIPTION)
    for line in wrong:
        print(f"error: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
