{
    "name": "Lead Management: Live Chat",
    "summary": "Leads of live chats and chatbots are in the lead inbox",
    "version": "19.0.1.8.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "crm_livechat"],
    "auto_install": True,
}
