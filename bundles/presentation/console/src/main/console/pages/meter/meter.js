// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {hrefOf} from '../../core/pages.js';
import {get} from '../../core/rest.js';
import {OnReturn, Poll} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';
import '../../ui/status.js';
import './identity.js';
import './registers.js';
import './load-curve.js';
import './objects.js';
import './trace-dialog.js';
import '../parked/parked-list.js';

/** One meter: who it is, what it read, what it holds. */
export class MeterPage extends LitElement {
	static properties = {
		meterId: {},
		meter: {state: true},
		registers: {state: true},
		problem: {state: true},
		traced: {state: true},
	};
	static styles = [
		shared,
		css`
			.head {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 4px 12px;
				margin-bottom: 12px;
			}
			h1 {
				overflow-wrap: anywhere;
			}
			.columns {
				display: grid;
				grid-template-columns: minmax(300px, 4fr) minmax(0, 7fr);
				gap: 14px;
				align-items: start;
			}
			mw-load-curve,
			mw-parked-list,
			mw-objects {
				margin-top: 14px;
			}
			mw-problem {
				margin: 0 0 12px;
			}
			@media (max-width: 900px) {
				.columns {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	#poll = new Poll(this, 5000, () => this.#load());
	#back = new OnReturn(this, () => this.problem && this.#poll.now());

	willUpdate(changed) {
		if (changed.get('meterId') !== undefined) {
			this.meter = this.registers = this.problem = undefined;
			this.#poll.now();
		}
	}

	async #load() {
		const id = this.meterId;
		// Asking again does not bring a meter that is not there; "Try again" does, when it was imported meanwhile.
		if (this.problem?.status === 404) return;
		const path = '/meters/' + encodeURIComponent(id);
		try {
			const [meter, registers] = await Promise.all([get(path), get(path + '/registers')]);
			if (id !== this.meterId) return;
			this.meter = meter;
			this.registers = registers.items;
			this.problem = undefined;
		} catch (problem) {
			if (id === this.meterId) this.problem = problem;
		}
	}

	/** Somebody asks why a value is what it is. */
	#trace = event => (this.traced = event.detail);

	#again = () => {
		this.problem = undefined;
		this.#poll.now();
	};

	render() {
		const {meter, problem} = this;
		return html`
			<div class="head">
				<a href=${hrefOf('/meters')}>Meters</a><span aria-hidden="true">›</span>
				<h1>${this.meterId}</h1>
				${meter
					? html`<mw-status .state=${meter.connection?.state ?? 'never'}></mw-status>
							${meter.state === 'active' ? nothing : html`<mw-status .state=${meter.state}></mw-status>`}`
					: nothing}
			</div>
			${problem && problem.status !== 404 ? html`<mw-problem .problem=${problem} @retry=${this.#again}></mw-problem>` : nothing}
			${problem?.status === 404
				? this.#unknown()
				: meter
				? html`
						<div class="columns" @trace=${this.#trace}>
							<mw-identity .meter=${meter}></mw-identity>
							<mw-registers .registers=${this.registers}></mw-registers>
						</div>
						<mw-load-curve .meterId=${this.meterId} .registers=${this.registers} @trace=${this.#trace}></mw-load-curve>
						<mw-objects .meterId=${this.meterId} .connection=${meter.connection?.state ?? 'never'}></mw-objects>
						<mw-parked-list quiet .meterId=${this.meterId}></mw-parked-list>
						<mw-trace-dialog .meterId=${this.meterId} .places=${this.traced} @closed=${() => (this.traced = undefined)}></mw-trace-dialog>
					`
					: problem
						? nothing
						: html`<p class="empty">Asking the gateway…</p>`}
		`;
	}

	#unknown() {
		return html`<section class="panel empty" role="alert">
			<strong>There is no meter “${this.meterId}”</strong>
			It may have been removed, or its name is mistyped.
			<p>
				<a href=${hrefOf('/meters?search=' + encodeURIComponent(this.meterId))}>Search for it</a> ·
				<a href=${hrefOf('/meters')}>All meters</a> ·
				<button class="small" @click=${this.#again}>Try again</button>
			</p>
		</section>`;
	}
}
customElements.define('mw-meter', MeterPage);
