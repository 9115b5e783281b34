from . import tiles
from . import why
from . import funnel
