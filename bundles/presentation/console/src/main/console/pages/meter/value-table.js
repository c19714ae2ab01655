// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import {askWhy} from './ask-why.js';

const MOST_ROWS = 3000;

/** The values behind the chart, exact, for reading and for screen readers; built only when opened. */
export class ValueTable extends LitElement {
	static properties = {curve: {attribute: false}, quantity: {}, unit: {}, shown: {state: true}};
	static styles = [
		shared,
		css`
			summary {
				padding: 8px 10px;
				cursor: pointer;
				color: var(--mw-text-2);
			}
			.rows {
				max-height: 320px;
				overflow: auto;
			}
			thead th {
				position: sticky;
				top: 0;
				background: var(--mw-surface);
			}
			td,
			th {
				padding: 3px 14px;
			}
			.why {
				min-height: 24px;
				border-color: transparent;
				background: none;
				padding: 0 4px;
				text-decoration: underline dotted;
				text-underline-offset: 3px;
			}
			.gap td {
				color: var(--mw-warn);
			}
		`,
	];

	#value({point, text}) {
		return html`<button class="why" title="Why this number?" aria-label="${text} ${this.unit}, why?" @click=${() => askWhy(this, this.quantity, this.curve, point)}>${text}</button>`;
	}

	render() {
		return html`<details @toggle=${e => (this.shown = e.target.open)}>
			<summary>Values as a table</summary>
			${this.shown ? this.#table() : nothing}
		</details>`;
	}

	#table() {
		const {points, gaps} = this.curve;
		const rows = [
			...points.map(point => ({from: point.start, to: point.end, text: point.text, note: point.quality.join(', '), point})),
			...gaps.map(({from, to, text}) => ({from, to, text: text ?? '–', note: text === null ? 'gap' : 'gap: known in sum only', gap: true})),
		].sort((a, b) => a.from - b.from);
		const iso = ms => new Date(ms).toISOString();
		return html`<div class="rows" tabindex="0" aria-label="Values">
			<table>
				<thead><tr><th>From</th><th>To</th><th class="number">${this.unit}</th><th>Quality</th></tr></thead>
				<tbody>
					${rows.slice(0, MOST_ROWS).map(row => html`<tr class=${row.gap ? 'gap' : ''}>
						<td>${time(iso(row.from))}</td><td>${time(iso(row.to))}</td><td class="number">${row.point ? this.#value(row) : row.text}</td><td>${row.note}</td>
					</tr>`)}
				</tbody>
			</table>
			${rows.length > MOST_ROWS ? html`<p class="hint body">The first ${MOST_ROWS} rows; choose a shorter range to see the others.</p>` : nothing}
		</div>`;
	}
}
customElements.define('mw-value-table', ValueTable);
