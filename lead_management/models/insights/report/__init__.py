from . import frame
from . import section
from . import sections
from . import crm_lead_insight
from . import lead_insight
from . import lead_insight_period
