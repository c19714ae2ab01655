// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {get, post} from '../../core/rest.js';
import {localTime} from '../../core/time.js';
import {Poll} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import '../../ui/problem.js';

const whole = new Intl.NumberFormat('en');
const RUNNING = ['previewing', 'applying'];
const WORDS = {
	previewing: 'Comparing…',
	previewed: 'Compared, nothing is changed yet',
	applying: 'Applying…',
	applied: 'Applied',
	cancelled: 'Cancelled',
	failed: 'Failed',
};

/** Decoding kept messages again: see what would change, then change it. */
export class Replay extends LitElement {
	static properties = {
		query: {attribute: false},
		replays: {state: true},
		differences: {state: true},
		busy: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			h1 {
				margin-bottom: 12px;
			}
			.panel + .panel {
				margin-top: 14px;
			}
			form {
				display: grid;
				grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
				gap: 10px 14px;
				align-items: end;
			}
			label {
				display: block;
				font-size: 0.8125rem;
				color: var(--mw-text-2);
			}
			input {
				display: block;
				width: 100%;
				font: inherit;
				color: var(--mw-text);
				background: var(--mw-surface);
				border: 1px solid var(--mw-border-strong);
				border-radius: 5px;
				padding: 4px 8px;
				min-height: 32px;
			}
			progress {
				width: 100%;
				accent-color: var(--mw-accent);
			}
			.figures {
				display: flex;
				flex-wrap: wrap;
				gap: 4px 24px;
			}
			.body > * + * {
				margin-top: 10px;
			}
			.buttons {
				display: flex;
				gap: 8px;
			}
			.warn {
				color: var(--mw-warn);
			}
			@media (max-width: 640px) {
				th,
				td {
					padding-inline: 6px;
				}
			}
		`,
	];

	#poll = new Poll(this, 1000, () => this.#load());

	async #load() {
		try {
			const {items} = await get('/replays');
			const before = this.replays?.[0];
			this.replays = items;
			const now = items[0];
			if (now && (now.id !== before?.id || now.state !== before?.state)) {
				this.differences = undefined;
				if (now.differences > 0 && !RUNNING.includes(now.state)) await this.#more(now.id);
			}
			this.problem = this.problem?.own ? this.problem : undefined;
		} catch (problem) {
			this.problem = problem;
		}
	}

	async #more(id) {
		const cursor = this.differences?.next;
		const page = await get(`/replays/${id}/differences`, {limit: 100, cursor});
		this.differences = {items: [...(this.differences?.items ?? []), ...page.items], next: page.next};
	}

	async #do(action) {
		this.busy = true;
		this.problem = undefined;
		try {
			await action();
			await this.#load();
		} catch (problem) {
			this.problem = Object.assign(problem, {own: true});
		} finally {
			this.busy = false;
		}
	}

	#start = event => {
		event.preventDefault();
		const form = new FormData(event.target);
		const given = name => String(form.get(name) ?? '').trim();
		const request = {};
		for (const name of ['meter', 'model', 'who', 'why']) if (given(name)) request[name] = given(name);
		for (const name of ['from', 'to']) if (given(name)) request[name] = new Date(given(name)).toISOString();
		this.#do(() => post('/replays', request));
	};

	render() {
		const [now, ...earlier] = this.replays ?? [];
		return html`
			<h1>Replay</h1>
			<section class="panel">
				<header><h2>Decode kept messages again</h2><span class="hint">with the codecs there are now; first the differences are shown, nothing is changed</span></header>
				<form class="body" @submit=${this.#start}>
					<label>Meter, all if empty<input name="meter" .value=${this.query?.get('meter') ?? ''} autocomplete="off" /></label>
					<label>Device model, all if empty<input name="model" autocomplete="off" /></label>
					<label>Received from<input name="from" type="datetime-local" /></label>
					<label>Received before<input name="to" type="datetime-local" /></label>
					<label>Who asks<input name="who" maxlength="64" autocomplete="name" /></label>
					<label>Why<input name="why" maxlength="500" autocomplete="off" /></label>
					<button class="primary" ?disabled=${this.busy || RUNNING.includes(now?.state)}>Show the differences</button>
				</form>
				${this.problem ? html`<mw-problem .problem=${this.problem} noRetry></mw-problem>` : nothing}
			</section>
			${now ? this.#current(now) : nothing}
			${earlier.length ? this.#earlier(earlier) : nothing}
		`;
	}

	#current(now) {
		const percent = Math.floor(now.progress * 100);
		const differences = now.changed + now.added + now.vanished;
		return html`<section class="panel">
			<header><h2>Replay ${now.id}${now.meter ? ` of ${now.meter}` : ''}${now.model ? ` of ${now.model}` : ''}</h2><span class="hint" role="status">${WORDS[now.state]}</span></header>
			<div class="body">
				<progress aria-label="Progress" max="100" value=${percent}></progress>
				<p class="figures">
					<span>${percent} %</span>
					<span><b>${whole.format(now.frames)}</b> messages</span>
					<span><b>${whole.format(now.changed)}</b> values changed</span>
					<span><b>${whole.format(now.added)}</b> added</span>
					<span><b>${whole.format(now.vanished)}</b> vanished</span>
					<span class="hint">${whole.format(now.same)} as before</span>
					${now.rejected ? html`<span class="warn">${whole.format(now.rejected)} messages refused now, their values stay</span>` : nothing}
					${now.undecodable ? html`<span class="warn">${whole.format(now.undecodable)} messages without a codec, their values stay</span>` : nothing}
				</p>
				${now.failure ? html`<p class="warn" role="alert">${now.failure}. What was applied by then is whole; start it again.</p>` : nothing}
				<div class="buttons">
					${now.state === 'previewed' && differences
						? html`<button class="primary" ?disabled=${this.busy} @click=${() => this.#do(() => post(`/replays/${now.id}/apply`, ''))}>
								Apply ${whole.format(differences)} ${differences === 1 ? 'difference' : 'differences'}</button>`
						: nothing}
				</div>
				${now.state === 'previewed' && !differences ? html`<p>Every value is as it was: there is nothing to apply.</p>` : nothing}
				${now.state === 'applied' ? html`<p>The values superseded stay visible in each value’s trace.</p>` : nothing}
			</div>
			${this.differences?.items.length ? this.#table(now) : nothing}
		</section>`;
	}

	#table(now) {
		const shown = ({value, quality}) => html`${value ?? '–'}${quality.some(flag => flag !== 'measured') ? html` <small class="hint">${quality.join(', ')}</small>` : nothing}`;
		return html`<div class="scroll" tabindex="0" aria-label="Differences">
			<table>
				<thead><tr><th>Meter</th><th>Quantity</th><th>Time</th><th class="number">Before</th><th class="number">After</th><th>Unit</th></tr></thead>
				<tbody>${this.differences.items.map(each => html`<tr>
					<td>${each.meter}</td><td class="mono">${each.quantity}</td><td>${time(each.start)}</td>
					<td class="number">${shown(each.before)}</td><td class="number">${shown(each.after)}</td><td>${each.unit}</td>
				</tr>`)}</tbody>
			</table>
			${this.differences.next ? html`<p class="body"><button class="small" @click=${() => this.#do(() => this.#more(now.id))}>More of ${whole.format(now.differences)}</button></p>` : nothing}
		</div>`;
	}

	#earlier(earlier) {
		return html`<section class="panel">
			<header><h2>Earlier replays</h2><span class="hint">since the gateway started</span></header>
			<div class="scroll" tabindex="0" aria-label="Earlier replays">
				<table>
					<thead><tr><th>Replay</th><th>State</th><th>Begun</th><th class="number">Changed</th><th class="number">Added</th><th class="number">Vanished</th></tr></thead>
					<tbody>${earlier.map(each => html`<tr>
						<td>${each.id}${each.meter ? ` of ${each.meter}` : ''}</td><td>${WORDS[each.state]}</td><td>${localTime(each.startedAt)}</td>
						<td class="number">${each.changed}</td><td class="number">${each.added}</td><td class="number">${each.vanished}</td>
					</tr>`)}</tbody>
				</table>
			</div>
		</section>`;
	}
}
customElements.define('mw-replay', Replay);
