/**
 * Whether a value is the id of a record. What a client action is given may come from
 * the address bar: whoever sends a link says what is in it.
 *
 * @param {any} value
 * @returns {Boolean}
 */
export function isId(value) {
    return Number.isInteger(value) && value > 0;
}
