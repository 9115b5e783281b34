# Contract and providers
from . import kinds
from . import provider
from . import provider_email
from . import provider_sms

# Outbox
from . import lead_message
from . import lead_message_queue
from . import lead_message_send
from . import lead_message_status
from . import crm_lead

# Gate
from . import lead_consent
from . import lead_message_gate
from . import res_company

# Templates
from . import lead_message_template

# WhatsApp
from . import lead_whatsapp_account

# Send dialog
from . import crm_lead_facts
from . import lead_message_template_button
from . import lead_message_template_whatsapp
from . import lead_message_template_render
from . import lead_message_whatsapp
from . import lead_message_preview
from . import lead_message_send_dialog
from . import lead_message_send_queue
from . import crm_lead_send
