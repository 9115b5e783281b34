import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

const NOTHING = "\u2013";

const isKnown = (value) => value !== null && value !== undefined && value !== false;

export function showInteger(value) {
    return isKnown(value) ? formatInteger(value) : NOTHING;
}

/** A number with so many decimals. */
export function showNumber(value, decimals) {
    return isKnown(value) ? formatFloat(value, {digits: [16, decimals]}) : NOTHING;
}

/** A rate from 0 to 1 in percent, with a decimal only where there is one. */
export function showPercent(rate) {
    if (!isKnown(rate)) {
        return NOTHING;
    }
    return _t("%s %%", formatFloat(100 * rate, {digits: [16, 1], trailingZeros: false}));
}

/** A factor: 1.8×. */
export function showTimes(value) {
    return isKnown(value) ? `${showNumber(value, 1)}×` : NOTHING;
}
