// SPDX-License-Identifier: EPL-2.0
/** Times: RFC 3339 UTC on the wire, this computer's zone on the screen. */
const two = number => String(number).padStart(2, '0');

const dateOf = date => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const clockOf = date => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

/** `2026-11-22 16:05:10`, or only `16:05:10` when it is of today and `short` is asked for. */
export function localTime(instant, {short = false, now = new Date()} = {}) {
	const date = new Date(instant);
	if (Number.isNaN(date.getTime())) return String(instant ?? '');
	return short && dateOf(date) === dateOf(now) ? clockOf(date) : `${dateOf(date)} ${clockOf(date)}`;
}

/** `2026-11-22 16:05:10 UTC`. */
export function utcTime(instant) {
	const date = new Date(instant);
	return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('T', ' ').replace(/(\.000)?Z$/, ' UTC');
}

/** `2026-11-22` of a local date. */
export const dayText = dateOf;

/** @returns {string} `3 d 4 h`, `12 min`, `8 s` */
export function duration(seconds) {
	const s = Math.max(0, Math.floor(seconds));
	if (s >= 86400) return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
	if (s >= 3600) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
	if (s >= 60) return `${Math.floor(s / 60)} min`;
	return `${s} s`;
}

/**
 * The local day, week (Monday first) or month around a date. Days of 23 and 25 hours come out right: the ends are
 * local midnights, not multiples of 24 hours.
 *
 * @param {'day'|'week'|'month'} span
 * @returns {{from: Date, to: Date}}
 */
export function rangeAround(date, span) {
	const year = date.getFullYear();
	const month = date.getMonth();
	const day = date.getDate();
	if (span === 'month') return {from: new Date(year, month, 1), to: new Date(year, month + 1, 1)};
	const first = span === 'week' ? day - ((date.getDay() + 6) % 7) : day;
	return {from: new Date(year, month, first), to: new Date(year, month, first + (span === 'week' ? 7 : 1))};
}

/** The same span `steps` earlier (negative) or later. */
export function shifted(date, span, steps) {
	const year = date.getFullYear();
	const month = date.getMonth();
	if (span === 'month') return new Date(year, month + steps, 1);
	return new Date(year, month, date.getDate() + steps * (span === 'week' ? 7 : 1));
}
