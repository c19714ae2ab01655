// SPDX-License-Identifier: EPL-2.0
/** The gateway's REST interface, all the console talks to. */
const BASE = '/api/v1';

/** What went wrong, and what to do about it. */
export class Problem extends Error {
	/** @param {{status?: number, title?: string, detail?: string, errors?: {line?: number, column?: string, message: string}[]}} body */
	constructor({status = 0, title = '', detail = '', errors = []}) {
		super(detail || title || 'Something went wrong');
		this.status = status;
		this.title = title;
		this.errors = errors;
	}

	/** One sentence for the person in front of the screen. */
	get advice() {
		if (this.status === 0) return 'Check that the gateway runs and that this computer reaches it, then try again.';
		if (this.status === 401 || this.status === 403) return 'Sign in with an account that is allowed to do this.';
		if (this.status === 404) return 'It may have been removed, or this gateway does not offer it.';
		if (this.status === 504) return 'The meter may be asleep or out of reach. Try again when it is registered.';
		if (this.status === 503 || this.status === 429) return 'The gateway is busy or a part of it is down. Wait a little, then try again.';
		if (this.status >= 500) return 'Look into the gateway’s log for this minute.';
		return 'Correct the input and try again.';
	}
}

/**
 * @param {string} path below /api/v1
 * @param {Record<string, unknown>} [params] empty values are left out
 * @param {{signal?: AbortSignal, alsoAccept?: number[]}} [options] alsoAccept: error statuses whose body is wanted
 */
export function get(path, params = {}, options = {}) {
	return call(path + queryOf(params), {headers: {Accept: 'application/json'}}, options);
}

/** Sends JSON, or text of the given type. */
export function post(path, body, {type = 'application/json', ...options} = {}) {
	return call(
		path,
		{
			method: 'POST',
			headers: {Accept: 'application/json', 'Content-Type': type},
			body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
		},
		options,
	);
}

/** Removes something. */
export function remove(path, options = {}) {
	return call(path, {method: 'DELETE', headers: {Accept: 'application/json'}}, options);
}

/**
 * All items of a list that pages with a cursor.
 *
 * @param {number} most stops there; the result says whether something was left out
 * @returns {Promise<{items: any[], complete: boolean}>}
 */
export async function pages(path, params, most, options = {}) {
	const items = [];
	let cursor = null;
	do {
		const page = await get(path, {...params, cursor}, options);
		items.push(...page.items);
		cursor = page.next ?? null;
	} while (cursor !== null && items.length < most);
	return {items, complete: cursor === null};
}

/**
 * Sends a file, saying how much of it is sent: fetch cannot say.
 *
 * @param {(share: number) => void} progress told 0 to 1
 */
export function upload(path, file, type, progress) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open('POST', BASE + path);
		request.setRequestHeader('Accept', 'application/json');
		request.setRequestHeader('Content-Type', type);
		request.upload.addEventListener('progress', event => event.lengthComputable && progress(event.loaded / event.total));
		request.upload.addEventListener('load', () => progress(1));
		request.addEventListener('error', () => reject(new Problem({title: 'The gateway does not answer'})));
		request.addEventListener('load', () => {
			let body = {};
			try {
				body = JSON.parse(request.responseText);
			} catch {
				// said by the status
			}
			if (request.status >= 200 && request.status < 300) resolve(body);
			else reject(new Problem({title: request.statusText, ...body, status: request.status}));
		});
		request.send(file);
	});
}

function queryOf(params) {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(params)) {
		if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
	}
	const text = query.toString();
	return text ? '?' + text : '';
}

async function call(path, init, {signal, alsoAccept = []} = {}) {
	let response;
	try {
		response = await fetch(BASE + path, {...init, signal});
	} catch (cause) {
		if (cause.name === 'AbortError') throw cause;
		throw new Problem({title: 'The gateway does not answer'});
	}
	const body = await bodyOf(response);
	if (response.ok || alsoAccept.includes(response.status)) return body;
	throw new Problem({title: response.statusText, ...body, status: response.status});
}

async function bodyOf(response) {
	const type = response.headers.get('Content-Type') ?? '';
	if (!type.includes('json')) return {detail: response.ok ? '' : `The gateway answered ${response.status}`};
	try {
		return await response.json();
	} catch {
		throw new Problem({status: response.status, title: 'The gateway’s answer was cut off'});
	}
}
