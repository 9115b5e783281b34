"""The calls the web client makes to open a view, taken from the real view."""

import re
from ast import literal_eval

from lxml import etree

CARDS_PER_COLUMN = 80
# What the widget of the activity button on a card reads besides its own field.
ACTIVITY_FIELDS = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)

# The tabs that our form reads when one of them is opened, and what the widgets of its
# first screen read besides.
LATER_TABS = ("timeline", "lead", "internal_notes", "extra")
WIDGETS_READ = (
    "score_total",
    "score_temperature",
    "score_grade",
    "score_fit",
    "score_engagement",
    "score_open",
    "stage_gate",
    "profile_missing",
)
# What the widget of the stages of Odoo's form reads besides.
STAGES_READ = ("duration_tracking",)
WORD = re.compile(r"[a-zA-Z_]\w*")


def prepare_kanban(env, action_xmlid):
    """Return what :func:`open_kanban` needs: the client asks for it once, and keeps it.

    :param action_xmlid: window action whose first kanban view is opened
    """
    action = env.ref(action_xmlid).sudo()
    view = action.view_ids.filtered(lambda view: view.view_mode == "kanban").view_id
    model = env[action.res_model]
    arch = etree.fromstring(model.get_view(view.id, "kanban")["arch"])
    fields = model.fields_get()
    bar = arch.find("progressbar")
    sums = [
        bar.get(attribute)
        for attribute in ("sum_field", "recurring_revenue_sum_field")
        if bar.get(attribute) in fields
    ]
    return {
        "model": model._name,
        "domain": literal_eval(action.domain or "[]"),
        "context": {"show_user_team_stages": 1},
        "groupby": [arch.get("default_group_by")],
        "aggregates": _get_aggregates(fields, sums),
        "specification": get_field_spec(arch, fields),
        "progress_bar": {
            "field": bar.get("field"),
            "colors": literal_eval(bar.get("colors")),
            "help": bar.get("help"),
        },
    }


def open_kanban(env, kanban, domain=(), order=""):
    """Open a kanban view: its columns with their cards, and the progress bars.

    :param kanban: what :func:`prepare_kanban` returned
    :param domain: filter of the search bar
    :param order: by which the cards are sorted, "" as the model does
    :return: the columns
    """
    model = env[kanban["model"]].with_context(**kanban["context"])
    domain = [*kanban["domain"], *domain]
    columns = model.with_context(read_group_expand=True).web_read_group(
        domain,
        kanban["groupby"],
        kanban["aggregates"],
        offset=0,
        order=order,
        auto_unfold=True,
        opening_info=[],
        unfold_read_specification=kanban["specification"],
        unfold_read_default_limit=CARDS_PER_COLUMN,
        groupby_read_specification={},
    )
    model.read_progress_bar(domain, kanban["groupby"][0], kanban["progress_bar"])
    return columns["groups"]


def get_field_spec(arch, fields):
    """Return the specification of ``web_read`` for the fields of a view."""
    spec = {}
    for node in arch.iter("field"):
        name = node.get("name")
        if fields[name]["type"] in ("many2many", "one2many"):
            spec[name] = {"fields": _get_tag_fields(node), "context": {}}
        elif fields[name]["type"] == "many2one":
            # of what is never shown only the id is read
            is_hidden = node.get("invisible") in ("1", "True") and name not in spec
            shown = {} if is_hidden else {"display_name": {}}
            spec[name] = {"fields": shown, "context": {}}
        else:
            spec[name] = {}
        if node.get("widget") == "kanban_activity":
            spec |= {
                name: {"fields": {}} if name == "activity_type_id" else {}
                for name in ACTIVITY_FIELDS
            }
    for name in list(spec):
        if fields[name]["type"] == "properties":
            spec[fields[name]["definition_record"]]["fields"]["display_name"] = {}
    return spec


def get_form_spec(arch, fields):
    """Return what is read when a form is opened, as :func:`get_field_spec`.

    Our own leaves out what nothing but tabs needs, as ``findLaterFields`` in
    ``lead_tabs.js`` says.
    """
    for node in arch.xpath("//field//field | //field//list | //field//kanban"):
        node.getparent().remove(node)
    spec = get_field_spec(arch, fields)
    spec |= dict.fromkeys(("display_name", *STAGES_READ), {})
    if arch.get("js_class") != "lead_form":
        return spec
    later = {
        node
        for page in arch.iter("page")
        if page.get("name") in LATER_TABS
        for node in page.iterdescendants()
    }
    first = [node for node in arch.iter(etree.Element) if node not in later]
    needed = {node.get("name") for node in first if node.tag == "field"}
    for node in first:
        for value in node.attrib.values():
            needed.update(WORD.findall(value))
    needed.update(("display_name", *STAGES_READ))
    spec = {name: value for name, value in spec.items() if name in needed}
    return {**spec, **dict.fromkeys(WIDGETS_READ, {})}


def _get_tag_fields(node):
    if node.get("widget") != "many2many_tags":
        return {}
    color = literal_eval(node.get("options", "{}")).get("color_field")
    return {"display_name": {}, **({color: {}} if color else {})}


def _get_aggregates(fields, names):
    """Return the aggregates in the title of a column, as the client asks for them."""
    aggregates = [f"{name}:{fields[name]['aggregator']}" for name in names]
    for name in names:
        if currency := fields[name].get("currency_field"):
            aggregates += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
    return list(dict.fromkeys(aggregates))
