const NOTE = ".modal .o_lead_touch_note textarea";

/** What was said is typed right away: whoever chose an outcome need not click there. */
export const say = (text) => ({
    content: `say: ${text}`,
    trigger: `${NOTE}:focus`,
    run({anchor}) {
        anchor.value = text;
        for (const type of ["input", "change"]) {
            anchor.dispatchEvent(new Event(type, {bubbles: true}));
        }
    },
});

/** On a phone a tap brings up the keyboard. */
export const sayOnPhone = (text) => ({trigger: NOTE, run: `edit ${text}`});
