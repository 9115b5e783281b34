"""The ready-made sequences come with the update, once: who deletes one has none."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

FILE = "data/nurturing/lead_sequence_data.xml"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    if not env.ref("lead_management.lead_sequence_welcome", raise_if_not_found=False):
        convert_file(env, "lead_management", FILE, {}, mode="init", noupdate=True)
