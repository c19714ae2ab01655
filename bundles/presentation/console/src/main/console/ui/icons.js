// SPDX-License-Identifier: EPL-2.0
import {svg, html} from 'lit';

const icon = paths => html`<svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor"
	stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const icons = {
	overview: icon(svg`<path d="M3 12h4l3-8 4 16 3-8h4"/>`),
	meters: icon(svg`<rect x="4" y="3" width="16" height="18" rx="2"/><path d="M8 7h8v4H8zM8 15h.01M12 15h.01M16 15h.01"/>`),
	integrity: icon(svg`<path d="M4 5h16v14H4zM4 12h16M9.3 5v14M14.7 5v14"/><path d="M9.3 5h5.4v7H9.3z" fill="currentColor"/>`),
	parked: icon(svg`<rect x="4" y="4" width="16" height="16" rx="3"/><path d="M10 17V7h3.2a3 3 0 0 1 0 6H10"/>`),
	replay: icon(svg`<path d="M4 5v5h5"/><path d="M4.6 10a8 8 0 1 1-.4 5"/><path d="M12 8v4.5l3 2"/>`),
	help: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M9.5 9.3a2.6 2.6 0 1 1 3.6 2.5c-.8.4-1.1.9-1.1 1.7M12 16.6h.01"/>`),
	page: icon(svg`<path d="M5 3h9l5 5v13H5zM14 3v5h5"/>`),
	auto: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 4v16a8 8 0 0 0 0-16z" fill="currentColor"/>`),
	light: icon(svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>`),
	dark: icon(svg`<path d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z"/>`),
	plus: icon(svg`<path d="M12 6v12M6 12h12"/>`),
	minus: icon(svg`<path d="M6 12h12"/>`),
	earlier: icon(svg`<path d="m15 6-6 6 6 6"/>`),
	later: icon(svg`<path d="m9 6 6 6-6 6"/>`),
};

/** The mark: a load curve whose peaks draw an M. */
export const mark = html`<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
	<rect width="32" height="32" rx="7" fill="#0b5fa5"/>
	<path d="M6 22V11l6 7 4-11 4 11 6-7v11" fill="none" stroke="#fff" stroke-width="2.6" stroke-linejoin="round"
		stroke-linecap="round"/></svg>`;
