from . import ir_fields_converter
from . import crm_lead
from . import base_import_import
