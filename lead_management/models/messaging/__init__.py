# Contract and providers
from . import kinds
from . import person
from . import provider
from . import provider_email
from . import provider_sms

# Gate
from . import lead_consent
from . import lead_message_gate
from . import lead_message_silence
from . import res_company
from . import res_config_settings

# Outbox
from . import lead_message
from . import lead_message_past
from . import lead_message_queue
from . import lead_message_send
from . import lead_message_address
from . import lead_message_result
from . import lead_message_kept
from . import lead_message_status
from . import lead_message_outage
from . import lead_message_wait
from . import lead_message_chatter
from . import lead_message_actions
from . import lead_message_override
from . import crm_lead
from . import crm_lead_find
from . import lead_consent_page
from . import lead_consent_by_hand
from . import lead_consent_dialog
from . import crm_lead_by_hand
from . import crm_lead_incoming
from . import crm_lead_waiting
from . import mail_compose_message
from . import mail_mail
from . import mail_thread
from . import sms_composer
from . import sms_tracker

# Templates
from . import lead_message_template
from . import mail_template
from . import sms_template

# WhatsApp
from . import whatsapp_graph
from . import whatsapp_cloud
from . import lead_whatsapp_account
from . import lead_whatsapp_account_connection
from . import lead_whatsapp_account_texts
from . import lead_whatsapp_contact
from . import lead_whatsapp_event
from . import lead_whatsapp_event_content
from . import lead_whatsapp_event_message
from . import lead_whatsapp_event_status
from . import lead_message_cloud
from . import crm_lead_whatsapp
from . import mail_message_whatsapp
from . import crm_lead_erasure

# Send dialog
from . import crm_lead_facts
from . import lead_message_template_button
from . import lead_message_template_whatsapp
from . import lead_message_template_render
from . import lead_message_template_fit
from . import lead_message_preview
from . import lead_message_send_dialog
from . import lead_message_send_proposal
from . import lead_message_send_time
from . import lead_message_send_queue
from . import lead_message_send_notice
from . import crm_lead_send
from . import crm_lead_day_message
from . import ir_actions
