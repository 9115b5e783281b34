# One package per room; a lead walks through them in this order.
from . import base
from . import capture
from . import profile
from . import qualification
from . import scoring
from . import assignment
from . import pipeline
from . import messaging
from . import nurturing
from . import timeline
from . import sharing
