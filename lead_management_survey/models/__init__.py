from . import lead_capture_source
from . import survey_user_input
