// SPDX-License-Identifier: EPL-2.0
import {BASE} from './pages.js';

/** Says `change` when the address changed. */
export const location = new EventTarget();

/** @param {string} href address below /console */
export function navigate(href, {replace = false} = {}) {
	history[replace ? 'replaceState' : 'pushState'](null, '', href);
	location.dispatchEvent(new CustomEvent('change', {detail: {replace}}));
}

/** Keeps a page's own state (search, sort) in the address without opening another page. */
export function remember(query) {
	const text = query.toString();
	history.replaceState(null, '', window.location.pathname + (text ? '?' + text : ''));
}

/** Links below /console change the page without loading it anew; modified clicks stay the browser's. */
export function start() {
	window.addEventListener('popstate', () => location.dispatchEvent(new CustomEvent('change', {detail: {}})));
	document.addEventListener('click', event => {
		if (event.defaultPrevented || event.button !== 0) return;
		if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		const link = event.composedPath().find(node => node instanceof HTMLAnchorElement);
		if (!link?.href || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return;
		if (link.pathname !== BASE && !link.pathname.startsWith(BASE + '/')) return;
		if (link.hash && link.pathname === window.location.pathname) return;
		event.preventDefault();
		navigate(link.href);
	});
}
