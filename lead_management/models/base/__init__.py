from . import lead_rule_mixin
from . import res_config_settings
