// SPDX-License-Identifier: EPL-2.0
import {subtract, sum, toNumber} from '../../core/decimal.js';

/**
 * A load curve ready to be drawn. Nothing is interpolated: where an interval is missing there is a gap.
 *
 * @typedef {object} Point one interval, or one moment when start equals end
 * @property {number} start milliseconds since 1970
 * @property {number} end
 * @property {string} text the exact value
 * @property {number | null} value for drawing
 * @property {string[]} quality flags of the readings behind it
 *
 * @typedef {object} Gap
 * @property {number} from
 * @property {number} to
 * @property {string | null} text what a cumulated register counted meanwhile: known in sum, not spread over the gap
 *
 * @typedef {object} Curve
 * @property {number} intervalSeconds 0 for momentary values
 * @property {Point[]} points
 * @property {Gap[]} gaps between the first and the last value
 * @property {string | null} total exact, null for what cannot be added up
 * @property {number} backwards how often a cumulated register went back
 */

/** Whether a quantity is a register that only counts up: OBIS group D = 8, time integral 1 (IEC 62056-6-1). */
export const isCumulated = quantity => /^\d+-\d+:\d+\.8(\.|$)/.test(quantity);

/** Whether a quantity's values are energy of the interval itself: OBIS group D = 29, time integral 5. */
export const isIntervalSum = quantity => /^\d+-\d+:\d+\.29(\.|$)/.test(quantity);

/**
 * @param {string} quantity OBIS code
 * @param {{start: string, intervalSeconds: number, value: string, quality?: string[]}[]} readings in any order
 * @returns {Curve}
 */
export function curveOf(quantity, readings) {
	const intervalSeconds = gridOf(readings);
	const values = readings
		.filter(reading => reading.intervalSeconds === intervalSeconds)
		.map(reading => ({at: Date.parse(reading.start), text: reading.value, quality: reading.quality ?? []}))
		.sort((a, b) => a.at - b.at);
	if (isCumulated(quantity)) return consumption(values, intervalSeconds);
	const {points, gaps} = asGiven(values, intervalSeconds);
	const total = isIntervalSum(quantity) ? sum(points.map(point => point.text)) : null;
	return {intervalSeconds, points, gaps, total, backwards: 0};
}

/** The grid most readings are on; readings off any grid only if there is nothing else. */
function gridOf(readings) {
	const counts = new Map();
	for (const {intervalSeconds} of readings) counts.set(intervalSeconds, (counts.get(intervalSeconds) ?? 0) + 1);
	const grids = [...counts.keys()].filter(seconds => seconds > 0);
	return grids.sort((a, b) => counts.get(b) - counts.get(a))[0] ?? 0;
}

/** What a register counted from each value to the next. A register's value is that of the moment it was read. */
function consumption(values, intervalSeconds) {
	const points = [];
	const gaps = [];
	let backwards = 0;
	for (let i = 1; i < values.length; i++) {
		const [before, after] = [values[i - 1], values[i]];
		const text = subtract(after.text, before.text);
		if (text?.startsWith('-')) backwards++;
		if (intervalSeconds > 0 && after.at - before.at > intervalSeconds * 1000) {
			gaps.push({from: before.at, to: after.at, text});
		} else {
			const quality = [...new Set([...before.quality, ...after.quality])];
			points.push({start: before.at, end: after.at, text: text ?? '', value: text === null ? null : toNumber(text), quality});
		}
	}
	const total = values.length > 1 ? subtract(values.at(-1).text, values[0].text) : null;
	return {intervalSeconds, points, gaps, total, backwards};
}

function asGiven(values, intervalSeconds) {
	const length = intervalSeconds * 1000;
	const points = values.map(({at, text, quality}) => ({start: at, end: at + length, text, value: toNumber(text), quality}));
	const gaps = [];
	for (let i = 1; length > 0 && i < points.length; i++) {
		if (points[i].start > points[i - 1].end) gaps.push({from: points[i - 1].end, to: points[i].start, text: null});
	}
	return {points, gaps};
}

/**
 * The points as a line with steps: each run ends where its last interval ends, then the line breaks.
 *
 * @returns {{data: [number, number | null][], point: (Point | null)[]}} point: what each of data belongs to
 */
export function stepsOf({points, intervalSeconds}) {
	const data = [];
	const point = [];
	const add = (time, value, owner) => {
		data.push([time, value]);
		point.push(owner);
	};
	points.forEach((each, i) => {
		add(each.start, each.value, each);
		if (intervalSeconds > 0 && points[i + 1]?.start !== each.end) {
			add(each.end, each.value, each);
			add(each.end, null, null);
		}
	});
	return {data, point};
}
