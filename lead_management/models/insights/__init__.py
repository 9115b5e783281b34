from . import milestone
from . import forecast
from . import report
