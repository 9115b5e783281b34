import {Component, onWillUnmount, reactive, useEffect, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

export const SHOWN = 10000;

/**
 * What was just done, at the bottom of the screen, for ten seconds: one at a time. While
 * it is there, it can be undone by its button, or by `z`.
 */
export const undoToastService = {
    start() {
        const state = reactive({toast: null});
        let number = 0;
        return {
            state,
            /**
             * @param {string} message what was done
             * @param {Function} undo what the button does
             */
            show(message, undo) {
                number += 1;
                state.toast = {number, message, undo};
            },
            hide() {
                state.toast = null;
            },
        };
    },
};

registry.category("services").add("lead_undo_toast", undoToastService);

export class UndoToast extends Component {
    static template = "lead_management.UndoToast";
    static props = {};

    setup() {
        this.service = useService("lead_undo_toast");
        this.state = useState(this.service.state);
        this.timer = null;
        useEffect(
            (number) => {
                browser.clearTimeout(this.timer);
                if (number) {
                    this.timer = browser.setTimeout(() => this.service.hide(), SHOWN);
                }
            },
            () => [this.state.toast?.number],
        );
        onWillUnmount(() => browser.clearTimeout(this.timer));
        useHotkey("z", () => this.undo(), {
            global: true,
            isAvailable: () => Boolean(this.state.toast),
        });
    }

    undo() {
        const {undo} = this.state.toast;
        this.service.hide();
        return undo();
    }
}

registry.category("main_components").add("lead_management.UndoToast", {Component: UndoToast});
