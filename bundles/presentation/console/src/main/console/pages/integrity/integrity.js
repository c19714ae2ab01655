// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {hrefOf} from '../../core/pages.js';
import {get} from '../../core/rest.js';
import {remember} from '../../core/router.js';
import {dayText, rangeAround, shifted} from '../../core/time.js';
import {icons} from '../../ui/icons.js';
import {Poll} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';

const SPANS = {day: 'Day', week: 'Week', month: 'Month'};
const whole = new Intl.NumberFormat('en');
/** Never "100 %" while something is missing. */
const share = value => (value === null || value === undefined ? '–' : `${(Math.floor(value * 10000) / 100).toFixed(2)} %`);

/** Which of the expected intervals are there, of all meters or of a zone; those that miss most come first. */
export class Integrity extends LitElement {
	static properties = {
		query: {attribute: false},
		span: {state: true},
		date: {state: true},
		zone: {state: true},
		zones: {state: true},
		found: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			.head,
			.tools {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 8px 12px;
			}
			.head {
				margin-bottom: 12px;
			}
			.tools {
				padding: 10px 14px;
				border-bottom: 1px solid var(--mw-border);
			}
			select {
				font: inherit;
				color: inherit;
				background: var(--mw-surface);
				border: 1px solid var(--mw-border-strong);
				border-radius: 5px;
				padding: 4px 8px;
				min-height: 30px;
				max-width: 100%;
			}
			button[aria-pressed='true'] {
				background: var(--mw-accent-weak);
				color: var(--mw-accent);
				font-weight: 600;
			}
			.step {
				display: grid;
				place-items: center;
				width: 34px;
				padding: 0;
			}
			.spans,
			.around {
				display: flex;
				gap: 4px;
				align-items: center;
			}
			.around b {
				min-width: 6.5em;
				text-align: center;
			}
			.figures {
				display: flex;
				flex-wrap: wrap;
				gap: 8px 32px;
				padding: 12px 14px;
				border-bottom: 1px solid var(--mw-border);
			}
			.figures b {
				display: block;
				font-size: 1.375rem;
				line-height: 1.3;
			}
			.warn {
				color: var(--mw-warn);
			}
			.bar {
				width: 30%;
			}
			meter {
				width: 100%;
				min-width: 60px;
				height: 10px;
				vertical-align: middle;
			}
			mw-problem {
				margin: 12px 14px;
			}
			@media (max-width: 640px) {
				th,
				td {
					padding-inline: 8px;
				}
				.bar {
					display: none;
				}
			}
		`,
	];

	#abort;
	#poll = new Poll(this, 15000, () => this.#load());

	constructor() {
		super();
		this.span = 'day';
		this.date = new Date();
		this.zone = '';
		this.zones = [];
	}

	connectedCallback() {
		const given = name => this.query?.get(name) ?? '';
		if (given('span') in SPANS) this.span = given('span');
		const [year, month, day] = given('date').split('-').map(Number);
		if (day) this.date = new Date(year, month - 1, day);
		this.zone = given('zone');
		super.connectedCallback();
		get('/zones').then(
			({items}) => (this.zones = items.map(({zone}) => zone)),
			() => undefined,
		);
	}

	#change(change) {
		Object.assign(this, change);
		this.#abort?.abort();
		this.found = undefined;
		remember(new URLSearchParams(Object.entries({span: this.span, date: dayText(this.date), zone: this.zone}).filter(([, v]) => v)));
		this.#load();
	}

	async #load() {
		const {from, to} = rangeAround(this.date, this.span);
		const now = new Date();
		const end = to > now ? now : to;
		if (from >= end) {
			this.found = {future: true};
			return;
		}
		const abort = (this.#abort = new AbortController());
		try {
			const params = {from: from.toISOString(), to: end.toISOString(), zone: this.zone};
			const found = await get('/integrity', params, {signal: abort.signal});
			if (abort.signal.aborted) return;
			this.found = {...found, now: end < to};
			this.problem = undefined;
		} catch (problem) {
			if (problem.name !== 'AbortError') this.problem = problem;
		}
	}

	render() {
		const zones = [...new Set([...this.zones, ...(this.zone ? [this.zone] : [])])];
		return html`
			<div class="head">
				<h1>Integrity</h1>
				<span class="hint">intervals that are there, of those the meters’ models say must be there</span>
			</div>
			<section class="panel" aria-label="Integrity">
				<div class="tools">
					<div class="spans" role="group" aria-label="Range">
						${Object.entries(SPANS).map(([span, word]) => html`<button aria-pressed=${this.span === span ? 'true' : 'false'}
							@click=${() => this.#change({span})}>${word}</button>`)}
					</div>
					<div class="around">
						<button class="step" aria-label="Earlier" @click=${() => this.#change({date: shifted(this.date, this.span, -1)})}>${icons.earlier}</button>
						<b role="status">${this.#range()}</b>
						<button class="step" aria-label="Later" @click=${() => this.#change({date: shifted(this.date, this.span, 1)})}>${icons.later}</button>
					</div>
					<select aria-label="Zone" @change=${e => this.#change({zone: e.target.value})}>
						<option value="" ?selected=${!this.zone}>All zones</option>
						${zones.map(zone => html`<option value=${zone} ?selected=${zone === this.zone}>${zone}</option>`)}
					</select>
				</div>
				${this.problem ? html`<mw-problem .problem=${this.problem} @retry=${() => this.#load()}></mw-problem>` : nothing}
				${this.found ? this.#shown() : this.problem ? nothing : html`<p class="empty">Asking the gateway…</p>`}
			</section>
		`;
	}

	#range() {
		const {from, to} = rangeAround(this.date, this.span);
		if (this.span === 'day') return dayText(from);
		return `${dayText(from)} to ${dayText(new Date(to.getFullYear(), to.getMonth(), to.getDate() - 1))}`;
	}

	#shown() {
		const {future, expected, present, integrity, meters, now} = this.found;
		if (future) return html`<p class="empty"><strong>Nothing is expected yet</strong>This ${this.span} is still to come.</p>`;
		if (expected === 0) {
			return html`<p class="empty"><strong>Nothing is expected in this ${this.span}</strong>
				Only active meters whose model has billing registers owe intervals.</p>`;
		}
		const missing = expected - present;
		return html`
			<div class="figures">
				<div>Integrity<b class=${missing ? 'warn' : ''}>${share(integrity)}</b></div>
				<div>Expected<b>${whole.format(expected)}</b></div>
				<div>Present<b>${whole.format(present)}</b></div>
				<div>Missing<b class=${missing ? 'warn' : ''}>${whole.format(missing)}</b></div>
				${now ? html`<span class="hint">until now; the newest interval may be on its way</span>` : nothing}
			</div>
			<div class="scroll" tabindex="0" role="region" aria-label="Integrity by meter">
				<table>
					<thead><tr><th>Meter</th><th class="number">Expected</th><th class="number">Missing</th><th class="number">Integrity</th><th class="bar"></th></tr></thead>
					<tbody>${meters.map(one => html`<tr>
						<td><a href=${hrefOf('/meters/' + encodeURIComponent(one.meter))}>${one.meter}</a></td>
						<td class="number">${whole.format(one.expected)}</td>
						<td class="number ${one.present < one.expected ? 'warn' : ''}">${whole.format(one.expected - one.present)}</td>
						<td class="number">${share(one.integrity)}</td>
						<td class="bar"><meter aria-label="Integrity of ${one.meter}" min="0" max="1" low="0.95" high="0.999" optimum="1" .value=${one.integrity}></meter></td>
					</tr>`)}</tbody>
				</table>
			</div>
			${meters.length === 1000 ? html`<p class="hint body">The 1,000 meters that miss most; choose a zone to see others.</p>` : nothing}`;
	}
}
customElements.define('mw-integrity', Integrity);
