from . import crm_lead
from . import lead_dormancy
from . import lead_touch
from . import mail_thread
from . import sale_order
