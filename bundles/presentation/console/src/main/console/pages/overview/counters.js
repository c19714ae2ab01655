// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {hrefOf} from '../../core/pages.js';
import {live} from '../../core/live.js';
import {shared} from '../../ui/styles.js';
import '../../ui/trend.js';

const grouped = new Intl.NumberFormat('en', {useGrouping: true});
const rate = new Intl.NumberFormat('en', {maximumFractionDigits: 1, minimumFractionDigits: 1});

/** The trend grows until it spans this much. */
const MOST_SECONDS = 175;

const whole = value => (typeof value === 'number' ? grouped.format(value) : '–');

/** The figures that move. */
export class Counters extends LitElement {
	static properties = {health: {attribute: false}};
	static styles = [
		shared,
		css`
			:host {
				display: grid;
				grid-template-columns: repeat(4, minmax(0, 1fr)) minmax(0, 2fr);
				gap: 14px;
			}
			.tile {
				padding: 10px 14px 11px;
			}
			h2 {
				font-size: 0.8125rem;
				font-weight: 500;
				color: var(--mw-text-2);
			}
			.value {
				font-size: 1.625rem;
				font-weight: 600;
				line-height: 1.25;
				letter-spacing: -0.01em;
			}
			.value small {
				font-size: 0.875rem;
				font-weight: 400;
				color: var(--mw-text-2);
				letter-spacing: 0;
			}
			.bad {
				color: var(--mw-bad);
			}
			.rate {
				display: grid;
				grid-template-columns: max-content minmax(0, 1fr);
				gap: 0 18px;
				align-items: end;
			}
			@media (max-width: 1100px) {
				:host {
					grid-template-columns: repeat(4, minmax(0, 1fr));
				}
				.rate {
					grid-column: 1 / -1;
				}
			}
			@media (max-width: 640px) {
				:host {
					grid-template-columns: repeat(2, minmax(0, 1fr));
					gap: 8px;
				}
				.value {
					font-size: 1.375rem;
				}
			}
		`,
	];

	render() {
		const {meters, readings} = this.health ?? {};
		const {history} = live;
		const seconds = Math.min(MOST_SECONDS, Math.max(20, ((history.at(-1)?.time ?? 0) - (history[0]?.time ?? 0)) / 1000));
		const waiting = (readings?.accepted ?? 0) - (readings?.durable ?? 0);
		return html`
			${this.#tile(
				'meters',
				'Meters registered',
				html`${whole(meters?.registered)} <small>of <a href=${hrefOf('/meters')}>${whole(meters?.total)}</a></small>`,
				meters?.asleep ? `${whole(meters.asleep)} asleep` : 'connected right now',
			)}
			${this.#tile(
				'accepted',
				'Readings accepted',
				whole(readings?.accepted),
				readings?.duplicates ? `${whole(readings.duplicates)} received twice, kept once` : 'answered positively',
			)}
			${this.#tile(
				'durable',
				'Readings durable',
				whole(readings?.durable),
				waiting > 0 ? `${whole(waiting)} being written` : 'all accepted are on disk',
			)}
			${this.#tile(
				'rejected',
				'Readings rejected',
				html`<span class=${readings?.rejected ? 'bad' : ''}>${whole(readings?.rejected)}</span>`,
				readings?.rejected ? 'refused with an error' : 'none refused',
			)}
			<section class="panel tile rate" data-counter="rate">
				<div>
					<h2>Readings per second</h2>
					<p class="value">${typeof readings?.perSecond === 'number' ? rate.format(readings.perSecond) : '–'}</p>
					<p class="hint">${seconds < MOST_SECONDS ? 'since this page was opened' : 'last three minutes'}</p>
				</div>
				<mw-trend .seconds=${seconds}
					.points=${live.history.map(({time, stats}) => ({time, value: stats.readings?.perSecond ?? 0}))}
				></mw-trend>
			</section>
		`;
	}

	#tile(key, title, value, hint) {
		return html`<section class="panel tile" data-counter=${key}>
			<h2>${title}</h2>
			<p class="value">${value}</p>
			<p class="hint">${this.health ? hint : nothing}</p>
		</section>`;
	}
}
customElements.define('mw-counters', Counters);
