// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import '@vaadin/date-picker';
import '@vaadin/select';
import {pages} from '../../core/rest.js';
import {dayText, duration, localTime, rangeAround, shifted} from '../../core/time.js';
import {OnReturn} from '../../ui/poll.js';
import {icons} from '../../ui/icons.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';
import {askWhy} from './ask-why.js';
import {curveOf, isCumulated} from './curve.js';
import './value-table.js';

// The chart's code is the largest of all: the page need not wait for it.
import('./chart.js');

const SPANS = {day: 'Day', week: 'Week', month: 'Month'};
/** A month of minutes. */
const MOST = 45000;
const MONTHS = new Intl.DateTimeFormat('en', {month: 'long', year: 'numeric'});
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const WORDS = {
	firstDayOfWeek: 1,
	formatDate: ({year, month, day}) => dayText(new Date(year, month, day)),
	parseDate: text => {
		const found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
		return found ? {year: Number(found[1]), month: Number(found[2]) - 1, day: Number(found[3])} : undefined;
	},
};

/** The load curve of one quantity over a day, a week or a month. */
export class LoadCurve extends LitElement {
	static properties = {
		meterId: {},
		/** @type {{quantity: string, name: string, unit: string, time: string}[]} */
		registers: {attribute: false},
		quantity: {state: true},
		span: {state: true},
		date: {state: true},
		curve: {state: true},
		complete: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			.tools {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 8px 10px;
				padding: 10px 14px 0;
			}
			.quantity {
				width: 300px;
			}
			vaadin-date-picker {
				width: 148px;
			}
			fieldset {
				display: flex;
				border: 1px solid var(--mw-border-strong);
				border-radius: 5px;
				padding: 0;
				margin: 0;
				overflow: hidden;
			}
			label {
				cursor: pointer;
			}
			label span {
				display: block;
				padding: 4px 12px;
				line-height: 20px;
			}
			label + label span {
				border-left: 1px solid var(--mw-border-strong);
			}
			label input {
				position: absolute;
				opacity: 0;
				pointer-events: none;
			}
			input:checked + span {
				background: var(--mw-accent-weak);
				color: var(--mw-accent);
				font-weight: 600;
			}
			input:focus-visible + span {
				outline: 2px solid var(--mw-accent);
				outline-offset: -3px;
			}
			.step {
				display: grid;
				place-items: center;
				width: 34px;
				padding: 0;
			}
			.around {
				display: flex;
				gap: 4px;
				align-items: center;
			}
			.figures {
				display: flex;
				flex-wrap: wrap;
				gap: 4px 22px;
				padding: 10px 14px 0;
				min-height: 31px;
			}
			.warn {
				color: var(--mw-warn);
			}
			.place {
				min-height: 320px;
				padding: 0 4px;
			}
			.place > .empty {
				padding-top: 110px;
			}
			@media (max-width: 640px) {
				.quantity {
					width: 100%;
				}
				.place {
					min-height: 270px;
				}
			}
		`,
	];

	#abort = new AbortController();
	#asked;
	#back = new OnReturn(this, () => this.problem && this.load());

	constructor() {
		super();
		this.span = 'day';
		/** Until the person chooses a date, the newest reading's day is shown. */
		this.follow = true;
	}

	disconnectedCallback() {
		this.#abort.abort();
		super.disconnectedCallback();
	}

	willUpdate(changed) {
		const known = (this.registers ?? []).some(register => register.quantity === this.quantity);
		if (!known && this.registers?.length) {
			this.quantity = (this.registers.find(({quantity}) => isCumulated(quantity)) ?? this.registers[0]).quantity;
		}
		if (!this.quantity) return;
		const newest = this.#newest();
		if (this.follow && newest && dayText(new Date(newest)) !== (this.date && dayText(this.date))) this.date = new Date(newest);
		this.date ??= new Date();
		const chosen = ['meterId', 'quantity', 'span', 'date'].some(name => changed.has(name)) || !this.#asked;
		// A register's newest reading is in range: draw it, as it came.
		const {from, to} = rangeAround(this.date, this.span);
		const more = newest !== this.#asked && newest && Date.parse(newest) >= from && Date.parse(newest) <= to;
		if (!chosen && !more) return;
		if (changed.has('quantity') || changed.has('meterId')) this.curve = undefined;
		this.#asked = newest ?? 'nothing';
		this.load();
	}

	/** When the quantity was read last; on its grid, if it has one. */
	#newest() {
		const own = this.registers.filter(({quantity}) => quantity === this.quantity);
		const grid = own.filter(({intervalSeconds}) => intervalSeconds > 0);
		return (grid.length ? grid : own).map(({time}) => time).sort((a, b) => Date.parse(b) - Date.parse(a))[0];
	}

	#go(date) {
		this.follow = false;
		this.date = date;
	}

	/** Fetches the readings of the range; the next value after it too, a register's last consumption needs it. */
	async load() {
		this.#abort.abort();
		const abort = (this.#abort = new AbortController());
		const {from, to} = rangeAround(this.date, this.span);
		try {
			const {items, complete} = await pages(
				'/readings',
				{
					meter: this.meterId,
					quantity: this.quantity,
					from: from.toISOString(),
					to: new Date(to.getTime() + (isCumulated(this.quantity) ? 1 : 0)).toISOString(),
					limit: 1000,
				},
				MOST,
				{signal: abort.signal},
			);
			this.curve = {...curveOf(this.quantity, items), from, to};
			this.complete = complete;
			this.problem = undefined;
		} catch (problem) {
			if (problem.name !== 'AbortError') this.problem = problem;
		}
	}

	render() {
		return html`<section class="panel">
			<header><h2>Load curve</h2><span class="hint">Ctrl + wheel, pinch or the slider zooms, dragging moves; a click tells where a value comes from; gaps stay gaps; times of ${ZONE}</span></header>
			${this.registers?.length ? this.#filled() : html`<p class="empty"><strong>No readings yet</strong>
				The load curve appears when the meter has sent its first readings.</p>`}
		</section>`;
	}

	#filled() {
		const quantities = [...new Map(this.registers.map(r => [r.quantity, {value: r.quantity, label: `${r.name || r.quantity} (${r.quantity})`}])).values()];
		return html`
			<div class="tools">
				<vaadin-select class="quantity" accessible-name="Quantity" .items=${quantities} .value=${this.quantity}
					@change=${e => (this.quantity = e.target.value)}></vaadin-select>
				<fieldset>
					<legend class="visually-hidden">Range</legend>
					${Object.entries(SPANS).map(([span, word]) => html`<label>
						<input type="radio" name="span" value=${span} .checked=${this.span === span} @change=${() => (this.span = span)} /><span>${word}</span>
					</label>`)}
				</fieldset>
				<div class="around">
					<button class="step" aria-label="Earlier" @click=${() => this.#go(shifted(this.date, this.span, -1))}>${icons.earlier}</button>
					<vaadin-date-picker accessible-name="Date" .i18n=${WORDS} .value=${dayText(this.date)}
						@change=${this.#picked}></vaadin-date-picker>
					<button class="step" aria-label="Later" @click=${() => this.#go(shifted(this.date, this.span, 1))}>${icons.later}</button>
				</div>
				<div class="around">
					<button class="step" aria-label="Zoom out" title="Zoom out" ?disabled=${!this.curve?.points.length} @click=${() => this.#zoom(2)}>${icons.minus}</button>
					<button class="step" aria-label="Zoom in" title="Zoom in" ?disabled=${!this.curve?.points.length} @click=${() => this.#zoom(0.5)}>${icons.plus}</button>
				</div>
			</div>
			${this.problem
				? html`<mw-problem .problem=${this.problem} @retry=${() => this.load()}></mw-problem>`
				: html`<div class="figures" role="status">${this.curve ? this.#figures() : 'Asking the gateway…'}</div>`}
			<div class="place">${this.curve ? this.#chart() : nothing}</div>
		`;
	}

	#picked = event => {
		const [year, month, day] = event.target.value.split('-').map(Number);
		if (day) this.#go(new Date(year, month - 1, day));
	};

	#zoom(factor) {
		this.renderRoot.querySelector('mw-chart')?.zoom?.(factor);
	}

	get #unit() {
		return this.registers.find(({quantity}) => quantity === this.quantity)?.unit ?? '';
	}

	#figures() {
		const {points, gaps, total, intervalSeconds, backwards, from, to} = this.curve;
		const missing = gaps.reduce((n, gap) => n + Math.round((gap.to - gap.from) / (intervalSeconds * 1000)), 0);
		const what = isCumulated(this.quantity) ? 'Consumption' : 'Sum';
		return html`
			<b>${this.#range(from, to)}</b>
			${total === null ? nothing : html`<span>${what}: <b>${total} ${this.#unit}</b></span>`}
			${points.length ? html`<span class="hint">${points.length} ${intervalSeconds ? `intervals of ${duration(intervalSeconds)}` : 'momentary values'}</span>` : nothing}
			${missing ? html`<span class="warn">${missing} ${missing === 1 ? 'interval' : 'intervals'} missing in ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}</span>` : nothing}
			${backwards ? html`<span class="warn">the register went back ${backwards} ${backwards === 1 ? 'time' : 'times'}</span>` : nothing}
			${this.complete ? nothing : html`<span class="warn">only the first ${MOST} readings are shown; choose a shorter range</span>`}
		`;
	}

	#range(from, to) {
		if (this.span === 'month') return MONTHS.format(from);
		const last = new Date(to.getFullYear(), to.getMonth(), to.getDate() - 1);
		return this.span === 'week' ? `${dayText(from)} to ${dayText(last)}` : dayText(from);
	}

	#chart() {
		const {points, from, to} = this.curve;
		if (points.length === 0) return html`<p class="empty"><strong>No readings in this ${this.span}</strong>${this.#latest()}</p>`;
		const label = `Load curve of ${this.quantity}, ${points.length} values from ${localTime(points[0].start)} to ${localTime(points.at(-1).end)}`;
		return html`
			<mw-chart .curve=${this.curve} @picked=${e => askWhy(this, this.quantity, this.curve, e.detail)} .from=${from} .to=${to} .unit=${this.#unit} .label=${label}></mw-chart>
			<mw-value-table .curve=${this.curve} .quantity=${this.quantity} .unit=${this.#unit}></mw-value-table>`;
	}

	#latest() {
		const latest = this.#newest();
		if (!latest) return 'Choose another date.';
		return html`The latest reading is of ${localTime(latest)}.
			<button class="small" @click=${() => this.#go(new Date(latest))}>Go there</button>`;
	}
}
customElements.define('mw-load-curve', LoadCurve);
