// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {duration} from '../../core/time.js';
import {digits, digitStyles} from '../../ui/digits.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';

/** The latest value of each quantity, exactly as the gateway gives it. */
export class Registers extends LitElement {
	static properties = {registers: {attribute: false}};
	static styles = [
		shared,
		digitStyles,
		css`
			.flags {
				color: var(--mw-warn);
			}
			.why {
				min-height: 24px;
				border-color: transparent;
				background: none;
				padding: 0 4px;
			}
			td small {
				display: block;
			}
			small.when {
				display: none;
			}
			@media (max-width: 640px) {
				th,
				td {
					padding-inline: 8px;
				}
				th.when,
				td.when {
					display: none;
				}
				small.when {
					display: block;
				}
			}
		`,
	];

	render() {
		return html`<section class="panel">
			<header><h2 id="title">Registers</h2><span class="hint">latest values</span></header>
			${this.registers?.length ? this.#table() : html`<p class="empty"><strong>No readings yet</strong>
				Values appear when the meter sends its first readings. Is it registered?</p>`}
		</section>`;
	}

	#why(quantity, start, interval) {
		this.dispatchEvent(new CustomEvent('trace', {detail: [{quantity, start, interval, label: ''}], bubbles: true, composed: true}));
	}

	#table() {
		return html`<div class="scroll" tabindex="0" aria-label="Registers">
			<table>
				<thead><tr><th>Quantity</th><th class="number">Value</th><th>Unit</th><th class="when">Time</th></tr></thead>
				<tbody>
					${this.registers.map(({quantity, name, unit, value, time: at, intervalSeconds, quality = []}) => {
						const flags = quality.filter(flag => flag !== 'measured');
						return html`<tr>
							<td>
								${name || quantity}
								<small class="hint"><span class="mono">${name && name !== quantity ? quantity + ' ' : nothing}</span>${kindOf(intervalSeconds)}</small>
								<small class="hint when">${time(at)}</small>
							</td>
							<td class="number"><button class="why" title="Why this number?" aria-label="${value} ${unit}, why?" @click=${() => this.#why(quantity, at, intervalSeconds)}><b>${digits(value)}</b></button>${flags.length ? html`<small class="flags">${flags.join(', ')}</small>` : nothing}</td>
							<td>${unit === '1' ? '' : unit}</td>
							<td class="when">${time(at)}</td>
						</tr>`;
					})}
				</tbody>
			</table>
		</div>`;
	}
}
/** Tells the values on the register's grid from those read in between. */
const kindOf = seconds => (seconds === undefined ? '' : seconds > 0 ? `every ${duration(seconds)}` : 'as last reported');

customElements.define('mw-registers', Registers);
