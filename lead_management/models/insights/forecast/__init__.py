from . import lead_insight_rate
from . import lead_insight_forecast
from . import lead_insight_target
