"""What is done before the pictures of capture sources are taken."""

from functools import partial

SOURCES = "/odoo/action-lead_management.lead_capture_source_action"
# Where the numbers of the steps stand: names of fields, as the guides count them.
NUMBERS = {
    "google": {"address": 3, "secret": 4},
    "meta": {
        "secret": 2,
        "address": 3,
        "verify_token": 3,
        "access_token": 5,
        "external_ids": 7,
    },
    "linkedin": {"secret": 2, "access_token": 3, "address": 4, "external_ids": 6},
    "tiktok": {"secret": 2, "address": 3},
    "email": {"alias_name": 1, "alias_email": 2, "portal_emails": 3},
}
NAMES = {"linkedin": "LinkedIn leads", "tiktok": "TikTok leads"}
MARK = """([name, number]) => {
    const field = [...document.querySelectorAll(`.o_form_view div[name=${name}]`)]
        .find((element) => element.offsetParent);
    if (!field) {
        return; // what has no value is not shown
    }
    const mark = document.createElement('span');
    mark.textContent = number;
    mark.style = 'position: absolute; right: 100%; margin-right: 4px; z-index: 9; '
        + 'width: 24px; height: 24px; border-radius: 50%; background: #714b67; '
        + 'color: #fff; font-weight: 700; text-align: center; line-height: 24px';
    field.style.position = 'relative';
    field.prepend(mark);
}"""


def _show(kind, client):
    """A source, its settings numbered as the steps beside them."""
    client.open(f"{SOURCES}/{_find(client, kind)}")
    client.page.wait_for_selector(".o_capture_setup")
    client.wait()
    for name, number in NUMBERS[kind].items():
        client.page.evaluate(MARK, [name, number])


def _find(client, kind):
    found = client.call("lead.capture.source", "search", [["kind", "=", kind]])
    if found:
        return found[0]
    values = {"name": NAMES[kind], "kind": kind}
    return client.call("lead.capture.source", "create", [values])[0]


def show_form(client):
    """A web form while it is made."""
    client.open(f"{SOURCES}/{_find(client, 'form')}")
    client.page.wait_for_selector(".o_capture_preview iframe")


SCENES = (
    *((f"capture-{kind}", "wide", "admin", partial(_show, kind)) for kind in NUMBERS),
    ("capture-form", "wide", "manager", show_form),
)
