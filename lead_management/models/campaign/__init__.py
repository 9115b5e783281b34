from .cost import lead_campaign_cost
from .cost import lead_campaign_cost_days
from .cost import lead_campaign_name
from .cost import lead_campaign_import
from .cost import lead_campaign_import_line
