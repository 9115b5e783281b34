from . import lead_capture_source
