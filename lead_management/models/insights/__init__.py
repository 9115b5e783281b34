from . import milestone
from . import report
