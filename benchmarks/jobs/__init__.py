"""The jobs, in the order they run: what rewrites many rows comes last."""

from . import capture  # noqa: F401, I001
from . import pipeline, my_day, find  # noqa: F401
from . import qualification, verification  # noqa: F401
from . import assignment, pull, seams  # noqa: F401
from . import messages, nurturing, timeline, insights, campaign, sharing  # noqa: F401
from . import scoring  # noqa: F401
