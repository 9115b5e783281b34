from . import lead_capture_source
from . import chatbot_script_step
from . import discuss_channel
