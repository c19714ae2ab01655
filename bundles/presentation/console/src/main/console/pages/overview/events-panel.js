// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {hrefOf} from '../../core/pages.js';
import {get} from '../../core/rest.js';
import {live} from '../../core/live.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import '../../ui/problem.js';
import '../../ui/status.js';

const KEPT = 200;
const FILTERS = [
	['', 'All'],
	['warning', 'Warnings and alarms'],
	['alarm', 'Alarms'],
];
const RANK = {info: 0, warning: 1, alarm: 2};

/** What happened lately: the list once, then what the live stream says. */
export class Events extends LitElement {
	static properties = {
		events: {state: true},
		least: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			ol {
				list-style: none;
				margin: 0;
				padding: 0;
				max-height: min(560px, 70vh);
				overflow-y: auto;
				display: grid;
				grid-template-columns: max-content max-content minmax(0, 1fr);
			}
			li {
				display: grid;
				grid-column: 1 / -1;
				grid-template-columns: subgrid;
				gap: 2px 12px;
				padding: 6px 14px;
				border-bottom: 1px solid var(--mw-border);
				align-items: baseline;
			}
			li:last-child {
				border-bottom: 0;
			}
			time {
				color: var(--mw-text-2);
				white-space: nowrap;
			}
			li > span {
				overflow-wrap: anywhere;
			}
			li a {
				text-decoration: underline;
			}
			mw-status {
				justify-self: start;
			}
			.filters {
				display: flex;
				gap: 0;
				border: 0;
				margin: 0;
				padding: 0;
			}
			label {
				display: inline-flex;
				align-items: center;
				gap: 5px;
				padding: 2px 8px;
				font-size: 0.8125rem;
				cursor: pointer;
			}
			input {
				accent-color: var(--mw-accent);
				margin: 0;
			}
			@media (max-width: 640px) {
				li > span {
					grid-column: 1 / -1;
				}
			}
		`,
	];

	#event = ({detail}) => this.#merge([detail]);
	#state = ({detail}) => detail === 'open' && this.#load();

	constructor() {
		super();
		this.least = '';
	}

	connectedCallback() {
		super.connectedCallback();
		live.addEventListener('event', this.#event);
		// What happened while the line was down is in the list.
		live.addEventListener('state', this.#state);
		this.#load();
	}

	disconnectedCallback() {
		live.removeEventListener('event', this.#event);
		live.removeEventListener('state', this.#state);
		super.disconnectedCallback();
	}

	async #load() {
		try {
			const {items} = await get('/events', {limit: 100});
			this.#merge(items);
			this.problem = undefined;
		} catch (problem) {
			this.problem = problem;
		}
	}

	/** An event comes once, however often it is heard of; a restarted gateway may count anew, so the time decides too. */
	#merge(more) {
		const known = new Map((this.events ?? []).map(event => [event.id + event.time, event]));
		for (const event of more) known.set(event.id + event.time, event);
		this.events = [...known.values()]
			.sort((a, b) => Date.parse(b.time) - Date.parse(a.time) || b.id - a.id)
			.slice(0, KEPT);
	}

	render() {
		const shown = (this.events ?? []).filter(event => (RANK[event.severity] ?? 0) >= (RANK[this.least] ?? 0));
		return html`<section class="panel">
			<header>
				<h2 id="title">Events</h2>
				<span class="hint">newest first</span>
				<fieldset class="filters">
					<legend class="visually-hidden">Which events to show</legend>
					${FILTERS.map(
						([value, text]) => html`<label>
							<input type="radio" name="least" .checked=${this.least === value} @change=${() => (this.least = value)} />${text}
						</label>`,
					)}
				</fieldset>
			</header>
			${this.problem && !this.events?.length
				? html`<mw-problem .problem=${this.problem} @retry=${() => this.#load()}></mw-problem>`
				: this.#list(shown)}
		</section>`;
	}

	#list(shown) {
		if (!this.events) return html`<p class="empty">Asking the gateway…</p>`;
		if (shown.length === 0) {
			return html`<p class="empty">
				${this.events.length === 0
					? html`<strong>Nothing has happened yet</strong>Events appear here as soon as a meter registers.`
					: html`<strong>No event of that kind</strong>Choose “All” to see the others.`}
			</p>`;
		}
		return html`<ol tabindex="0" aria-labelledby="title">
			${repeat(
				shown,
				event => event.id + event.time,
				event => html`<li>
					${time(event.time, {short: true})}
					<mw-status .state=${event.severity}></mw-status>
					<span>
						${event.meter ? html`<a href=${hrefOf('/meters/' + encodeURIComponent(event.meter))}>${event.meter}</a>: ` : nothing}
						${event.text}
					</span>
				</li>`,
			)}
		</ol>`;
	}
}
customElements.define('mw-events', Events);
