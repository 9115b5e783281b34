from . import lead_preference
