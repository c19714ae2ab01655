// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import '@vaadin/grid/vaadin-grid.js';
import '@vaadin/grid/vaadin-grid-sort-column.js';
import '@vaadin/combo-box';
import '@vaadin/select';
import '@vaadin/text-field';
import {columnBodyRenderer} from '@vaadin/grid/lit.js';
import {hrefOf} from '../../core/pages.js';
import {get} from '../../core/rest.js';
import {navigate, remember} from '../../core/router.js';
import {OnReturn, Poll} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import '../../ui/problem.js';
import '../../ui/status.js';
import {PAGE, Pager} from './pager.js';
import './import-dialog.js';

const STATES = [
	{label: 'Any state', value: ''},
	{label: 'Planned', value: 'planned'},
	{label: 'Active', value: 'active'},
	{label: 'Retired', value: 'retired'},
];
const SEARCH_PAUSE_MILLISECONDS = 250;
const narrow = window.matchMedia('(max-width: 640px)');
const medium = window.matchMedia('(max-width: 1000px)');
const count = new Intl.NumberFormat('en');

/** All meters: search, filter, sort, open. The filters stand in the address, so a link shows the same list. */
export class Meters extends LitElement {
	static properties = {
		query: {attribute: false},
		filter: {state: true},
		total: {state: true},
		problem: {state: true},
		importing: {state: true},
		zones: {state: true},
	};
	static styles = [
		shared,
		css`
			:host {
				display: flex;
				flex-direction: column;
				height: calc(100dvh - 48px - 32px);
				min-height: 420px;
			}
			.head {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 8px 12px;
				margin-bottom: 12px;
			}
			.head .hint {
				flex: 1;
			}
			.filters {
				display: flex;
				flex-wrap: wrap;
				align-items: end;
				gap: 10px;
				padding: 10px 14px;
				border-bottom: 1px solid var(--mw-border);
			}
			vaadin-combo-box,
			vaadin-select {
				width: 170px;
			}
			vaadin-combo-box {
				--vaadin-combo-box-overlay-width: 260px;
			}
			/* The field draws the ring. */
			vaadin-combo-box input:focus-visible,
			vaadin-text-field input:focus-visible {
				outline: none;
			}
			.search {
				flex: 1 1 200px;
				max-width: 380px;
			}
			.panel {
				display: flex;
				flex-direction: column;
				flex: 1;
				min-height: 0;
			}
			vaadin-grid {
				flex: 1;
				border: 0;
				min-height: 0;
				border-radius: 0 0 var(--mw-radius) var(--mw-radius);
				cursor: pointer;
			}
			vaadin-grid-cell-content small {
				display: block;
				color: var(--mw-text-2);
			}
			@media (max-width: 640px) {
				:host {
					height: calc(100dvh - 48px - 84px);
				}
				.filters {
					padding: 8px 10px;
				}
				.search {
					flex-basis: 100%;
					max-width: none;
				}
				vaadin-combo-box,
				vaadin-select {
					flex: 1 1 120px;
					width: auto;
				}
			}
		`,
	];

	#timer;
	#pager;
	#sorted = false;
	/** Page by number, as the grid has it: brought up to date in place while people look. */
	#shown = new Map();
	#resize = () => this.requestUpdate();
	#back = new OnReturn(this, () => this.problem && this.#change({}));
	#poll = new Poll(this, 5000, () => this.#refresh());
	#rows = ({page, sortOrders}, callback) => this.#load(page, sortOrders, callback);

	constructor() {
		super();
		this.filter = {search: '', zone: '', state: '', sort: 'id'};
		this.zones = [];
	}

	connectedCallback() {
		super.connectedCallback();
		for (const name of Object.keys(this.filter)) {
			const given = this.query?.get(name);
			if (given) this.filter[name] = given;
		}
		for (const width of [narrow, medium]) width.addEventListener('change', this.#resize);
		this.#fetchZones();
	}

	disconnectedCallback() {
		for (const width of [narrow, medium]) width.removeEventListener('change', this.#resize);
		clearTimeout(this.#timer);
		this.#pager?.close();
		super.disconnectedCallback();
	}

	async #load(page, sortOrders, callback) {
		const sort = this.#sortOf(sortOrders);
		if (!this.#pager || sort !== this.filter.sort) this.#restart({sort});
		const pager = this.#pager;
		try {
			const {items, size} = await pager.page(page);
			if (pager !== this.#pager) return;
			this.total = pager.total;
			this.problem = undefined;
			this.#shown.set(page, items);
			callback(items, size);
		} catch (problem) {
			if (problem.name === 'AbortError' || pager !== this.#pager) return;
			this.problem = problem;
			callback([], page * PAGE);
		}
	}

	async #fetchZones() {
		try {
			this.zones = (await get('/zones')).items;
		} catch {
			// The list is of use without it.
		}
	}

	/** State, connection and "last seen" of what is on the screen; other meters than before: the list anew. */
	async #refresh() {
		const grid = this.renderRoot.querySelector('vaadin-grid');
		const pager = this.#pager;
		if (!pager || this.problem || this.importing) return;
		const first = Math.floor((grid._firstVisibleIndex ?? 0) / PAGE);
		const last = Math.floor((grid._lastVisibleIndex ?? first * PAGE) / PAGE);
		for (let page = first; page <= last; page++) {
			const had = this.#shown.get(page);
			if (!had) continue;
			try {
				const {items} = await pager.page(page);
				if (pager !== this.#pager) return;
				const same = items.length === had.length && items.every((item, i) => item.id === had[i].id);
				if (!same && first === 0) return this.#change({});
				const byId = new Map(items.map(item => [item.id, item]));
				for (const item of had) Object.assign(item, byId.get(item.id));
			} catch {
				// The line above the page says it when the gateway is gone; the next round tries again.
				return;
			}
		}
		this.total = pager.total;
		grid.requestContentUpdate();
	}

	/** Before the grid's columns are set up it knows no order; afterwards none means the usual one. */
	#sortOf([order]) {
		if (!order?.path || !order.direction) return this.#sorted ? 'id' : this.filter.sort;
		this.#sorted = true;
		return (order.direction === 'desc' ? '-' : '') + order.path;
	}

	/** Other filters: forget the pages and the cursors. */
	#restart(change) {
		this.#pager?.close();
		this.#shown.clear();
		this.filter = {...this.filter, ...change};
		const {search, zone, state, sort} = this.filter;
		this.#pager = new Pager({search, zone, state, sort});
		const query = new URLSearchParams(Object.entries(this.filter).filter(([name, v]) => v && !(name === 'sort' && v === 'id')));
		remember(query);
	}

	#change(change) {
		clearTimeout(this.#timer);
		this.#restart(change);
		this.renderRoot.querySelector('vaadin-grid').clearCache();
	}

	#typed(name, event) {
		const value = event.target.value.trim();
		clearTimeout(this.#timer);
		if (value === this.filter[name]) return;
		this.#timer = setTimeout(() => this.#change({[name]: value}), SEARCH_PAUSE_MILLISECONDS);
	}

	#open(meter) {
		navigate(hrefOf('/meters/' + encodeURIComponent(meter.id)));
	}

	#activated = event => {
		const meter = event.detail.value;
		if (meter) this.#open(meter);
	};

	#key = event => {
		if (event.key !== 'Enter' || event.defaultPrevented) return;
		const {item, section} = event.currentTarget.getEventContext(event);
		if (section === 'body' && item) this.#open(item);
	};

	render() {
		const {filter} = this;
		const direction = path => (filter.sort === path ? 'asc' : filter.sort === '-' + path ? 'desc' : nothing);
		const column = (path, header, render, {hidden = false, width = '120px', grow = 1} = {}) => html`
			<vaadin-grid-sort-column path=${path} header=${header} direction=${direction(path)} width=${width} flex-grow=${grow}
				?hidden=${hidden} resizable ${columnBodyRenderer(render, [])}></vaadin-grid-sort-column>`;
		return html`
			<div class="head">
				<h1>Meters</h1>
				<span class="hint" role="status">${this.#found()}</span>
				<button @click=${() => (this.importing = true)}>Import CSV…</button>
			</div>
			<section class="panel" aria-label="Meters">
				<div class="filters">
					<vaadin-text-field class="search" label="Search" placeholder="Part of id, serial, vendor, model, zone" clear-button-visible
						.value=${filter.search} @input=${e => this.#typed('search', e)} @change=${e => this.#typed('search', e)}></vaadin-text-field>
					<vaadin-select label="State" placeholder="Any state" .items=${STATES} .value=${filter.state}
						@change=${e => this.#change({state: e.target.value})}></vaadin-select>
					<vaadin-combo-box label="Zone" placeholder="Any zone" clear-button-visible .items=${this.#zones()} .value=${filter.zone}
						@change=${e => this.#change({zone: e.target.value})}></vaadin-combo-box>
				</div>
				${this.problem
					? html`<mw-problem .problem=${this.problem} @retry=${() => this.#change({})}></mw-problem>`
					: nothing}
				<vaadin-grid accessible-name="Meters" theme="no-border row-hover" .pageSize=${PAGE} .dataProvider=${this.#rows}
					@active-item-changed=${this.#activated} @keydown=${this.#key}>
					${column('id', 'Meter', meter => this.#identity(meter), {width: '150px', grow: 2})}
					${column('serial', 'Serial', meter => meter.serial || '–', {hidden: medium.matches})}
					${column('vendor', 'Vendor', meter => meter.vendor || '–', {hidden: medium.matches})}
					${column('model', 'Model', meter => meter.model || '–', {hidden: medium.matches})}
					${column('zone', 'Zone', meter => meter.zone || '–', {hidden: narrow.matches, width: '100px'})}
					${column('state', 'State', meter => html`<mw-status .state=${meter.state}></mw-status>`, {hidden: narrow.matches, width: '110px'})}
					<vaadin-grid-column header="Connection" width="140px" flex-grow="1" resizable
						${columnBodyRenderer(meter => html`<mw-status .state=${meter.connection?.state ?? 'never'}></mw-status>`, [])}></vaadin-grid-column>
					${column('lastSeen', 'Last seen', meter => (meter.connection?.lastSeen ? time(meter.connection.lastSeen, {short: true}) : '–'), {width: '165px', hidden: narrow.matches})}
					<div slot="empty-state" class="empty">${this.problem ? nothing : this.#empty()}</div>
				</vaadin-grid>
			</section>
			<mw-import ?open=${this.importing} @closed=${() => (this.importing = false)} @imported=${() => (this.#change({}), this.#fetchZones())}></mw-import>
		`;
	}

	#identity(meter) {
		const sub = narrow.matches ? [meter.vendor, meter.zone].filter(Boolean).join(' · ') : '';
		return html`<a href=${hrefOf('/meters/' + encodeURIComponent(meter.id))} tabindex="-1">${meter.id}</a>
			${sub ? html`<small>${sub}</small>` : nothing}`;
	}

	#zones() {
		const all = this.zones.map(({zone, meters}) => ({value: zone, label: `${zone} (${count.format(meters)})`}));
		const {zone} = this.filter;
		return !zone || all.some(({value}) => value === zone) ? all : [{value: zone, label: zone}, ...all];
	}

	#filtered() {
		return Boolean(this.filter.search || this.filter.zone || this.filter.state);
	}

	#found() {
		if (this.total === undefined) return '';
		return `${count.format(this.total)} ${this.total === 1 ? 'meter' : 'meters'}${this.#filtered() ? ' found' : ''}`;
	}

	#empty() {
		if (this.total === undefined) return 'Asking the gateway…';
		if (this.#filtered()) {
			return html`<strong>No meter matches</strong>
				<button class="small" @click=${() => this.#change({search: '', zone: '', state: ''})}>Clear the filters</button>`;
		}
		return html`<strong>No meters yet</strong>
			Import a list of meters, or let meters register: they appear here.
			<p><button class="small" @click=${() => (this.importing = true)}>Import CSV…</button></p>`;
	}
}
customElements.define('mw-meters', Meters);
