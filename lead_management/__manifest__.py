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
    "data": [
        "security/ir.model.access.csv",
        "security/lead_management_security.xml",
        "data/crm_stage_data.xml",
        "data/crm_lost_reason_data.xml",
        "data/ir_cron_data.xml",
        "data/lead_score_rule_data.xml",
        "views/crm_lead_views.xml",
        "views/crm_stage_views.xml",
        "views/lead_score_rule_views.xml",
        "views/lead_assignment_rule_views.xml",
        "views/lead_assignment_log_views.xml",
        "views/lead_management_menus.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "lead_management/static/src/**/*",
        ],
        "web.assets_tests": [
            "lead_management/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "lead_management/static/tests/**/*.test.js",
        ],
    },
    "application": True,
    "uninstall_hook": "uninstall_hook",
}
