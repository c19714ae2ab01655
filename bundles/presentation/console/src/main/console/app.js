// SPDX-License-Identifier: EPL-2.0
import {html} from 'lit';
import {registerPage} from './core/pages.js';
import {applyTheme} from './core/theme.js';
import './ui/shell.js';

applyTheme();

registerPage({
	path: '/',
	title: 'Overview',
	nav: 'Overview',
	icon: 'overview',
	load: () => import('./pages/overview/overview.js'),
	render: () => html`<mw-overview></mw-overview>`,
});
registerPage({
	path: '/meters',
	title: 'Meters',
	nav: 'Meters',
	icon: 'meters',
	load: () => import('./pages/meters/meters.js'),
	render: (_, query) => html`<mw-meters .query=${query}></mw-meters>`,
});
registerPage({
	path: '/integrity',
	title: 'Integrity',
	nav: 'Integrity',
	icon: 'integrity',
	load: () => import('./pages/integrity/integrity.js'),
	render: (_, query) => html`<mw-integrity .query=${query}></mw-integrity>`,
});
registerPage({
	path: '/parked',
	title: 'Parked frames',
	nav: 'Parked',
	icon: 'parked',
	load: () => import('./pages/parked/parked.js'),
	render: (_, query) => html`<mw-parked .query=${query}></mw-parked>`,
});
registerPage({
	path: '/replay',
	title: 'Replay',
	nav: 'Replay',
	icon: 'replay',
	load: () => import('./pages/replay/replay.js'),
	render: (_, query) => html`<mw-replay .query=${query}></mw-replay>`,
});
registerPage({
	path: '/help',
	title: 'Help',
	nav: 'Help',
	icon: 'help',
	load: () => import('./pages/help/help.js'),
	render: () => html`<mw-help></mw-help>`,
});
registerPage({
	path: '/meters/:id',
	title: 'Meter',
	load: () => import('./pages/meter/meter.js'),
	render: ({id}) => html`<mw-meter .meterId=${id}></mw-meter>`,
});
