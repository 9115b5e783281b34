/**
 * Asks a captcha for its token when a form is sent. Nobody waits for it for long: what
 * comes without a token is looked at more closely, and never refused.
 */
(function () {
    const PATIENCE = 4000;
    const {name, key, action, script: source} = document.currentScript.dataset;
    const form = document.querySelector("form");
    const input = form.elements.namedItem("lm_captcha");
    const ready = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = source;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
    });
    ready.catch(() => {});

    async function ask() {
        await ready;
        if (name === "recaptcha") {
            await new Promise((resolve) => window.grecaptcha.ready(resolve));
            return window.grecaptcha.execute(key, {action});
        }
        return new Promise((resolve, reject) => {
            window.turnstile.render(form.querySelector(".captcha"), {
                sitekey: key,
                action,
                appearance: "interaction-only",
                "response-field": false,
                callback: resolve,
                "error-callback": reject,
            });
        });
    }

    let isSent = false;
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (isSent) {
            return;
        }
        isSent = true;
        const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, ""));
        try {
            input.value = (await Promise.race([ask(), late])) || "";
        } catch {
            input.value = "";
        }
        form.submit();
    });
    // who comes back by the button of the browser may send again
    window.addEventListener("pageshow", () => (isSent = false));
})();
