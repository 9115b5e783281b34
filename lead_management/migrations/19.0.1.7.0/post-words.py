import json
from pathlib import Path

from odoo.tools import SQL

# New names of data records: model, XML id, field, and by language text before and now.
WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
# Where a model keeps a field: an inherited record has its name in another table.
TABLES = {
    "ir.cron": ("ir_cron", "ir_actions_server_id", "ir_act_server"),
    "ir.actions.server": (None, None, "ir_act_server"),
}


def migrate(cr, version):
    """Rename data records that are not updated, where the text is still ours.

    Each language is looked at on its own: a name that somebody changed in one of them
    stays as it is there.
    """
    if not version:
        return
    languages = get_languages(cr)
    for model, xmlid, fname, texts in WORDS["records"]:
        module, name = xmlid.split(".")
        table = TABLES.get(model, (None, None, model.replace(".", "_")))[2]
        rename(cr, table, fname, texts, languages, get_record(model, module, name))
    for stage_type, texts in WORDS["stages"].items():
        of_type = SQL("ours.stage_type = %s", stage_type)
        rename(cr, "crm_stage", "name", texts, languages, of_type)


def get_languages(cr):
    """Return the codes of the installed languages, by the language of our texts."""
    cr.execute("SELECT code FROM res_lang WHERE active")
    codes = {code for (code,) in cr.fetchall()}
    return {
        short: [code for code in codes if code.split("_")[0] == short]
        for short in ("fr", "es", "pl")
    } | {"en": ["en_US"]}


def get_record(model, module, name):
    """Return the condition on the row that holds the texts of a data record."""
    table, link, __ = TABLES.get(model, (None, None, None))
    record = SQL(
        "SELECT res_id FROM ir_model_data "
        "WHERE module = %s AND name = %s AND model = %s",
        module,
        name,
        model,
    )
    if table:
        record = SQL(
            "SELECT %s FROM %s WHERE id IN (%s)",
            SQL.identifier(link),
            SQL.identifier(table),
            record,
        )
    return SQL("ours.id IN (%s)", record)


def rename(cr, table, fname, texts, languages, condition):
    """Put the new text where the old one stands, language by language."""
    cr.execute(
        "SELECT data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema AND table_name = %s AND column_name = %s",
        [table, fname],
    )
    if cr.fetchone() != ("jsonb",):
        return
    for short, (before, now) in texts.items():
        for code in languages[short]:
            cr.execute(
                SQL(
                    """
                    UPDATE %(table)s AS ours
                    SET %(fname)s = ours.%(fname)s ||
                            jsonb_build_object(%(code)s, %(now)s)
                    WHERE ours.%(fname)s ->> %(code)s = %(before)s AND %(condition)s
                    """,
                    table=SQL.identifier(table),
                    fname=SQL.identifier(fname),
                    code=code,
                    now=now,
                    before=before,
                    condition=condition,
                )
            )
