// SPDX-License-Identifier: EPL-2.0
/**
 * The pages there are. The console's own and a vendor's register alike.
 *
 * @typedef {object} Page
 * @property {string} path below `/console`, `:name` matches one segment; the first registration of a path wins
 * @property {string} title for the window's title
 * @property {string} [nav] text in the navigation; without it the page is reached by links only
 * @property {string} [icon] name of an icon of ui/icons.js
 * @property {() => Promise<unknown>} [load] fetches the page's code when it is first opened
 * @property {(params: Record<string,string>, query: URLSearchParams) => unknown} render a Lit template
 */

/** @type {Page[]} */
const registered = [];

/** Says `change` when a page was added. */
export const changes = new EventTarget();

export const BASE = '/console';

/** @param {Page} page */
export function registerPage(page) {
	if (!page.path?.startsWith('/') || typeof page.render !== 'function') {
		throw new TypeError('a page needs a path that starts with / and a render function');
	}
	if (registered.some(other => other.path === page.path)) return;
	registered.push(page);
	changes.dispatchEvent(new Event('change'));
}

export const navigation = () => registered.filter(page => page.nav);

/** The address of a page: `hrefOf('/meters/m 1')`. */
export const hrefOf = path => BASE + path;

/** @returns {{page: Page, params: Record<string,string>} | undefined} the page at an address below /console */
export function match(pathname) {
	const wanted = segments(pathname.startsWith(BASE) ? pathname.slice(BASE.length) : pathname);
	for (const page of registered) {
		const own = segments(page.path);
		if (own.length !== wanted.length) continue;
		const params = {};
		const fits = own.every((segment, i) => {
			if (!segment.startsWith(':')) return segment === wanted[i];
			params[segment.slice(1)] = decode(wanted[i]);
			return true;
		});
		if (fits) return {page, params};
	}
	return undefined;
}

const segments = path => path.split('/').filter(segment => segment !== '');

function decode(segment) {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
