from . import lead_dossier
from . import lead_capture_api
from . import lead_capture_form
from . import lead_capture_hook
from . import lead_capture_rows
from . import lead_link
from . import lead_preference
from . import whatsapp
