from .cost import lead_campaign_cost
from .cost import lead_campaign_cost_days
from .cost import lead_campaign_name
from .cost import lead_campaign_import
from .cost import lead_campaign_import_line
from .attribution import crm_lead_merge
from .attribution import lead_campaign_report
from .attribution import lead_campaign_report_credit
