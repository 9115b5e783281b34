from . import lead_preference
from . import whatsapp
