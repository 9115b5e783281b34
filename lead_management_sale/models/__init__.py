from . import crm_lead
from . import lead_dormancy
from . import lead_touch
from . import lead_answer
from . import lead_timeline
from . import mail_thread
from . import sale_order
