from . import lead_rule_mixin
from . import lead_rule_amounts
from . import lead_rule_preview
from . import lead_derived_mixin
from . import crm_lead
from . import crm_lead_merge
from . import crm_lead_similar
from . import res_config_settings
