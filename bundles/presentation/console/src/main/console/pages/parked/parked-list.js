// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {hrefOf} from '../../core/pages.js';
import {get, post, remove} from '../../core/rest.js';
import {Poll} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import '../../ui/problem.js';
import '../meter/hex-view.js';

const whole = new Intl.NumberFormat('en');

/** Frames that no codec could decode yet, of one meter or of all. */
export class ParkedList extends LitElement {
	static properties = {
		meterId: {},
		/** Shows nothing at all when nothing is parked. */
		quiet: {type: Boolean},
		found: {state: true},
		more: {state: true},
		asked: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			.figures {
				display: flex;
				flex-wrap: wrap;
				gap: 4px 24px;
				padding: 10px 14px;
				border-bottom: 1px solid var(--mw-border);
			}
			li {
				border-bottom: 1px solid var(--mw-border);
			}
			li:last-child {
				border-bottom: 0;
			}
			ul {
				list-style: none;
				margin: 0;
				padding: 0;
			}
			summary {
				display: flex;
				flex-wrap: wrap;
				gap: 2px 14px;
				padding: 8px 14px;
				cursor: pointer;
			}
			summary b {
				flex: 1 1 260px;
				font-weight: 500;
				overflow-wrap: anywhere;
			}
			.inside {
				display: flex;
				flex-direction: column;
				gap: 10px;
				padding: 4px 14px 14px;
			}
			.refused {
				color: var(--mw-warn);
			}
			.more {
				padding: 10px 14px;
			}
		`,
	];

	#poll = new Poll(this, 10000, () => this.#load());

	willUpdate(changed) {
		if (changed.get('meterId') !== undefined) {
			this.found = this.more = undefined;
			this.#poll.now();
		}
	}

	async #load() {
		const meter = this.meterId;
		try {
			const found = await get('/parked', {meter, limit: 50});
			if (meter !== this.meterId) return;
			this.found = found;
			this.problem = undefined;
		} catch (problem) {
			this.problem = problem;
		}
	}

	async #older() {
		try {
			const {items, next} = await get('/parked', {meter: this.meterId, limit: 50, cursor: this.more?.next ?? this.found.next});
			this.more = {items: [...(this.more?.items ?? []), ...items], next};
		} catch (problem) {
			this.problem = problem;
		}
	}

	async #forget(number) {
		try {
			await remove('/parked/' + number);
		} catch (problem) {
			if (problem.status !== 404) this.problem = problem;
		}
		if (this.more) this.more = {...this.more, items: this.more.items.filter(item => item.number !== number)};
		await this.#load();
	}

	async #retry() {
		try {
			await post('/parked/retry', this.meterId ? {meter: this.meterId} : {});
			this.asked = true;
			setTimeout(() => this.#poll.now(), 1500);
		} catch (problem) {
			this.problem = problem;
		}
	}

	render() {
		const {found, problem} = this;
		if (this.quiet && !found?.items.length) return nothing;
		return html`<section class="panel">
			<header>
				<h2>Parked frames</h2><span class="hint">no codec could decode them yet; they are tried again when one comes</span>
				${found?.items.length ? html`<button class="small" @click=${() => this.#retry()}>Try again now</button>` : nothing}
			</header>
			${problem ? html`<mw-problem .problem=${problem} @retry=${() => this.#load()}></mw-problem>` : nothing}
			${this.asked ? html`<p class="hint body" role="status">They are being tried again; those that can be decoded leave the list.</p>` : nothing}
			${found ? this.#filled(found) : problem ? nothing : html`<p class="empty">Asking the gateway…</p>`}
		</section>`;
	}

	#filled(found) {
		const items = [...found.items, ...(this.more?.items ?? []).filter(({number}) => found.items.every(item => item.number !== number))];
		const next = this.more ? this.more.next : found.next;
		return html`
			${this.meterId ? nothing : html`<div class="figures" role="status">
				<span><b>${whole.format(found.undecoded)}</b> accepted, without a codec</span>
				<span><b>${whole.format(found.refused)}</b> refused</span>
				<span class="hint">${whole.format(found.decoded)} decoded after parking and ${whole.format(found.dropped)} given up since the start</span>
			</div>`}
			${items.length === 0 ? html`<p class="empty"><strong>Nothing is parked</strong>Every frame found its codec.</p>` : nothing}
			<ul>${items.map(item => this.#item(item))}</ul>
			${next ? html`<p class="more"><button class="small" @click=${() => this.#older()}>Older ones</button></p>` : nothing}
		`;
	}

	#item(item) {
		const where = item.field ? `${item.field}${item.offset === null ? '' : ' at byte ' + item.offset}: ` : '';
		return html`<li><details>
			<summary>
				<span>${time(item.receivedAt)}</span>
				${this.meterId ? nothing : html`<span>${item.meter}</span>`}
				<b>${where}${item.reason}</b>
				<span class=${item.refused ? 'refused' : 'hint'}>${item.refused ? 'refused' : `message ${item.message}`}</span>
			</summary>
			<div class="inside">
				<p class="hint">${item.contentType} by ${item.channel}${item.codec ? `, ${item.codec} ${item.codecVersion}` : ''}${item.target ? `, ${item.target}` : ''}
					${this.meterId ? nothing : html` · <a href=${hrefOf('/meters/' + encodeURIComponent(item.meter))}>Meter ${item.meter}</a>`}</p>
				<mw-hex-view .hex=${item.bytes} .fields=${item.offset === null ? [] : [{part: '', offset: item.offset, length: 1, meaning: `${item.field}: ${item.reason}`}]}></mw-hex-view>
				<p><button class="small" @click=${() => this.#forget(item.number)}>Give it up</button>
					<span class="hint">${item.refused ? 'it is removed' : 'it is not tried any more; its bytes stay kept, a replay may decode them'}</span></p>
			</div>
		</details></li>`;
	}
}
customElements.define('mw-parked-list', ParkedList);
