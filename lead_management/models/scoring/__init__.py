from . import lead_score
from . import lead_score_rule
from . import crm_lead
from . import res_config_settings
