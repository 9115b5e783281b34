"""What becomes of a credit check, what it says, and what it rests on."""

# Asked for; waits for a second person; being bought.
WANTED, APPROVAL, CLAIMED = "wanted", "approval", "claimed"
DONE, NO_MATCH, AMBIGUOUS = "done", "no_match", "ambiguous"
UNKNOWN, REFUSED, EXPIRED = "unknown", "refused", "expired"
STATES = [
    (WANTED, "Requested"),
    (APPROVAL, "Waiting for Approval"),
    (CLAIMED, "Being Checked"),
    (DONE, "Done"),
    (NO_MATCH, "Company Not Found"),
    (AMBIGUOUS, "Several Companies Found"),
    (UNKNOWN, "Result Unknown"),
    (REFUSED, "Refused"),
    (EXPIRED, "Expired"),
]
OPEN = (WANTED, APPROVAL, CLAIMED, AMBIGUOUS)

GREEN, AMBER, RED, NONE = "green", "amber", "red", "none"
BANDS = [
    (GREEN, "Low Risk"),
    (AMBER, "Medium Risk"),
    (RED, "High Risk"),
    (NONE, "Not Rated"),
]

COMPANY, PERSON = "company", "person"
LEGAL_FORMS = [
    (COMPANY, "Company (legal person)"),
    (PERSON, "Natural person (sole trader, partnership)"),
]

INTEREST, CONTRACT, CONSENT = "interest", "contract", "consent"
BASES = [
    (INTEREST, "Legitimate interest (Art. 6(1)(f) GDPR)"),
    (CONTRACT, "Request for payment by invoice (Art. 6(1)(b) GDPR)"),
    (CONSENT, "Consent (Art. 6(1)(a) GDPR)"),
]

ADVICE, ACTIVITY = "advice", "activity"
EFFECTS = [(ADVICE, "Show the result"), (ACTIVITY, "Create an activity")]

MANUAL = "manual"
