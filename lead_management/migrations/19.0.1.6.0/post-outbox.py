from odoo import SUPERUSER_ID, api

# Of a rule that is not updated, as it stands in security/messaging.xml.
TEXTS_OF_OWNERS = (
    "[('model', '=', 'crm.lead'), "
    "'|', ('lead_message_template_ids.user_id', '=', user.id), "
    "'&', ('lead_message_template_ids', '=', False), ('create_uid', '=', user.id)]"
)


def migrate(cr, version):
    """Let messages follow their leads, and texts the owners of their templates."""
    if not version:
        return
    # nothing asked for another address so far
    cr.execute(
        """
        UPDATE lead_message SET is_lead_address = true
        WHERE is_lead_address IS NULL AND state IN
            ('queued', 'retry', 'unknown', 'failed', 'skipped', 'cancelled')
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref("lead_management.sms_template_rule_salesman", False)
    if rule:
        rule.domain_force = TEXTS_OF_OWNERS
