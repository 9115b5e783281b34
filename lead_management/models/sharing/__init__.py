# Within a company
from .team import res_users
from .team import crm_team
from .team import lead_colleague
from .team import lead_colleague_dialog
from .team import crm_lead as crm_lead_team

# To whom, and on what terms
from .policy import fact
from .policy import fact_business
from .policy import fact_person
from .policy import lead_share_partner
from .policy import lead_share_policy_fact
from .policy import lead_share_policy
from .policy import lead_share_policy_plan

# What is shared
from .hooks import lead_enrollment
from .hooks import lead_consent
from .share import lead_share
from .share import lead_share_side
from .share import lead_share_event
from .share import lead_share_offer
from .share import lead_share_accept
from .share import lead_share_consent
from .share import lead_share_correct
from .share import lead_share_answer
from .share import lead_share_recall
from .share import lead_share_mirror
from .share import lead_share_commission
from .share import lead_share_settle
from .share import lead_share_lead
from .share import lead_share_report
from .share import crm_lead
from .share import crm_lead_hold
from .share import crm_lead_erasure
from .link import lead_share_link

# Between databases
from .exchange import courier
from .exchange import lead_share_partner as lead_share_partner_connection
from .exchange import lead_share_message
from .exchange import lead_share_message_send
from .exchange import lead_share_message_process
from .exchange import lead_share as lead_share_exchange
from .exchange import lead_share_receive
from .exchange import lead_share_commission as lead_share_commission_exchange

# Screens
from .dialog import lead_share_reply
from .dialog import lead_share_offer as lead_share_offer_dialog

# What happens elsewhere
from .hooks import crm_lead as crm_lead_refused
from .hooks import lead_assignment_rule
from .hooks import lead_assignment_log
from .hooks import lead_assignment_dry_run_line
from .hooks import timeline
from .hooks import lead_timeline
