// SPDX-License-Identifier: EPL-2.0
/**
 * Exact decimals. Values travel as text such as `"123.40"`; energies are never floating point here. Only drawing a point
 * on the screen uses a number.
 *
 * @typedef {{units: bigint, scale: number}} Decimal units × 10^-scale
 */

/** @returns {Decimal | null} null when the text is no decimal */
export function parse(text) {
	const found = /^\s*([+-]?)(\d+)(?:\.(\d+))?\s*$/.exec(text);
	if (!found) return null;
	const [, sign, whole, fraction = ''] = found;
	const units = BigInt(whole + fraction);
	return {units: sign === '-' ? -units : units, scale: fraction.length};
}

/** @param {Decimal} decimal */
export function format({units, scale}) {
	const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
	const cut = digits.length - scale;
	return (units < 0n ? '-' : '') + digits.slice(0, cut) + (scale > 0 ? '.' + digits.slice(cut) : '');
}

/** minuend − subtrahend, as text, at the finer of the two scales; null when one is no decimal. */
export function subtract(minuend, subtrahend) {
	const a = parse(minuend);
	const b = parse(subtrahend);
	if (!a || !b) return null;
	const scale = Math.max(a.scale, b.scale);
	return format({units: at(a, scale) - at(b, scale), scale});
}

/** The sum of decimals given as text; null when one is no decimal. */
export function sum(texts) {
	let total = {units: 0n, scale: 0};
	for (const text of texts) {
		const next = parse(text);
		if (!next) return null;
		const scale = Math.max(total.scale, next.scale);
		total = {units: at(total, scale) + at(next, scale), scale};
	}
	return format(total);
}

/** For drawing only. */
export const toNumber = text => (parse(text) ? Number(text) : null);

const at = ({units, scale}, wanted) => units * 10n ** BigInt(wanted - scale);
