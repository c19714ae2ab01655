// SPDX-License-Identifier: EPL-2.0
/** What a person types for a resource, as the value the gateway's write command takes (LwM2M Core 1.1, appendix C). */

const KINDS = {
	integer: ['a whole number', text => (/^[+-]?\d{1,19}$/.test(text) ? number(text) : undefined)],
	'unsigned integer': ['a whole number, not negative', text => (/^\d{1,20}$/.test(text) ? number(text) : undefined)],
	float: ['a number', text => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined)],
	boolean: ['true or false', text => ({true: true, false: false})[text.toLowerCase()]],
	time: ['a time like 2026-11-20T00:00:00Z', text => (Number.isNaN(Date.parse(text)) ? undefined : {time: new Date(text).toISOString()})],
	opaque: ['hex digits', text => (/^([0-9a-f]{2})*$/i.test(text.replace(/\s/g, '')) ? {hex: text.replace(/\s/g, '')} : undefined)],
	objlnk: ['an object link like 3:0', text => (/^\d{1,5}:\d{1,5}$/.test(text) ? text : undefined)],
};

/** A number that JSON could not carry exactly is not sent as another one. */
const number = text => (Number.isSafeInteger(Number(text)) ? Number(text) : undefined);

const kindOf = ({type}) => KINDS[type?.toLowerCase()];

/** What may be typed, for people. */
export const wordsOf = resource => kindOf(resource)?.[0] ?? 'a text';

/** What the field starts with. */
export const blank = ({type}) => (type?.toLowerCase() === 'boolean' ? 'true' : '');

/** @returns {{value?: unknown, error?: string}} */
export function parseValue(text, resource) {
	const kind = kindOf(resource);
	if (!kind) return {value: text};
	const value = kind[1](text.trim());
	return value === undefined ? {error: `Expected ${kind[0]}`} : {value};
}
