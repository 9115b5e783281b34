{
    "name": "Lead Management",
    "summary": "Score, distribute and follow every lead through eight stages",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "website": "https://github.com/lead-management/lead-management",
    "license": "LGPL-3",
    "depends": [
        "crm",
        "sms",
        "product",
        "base_automation",
        "spreadsheet_dashboard",
    ],
    "data": [],
    "application": True,
}
