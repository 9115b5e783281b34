import {onMounted, onWillUnmount, reactive, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";

const {DateTime} = luxon;

const TICK = 30000;

const clock = reactive({now: 0});

function tick() {
    clock.now = Date.now();
}

/** One timer for all that counts down on a page, and none while nothing does. */
export const timer = {
    id: null,
    watchers: 0,
    start() {
        tick();
        this.id = browser.setInterval(tick, TICK);
    },
    stop() {
        browser.clearInterval(this.id);
    },
};

function watch() {
    timer.watchers += 1;
    if (timer.watchers === 1) {
        timer.start();
    }
}

function unwatch() {
    timer.watchers -= 1;
    if (!timer.watchers) {
        timer.stop();
    }
}

/**
 * Draw the component again twice a minute.
 *
 * @returns {() => DateTime} what time it is, to be called while drawing
 */
export function useNow() {
    if (!timer.watchers) {
        tick();
    }
    const state = useState(clock);
    onMounted(watch);
    onWillUnmount(unwatch);
    return () => DateTime.fromMillis(state.now);
}
