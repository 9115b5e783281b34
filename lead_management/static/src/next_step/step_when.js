import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

export const LATE = "late";
export const TODAY = "today";
export const PLANNED = "planned";

/** A day without its year, as long as it is of this year. */
export function showDay(day) {
    const parts = {day: "numeric", month: "short"};
    return day.toLocaleString(
        day.year === DateTime.now().year ? parts : {...parts, year: "numeric"},
    );
}

function showPlanned(days, day, clock) {
    const text = days === 1 ? _t("Tomorrow") : showDay(day);
    return clock ? _t("%(day)s, %(time)s", {day: text, time: clock}) : text;
}

/**
 * When a next step is due, in words: the day that is true, and the time where there is one.
 *
 * @param {Object} step what `step_next` holds
 * @returns {{urgency: String, text: String, title: String, icon: String}}
 */
export function stepWhen({days, deadline, time}) {
    const day = deserializeDate(deadline);
    const clock = time && deserializeDateTime(time).toLocaleString(DateTime.TIME_SIMPLE);
    const title = clock
        ? _t("%(day)s, %(time)s", {day: formatDate(day), time: clock})
        : formatDate(day);
    if (days < 0) {
        const text = days === -1 ? _t("1 day overdue") : _t("%s days overdue", -days);
        return {urgency: LATE, text, title, icon: "fa-clock-o"};
    }
    if (days === 0) {
        const text = clock ? _t("Today, %s", clock) : _t("Today");
        return {urgency: TODAY, text, title, icon: "fa-clock-o"};
    }
    return {urgency: PLANNED, text: showPlanned(days, day, clock), title, icon: "fa-calendar-o"};
}
