from . import lead_milestone
from . import crm_lead_milestone
from . import lead_touch
