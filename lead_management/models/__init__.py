# One package per room; a lead walks through them in this order.
from . import base
from . import capture
from . import verification
from . import profile
from . import qualification
from . import scoring
from . import credit
from . import assignment
from . import pipeline
from . import messaging
from . import nurturing
from . import timeline
from . import insights
from . import campaign
from . import sharing
