// SPDX-License-Identifier: EPL-2.0
/** The colours: as the system has it, light, or dark; kept in this browser. */
const KEY = 'meterway.theme';
const NEXT = {auto: 'light', light: 'dark', dark: 'auto'};

/** Says `change` when the colours shown changed. */
export const themeChanges = new EventTarget();

const system = window.matchMedia('(prefers-color-scheme: dark)');
system.addEventListener('change', () => applyTheme());

export function theme() {
	try {
		const kept = localStorage.getItem(KEY);
		return kept in NEXT ? kept : 'auto';
	} catch {
		return 'auto';
	}
}

export function nextTheme() {
	const next = NEXT[theme()];
	try {
		localStorage.setItem(KEY, next);
	} catch {
		// A browser that keeps nothing shows the system's colours.
	}
	applyTheme();
}

export function applyTheme() {
	document.documentElement.dataset.theme = theme();
	themeChanges.dispatchEvent(new Event('change'));
}

/** What a style property is in plain colours: a canvas cannot read `light-dark()`. */
export function colours(element, ...names) {
	const probe = document.createElement('i');
	(element.shadowRoot ?? element).append(probe);
	const found = names.map(name => {
		probe.style.color = `var(${name})`;
		return getComputedStyle(probe).color;
	});
	probe.remove();
	return found;
}
