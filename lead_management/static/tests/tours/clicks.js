/** The clicks since the last time somebody asked, counted in the page itself. */
export const clicks = {
    count: 0,
    listen() {
        clicks.count = 0;
        document.addEventListener("click", clicks.add, {capture: true});
    },
    add(event) {
        if (event.target.closest("button, a, .dropdown-item")) {
            clicks.count += 1;
        }
    },
    expect(number, goesOn = false) {
        if (!goesOn) {
            document.removeEventListener("click", clicks.add, {capture: true});
        }
        if (clicks.count !== number) {
            throw new Error(`${clicks.count} clicks, not ${number}`);
        }
    },
};
