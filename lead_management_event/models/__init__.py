from . import lead_capture_source
from . import event_lead_rule
