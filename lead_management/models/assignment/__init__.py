from . import lead_assignment_rule
from . import lead_assignment_turn
from . import lead_assignment_log
from . import crm_lead
