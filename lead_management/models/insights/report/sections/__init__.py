# in the order in which they stand in the report
from . import tiles
from . import why
from . import forecast
from . import funnel
from . import chain
from . import targets
from . import pipeline
from . import pipeline_day
from . import by
from . import stages
from . import outcome
from . import cohorts
from . import losses
from . import response
from . import messages
from . import arrivals
from . import questions
