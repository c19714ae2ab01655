// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {get} from '../../core/rest.js';
import {live} from '../../core/live.js';
import {OnReturn, Poll} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';
import './counters.js';
import './status-panel.js';
import './events-panel.js';

/** How the gateway is doing, at a glance. */
export class Overview extends LitElement {
	static properties = {health: {state: true}, problem: {state: true}};
	static styles = [
		shared,
		css`
			h1 {
				margin-bottom: 12px;
			}
			.columns {
				display: grid;
				grid-template-columns: minmax(320px, 5fr) minmax(0, 7fr);
				gap: 14px;
				margin-top: 14px;
				align-items: start;
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
	#back = new OnReturn(this, () => this.#poll.now());
	#stats = event => {
		this.health = {...this.health, ...event.detail, components: this.health?.components};
	};

	connectedCallback() {
		super.connectedCallback();
		live.addEventListener('stats', this.#stats);
	}

	disconnectedCallback() {
		live.removeEventListener('stats', this.#stats);
		super.disconnectedCallback();
	}

	async #load() {
		try {
			// A gateway that is down says so with 503 and the same body.
			this.health = await get('/health', {}, {alsoAccept: [503]});
			this.problem = undefined;
		} catch (problem) {
			this.problem = problem;
		}
	}

	render() {
		return html`
			<h1>Overview</h1>
			${this.problem && live.state !== 'lost'
				? html`<mw-problem .problem=${this.problem} @retry=${() => this.#poll.now()}></mw-problem>`
				: nothing}
			<mw-counters .health=${this.health}></mw-counters>
			<div class="columns">
				<mw-gateway-status .health=${this.health}></mw-gateway-status>
				<mw-events></mw-events>
			</div>
		`;
	}
}
customElements.define('mw-overview', Overview);
