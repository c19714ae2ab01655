// SPDX-License-Identifier: EPL-2.0
import {localTime} from '../../core/time.js';
import {isCumulated} from './curve.js';

/**
 * Asks why a point of a load curve is what it is: `trace` with the values behind it. A consumption is the difference of two.
 *
 * @param {EventTarget} from
 * @param {string} quantity OBIS code
 * @param {import('./curve.js').Curve} curve
 * @param {import('./curve.js').Point} point
 */
export function askWhy(from, quantity, {intervalSeconds}, point) {
	const place = (at, label) => ({quantity, start: new Date(at).toISOString(), interval: intervalSeconds, label});
	const detail = isCumulated(quantity)
		? [place(point.end, `Register at ${localTime(point.end)}`), place(point.start, `Register at ${localTime(point.start)}`)]
		: [place(point.start, localTime(point.start))];
	from.dispatchEvent(new CustomEvent('trace', {detail, bubbles: true, composed: true}));
}
