import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)

LEADS = "records.lead_id."
ASSIGN = 'write({"assignment_pending": True})\nrecords.lead_id._assignment_defer()'
# What shipped records ran, under each name it had, and what they run now.
ACTIONS = {
    "action_server_hot_notify": (["_score_notify_hot()"], "action_auto_notify_hot()"),
    "action_server_hot_follow_up": (
        ["_score_schedule_call()"],
        "action_auto_schedule_call()",
    ),
    "action_server_hot_route": ([ASSIGN], "action_auto_assign()"),
    "action_server_hot_qualify": (
        ["_score_move_to_qualified()"],
        "action_auto_qualify()",
    ),
}
DEFERRED = {
    "action_server_touch_contacted": ('"_stage_contacted"', "contacted"),
    "action_server_touch_reactivate": ('"_stage_reactivate"', "reactivate"),
    "action_server_stage_convert": ('"_stage_convert"', "convert"),
    "action_server_stage_unqualified": (
        '"_stage_cancel_activities"',
        "cancel_activities",
    ),
    "action_server_stage_customer": ('"_stage_close_activities"', "close_activities"),
    "action_server_answered_qualify": ('"_stage_qualify_known"', "qualify_known"),
    "action_server_warm_nurture": ('"_stage_move", "nurturing"', "nurture"),
}
DEFER = ("_run_before_commit", "_stage_defer")
JOBS = {
    "ir_cron_rescore": ("_cron_derived", "action_cron_refresh"),
    "ir_cron_assign": ("_cron_assign", "action_cron_assign"),
    "ir_cron_deadlines": ("_cron_deadlines", "action_cron_deadlines"),
    "ir_cron_inactive": ("_cron_inactive", "action_cron_inactive"),
    "ir_cron_revisit": ("_cron_revisit", "action_cron_revisit"),
    "ir_cron_day": ("_cron_send", "action_cron_send"),
    "ir_cron_messages": ("_send_due", "action_cron_send"),
    "ir_cron_whatsapp": ("_cron_process", "action_cron_process"),
}


def get_texts():
    """Return what is written anew: name of a record to (texts before, text now)."""
    return {
        **{
            name: ([LEADS + text for text in before], LEADS + now)
            for name, (before, now) in ACTIONS.items()
        },
        **{
            name: (
                [f"{LEADS}{method}({arguments})" for method in DEFER],
                f"{LEADS}action_auto_{now}()",
            )
            for name, (arguments, now) in DEFERRED.items()
        },
        **{
            name: ([f"model.{before}()"], f"model.{now}()")
            for name, (before, now) in JOBS.items()
        },
    }


def migrate(cr, version):
    """Let shipped actions and jobs call public methods, unless somebody changed them.

    They are not updated, and called private methods, which may get other names.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, (before, now) in get_texts().items():
        record = env.ref(f"lead_management.{name}", raise_if_not_found=False)
        code = (record.code or "").strip() if record else now
        if code in before:
            record.code = now
        elif code != now:
            _logger.info("%s was changed and runs what it ran: %s", name, code)
