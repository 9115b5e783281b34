# Kinds of steps and triggers
from . import constants
from .sequence import trigger
from .sequence import step_kind
from .engine import step_message
from .engine import step_other

# Sequences
from .sequence import lead_sequence
from .sequence import lead_sequence_version
from .sequence import lead_sequence_step
from .sequence import lead_sequence_step_field

# Enrollments
from .enrollment import lead_enrollment
from .enrollment import lead_enrollment_step
from .enrollment import lead_enrollment_signal
from .enrollment import lead_enrollment_answered
from .enrollment import lead_enrollment_actions
from .enrollment import lead_sequence_report
from .sequence import lead_sequence_enroll
from .sequence import lead_sequence_entry

# Engine
from .engine import lead_enrollment_run
from .engine import lead_enrollment_settle

# Clicks
from .click import lead_message_click

# What happens elsewhere
from .hooks import lead_message
from .click import lead_message as lead_message_links
from .hooks import lead_message_gate
from .hooks import lead_consent
from .hooks import crm_lead
from .hooks import crm_lead_mark

# Screens
from .sequence import lead_sequence_flow
from .sequence import lead_sequence_version_flow
from .sequence import lead_sequence_step_flow
from .dialog import lead_enroll
from .dialog import lead_sequence_move
from .dialog import lead_fast_forward
from .hooks import res_config_settings
