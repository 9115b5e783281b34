/* global BarcodeDetector, ZXing */
import {loadJS} from "@web/core/assets";

const LIBRARY = "/web/static/lib/zxing-library/zxing-library.js";
// Points of the longer side: a code that fills the photo is read best from few of them,
// one that is small in it needs many.
const SIDES = [1000, 1400, 700, 2000];

/**
 * Read the QR code in a photo, within the browser.
 *
 * @param {Blob} file
 * @returns {Promise<string|null>} what it says, empty if there is none; null if the file
 *   is no photo
 */
export async function readCode(file) {
    const photo = await createImageBitmap(file).catch(() => null);
    if (!photo) {
        return null;
    }
    try {
        return (await readByBrowser(photo)) || (await readByLibrary(photo));
    } finally {
        photo.close();
    }
}

/** Phones read codes themselves, and better than the library does. */
async function readByBrowser(photo) {
    try {
        const [code] = await new BarcodeDetector({formats: ["qr_code"]}).detect(photo);
        return code?.rawValue || "";
    } catch {
        return ""; // this browser does not, or not on this machine
    }
}

async function readByLibrary(photo) {
    await loadJS(LIBRARY);
    for (const side of SIDES) {
        const light = new ZXing.HTMLCanvasElementLuminanceSource(draw(photo, side));
        // some cards are dark, with a bright code
        const text = decode(light) || decode(light.invert());
        if (text) {
            return text;
        }
    }
    return "";
}

function draw(photo, side) {
    const scale = Math.min(1, side / Math.max(photo.width, photo.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(photo.width * scale));
    canvas.height = Math.max(1, Math.round(photo.height * scale));
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(photo, 0, 0, canvas.width, canvas.height);
    return canvas;
}

function decode(light) {
    const bitmap = new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(light));
    try {
        const hints = new Map([[ZXing.DecodeHintType.TRY_HARDER, true]]);
        return new ZXing.QRCodeReader().decode(bitmap, hints).getText();
    } catch {
        return ""; // it says so by errors of several kinds
    }
}
