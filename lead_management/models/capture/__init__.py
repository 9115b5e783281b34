from . import ir_fields_converter
from . import crm_lead
from . import base_import_import
from .source import lead_capture_source
from .source import lead_capture_field
from .source import lead_capture_source_map
from .door import form
from .door import api
from .door import google
from .door import meta
from .door import linkedin
from .door import tiktok
from .door import email
from .door import whatsapp
from .door import manual
from .source import lead_capture_source_platform
from .source import lead_capture_source_form
from .source import lead_capture_source_api
from .source import lead_capture_source_health
from .source import lead_capture_source_test
from .source import lead_capture_source_setup
from .entry import lead_capture_entry
from .entry import lead_capture_entry_store
from .entry import lead_capture_entry_fetch
from .entry import lead_capture_entry_run
from .entry import lead_capture_entry_trial
from .entry import lead_capture_entry_files
from .entry import lead_capture_entry_captcha
from .entry import lead_capture_entry_lead
from .entry import lead_capture_entry_touch
from .entry import lead_capture_entry_spam
from .entry import lead_capture_entry_actions
from .entry import lead_capture_entry_rows
from .entry import lead_capture_entry_result
from .entry import lead_capture_entry_shown
from .entry import lead_capture_map
from .entry import lead_capture_file
from .entry import lead_capture_rate
from .entry import lead_campaign_touch
from .entry import crm_lead as crm_lead_capture
from .entry import crm_lead_counted
from .entry import res_partner
from .mail import lead_capture_source as lead_capture_source_mail
from .mail import lead_capture_entry as lead_capture_entry_mail
from .mail import crm_lead as crm_lead_mail
from .mail import mail_thread
from .hand import crm_lead as crm_lead_by_call
from .hand import crm_lead_import
