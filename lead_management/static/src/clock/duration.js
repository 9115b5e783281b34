import {_t} from "@web/core/l10n/translation";

const MINUTE = 60000;

/** Whole minutes; what has begun to run counts, what has run out counts when it is full. */
function toMinutes(left) {
    const minutes = Math.abs(left) / MINUTE;
    return Math.max(1, left > 0 ? Math.ceil(minutes) : Math.floor(minutes));
}

/**
 * How long it is until a moment, or since then, in its two largest units.
 *
 * @param {number} left milliseconds, negative when it is over
 */
export function showDuration(left) {
    const total = toMinutes(left);
    const [days, hours, minutes] = [
        Math.floor(total / 1440),
        Math.floor((total % 1440) / 60),
        total % 60,
    ];
    if (days) {
        return hours ? _t("%(days)s d %(hours)s h", {days, hours}) : _t("%(days)s d", {days});
    }
    if (hours) {
        return minutes
            ? _t("%(hours)s h %(minutes)s min", {hours, minutes})
            : _t("%(hours)s h", {hours});
    }
    return _t("%(minutes)s min", {minutes});
}
