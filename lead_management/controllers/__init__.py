from . import lead_dossier
from . import lead_preference
from . import whatsapp
