from . import crm_stage
from . import crm_lead
from . import ir_module_module
