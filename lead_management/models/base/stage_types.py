"""What a stage means, whatever its name; every room asks for it."""

OPEN = "open"
CONTACTED = "contacted"
NURTURING = "nurturing"
QUALIFIED = "qualified"
NEGOTIATION = "negotiation"
CUSTOMER = "customer"
INACTIVE = "inactive"
UNQUALIFIED = "unqualified"

STAGE_TYPES = [
    (OPEN, "Open"),
    (CONTACTED, "Contacted"),
    (NURTURING, "Nurturing"),
    (QUALIFIED, "Qualified"),
    (NEGOTIATION, "Negotiation"),
    (CUSTOMER, "Customer"),
    (INACTIVE, "Inactive"),
    (UNQUALIFIED, "Unqualified"),
]
WON_TYPES = (CUSTOMER, INACTIVE)
