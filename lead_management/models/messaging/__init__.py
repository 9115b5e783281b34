# Contract and providers
from . import constants
from . import person
from .provider import provider
from .provider import provider_email
from .provider import provider_sms

# Gate
from .gate import lead_consent
from .gate import lead_message_gate
from .gate import lead_message_sending_block
from . import res_company
from . import res_config_settings

# Outbox
from .outbox import lead_message
from .gate import lead_message_history
from .outbox import lead_message_queue
from .outbox import lead_message_send
from .outbox import lead_message_address
from .outbox import lead_message_result
from .outbox import lead_message_early_status
from .outbox import lead_message_status
from .outbox import lead_message_outage
from .outbox import lead_message_wait
from .outbox import lead_message_chatter
from .outbox import lead_message_actions
from .outbox import lead_message_override
from . import crm_lead
from .gate import crm_lead_find
from .gate import lead_consent_page
from .gate import lead_consent_evidence
from .gate import lead_consent_manual
from .gate import lead_consent_dialog
from .gate import crm_lead_manual_message
from .gate import crm_lead_capture
from .gate import lead_capture_source
from .outbox import crm_lead_incoming
from .outbox import crm_lead_waiting
from .gate import mail_compose_message
from .gate import mail_mail
from .outbox import mail_thread
from .gate import sms_composer
from .provider import sms_tracker
from .provider import lead_message_tracked

# Templates
from .template import lead_message_template
from .template import mail_template
from .template import sms_template

# WhatsApp
from .whatsapp import whatsapp_cloud
from .whatsapp import lead_whatsapp_account
from .whatsapp import lead_whatsapp_account_connection
from .whatsapp import lead_whatsapp_account_texts
from .whatsapp import lead_whatsapp_contact
from .whatsapp import lead_whatsapp_event
from .whatsapp import lead_whatsapp_event_store
from .whatsapp import lead_whatsapp_event_content
from .whatsapp import lead_whatsapp_event_message
from .whatsapp import lead_whatsapp_event_status
from .whatsapp import lead_message_cloud
from .whatsapp import crm_lead_whatsapp
from .whatsapp import crm_lead_whatsapp_capture
from .whatsapp import mail_message_whatsapp
from . import crm_lead_erasure

# Send dialog
from .template import crm_lead_facts
from .template import lead_message_template_button
from .template import lead_message_template_whatsapp
from .template import lead_message_template_render
from .template import lead_message_template_facts
from .template import lead_message_template_content
from .template import lead_message_template_fit
from .template import lead_message_preview
from .dialog import lead_message_send_dialog
from .dialog import lead_message_send_proposal
from .dialog import lead_message_send_time
from .dialog import lead_message_send_queue
from .dialog import lead_message_send_notice
from .dialog import crm_lead_send
from . import crm_lead_day_message
from . import crm_lead_zone
from . import ir_actions
