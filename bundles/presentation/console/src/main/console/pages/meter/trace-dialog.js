// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {get} from '../../core/rest.js';
import {localTime} from '../../core/time.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import '../../ui/problem.js';
import './hex-view.js';

/**
 * Why is this number what it is: bytes, fields, codec, versions. Says `closed`.
 *
 * @typedef {object} Place one value to trace
 * @property {string} quantity OBIS code
 * @property {string} start RFC 3339
 * @property {number} interval seconds
 * @property {string} label what it is, for a choice among several
 */
export class TraceDialog extends LitElement {
	static properties = {
		meterId: {},
		/** @type {Place[] | undefined} the values to choose from; opens the dialog */
		places: {attribute: false},
		place: {state: true},
		trace: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			dialog {
				width: min(980px, calc(100vw - 24px));
				max-height: calc(100dvh - 32px);
				padding: 0;
				color: inherit;
				background: var(--mw-surface);
				border: 1px solid var(--mw-border);
				border-radius: 8px;
				box-shadow: 0 12px 40px rgb(0 0 0 / 0.3);
			}
			dialog::backdrop {
				background: rgb(10 15 20 / 0.5);
			}
			.top {
				position: sticky;
				top: 0;
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 6px 14px;
				padding: 12px 16px;
				background: var(--mw-surface);
				border-bottom: 1px solid var(--mw-border);
				z-index: 1;
			}
			.top h1 {
				flex: 1 1 240px;
			}
			.value {
				font-size: 1.375rem;
				font-weight: 650;
			}
			.inside {
				display: flex;
				flex-direction: column;
				gap: 14px;
				padding: 14px 16px;
			}
			.choice {
				display: flex;
				flex-wrap: wrap;
				gap: 6px;
			}
			button[aria-pressed='true'] {
				background: var(--mw-accent-weak);
				color: var(--mw-accent);
				font-weight: 600;
			}
			.warn {
				color: var(--mw-warn);
			}
			dl {
				grid-template-columns: minmax(84px, max-content) 1fr;
			}
			mw-problem {
				margin: 0;
			}
			@media (max-width: 640px) {
				th,
				td {
					padding-inline: 6px;
				}
			}
		`,
	];

	#abort = new AbortController();

	willUpdate(changed) {
		if (changed.has('places') && this.places) this.#choose(this.places[0]);
	}

	updated(changed) {
		const dialog = this.renderRoot.querySelector('dialog');
		if (changed.has('places')) {
			if (this.places && !dialog.open) dialog.showModal();
			if (!this.places && dialog.open) dialog.close();
		}
	}

	disconnectedCallback() {
		this.#abort.abort();
		super.disconnectedCallback();
	}

	#choose(place) {
		this.place = place;
		this.trace = this.problem = undefined;
		this.#load();
	}

	async #load() {
		this.#abort.abort();
		const abort = (this.#abort = new AbortController());
		const {quantity, start, interval} = this.place;
		try {
			const path = `/readings/${encodeURIComponent(this.meterId)}/${encodeURIComponent(quantity)}/trace`;
			this.trace = await get(path, {start, interval}, {signal: abort.signal});
			this.problem = undefined;
		} catch (problem) {
			if (problem.name !== 'AbortError') this.problem = problem;
		}
	}

	#closed = () => {
		this.#abort.abort();
		this.dispatchEvent(new Event('closed'));
	};

	render() {
		const {place, places, trace, problem} = this;
		return html`<dialog aria-labelledby="title" @close=${this.#closed} @click=${this.#outside}>
			<div class="top">
				<h1 id="title">Why this number?</h1>
				<button @click=${() => this.renderRoot.querySelector('dialog').close()}>Close</button>
			</div>
			<div class="inside">
				${places?.length > 1
					? html`<div class="choice" role="group" aria-label="Value">
							${places.map(each => html`<button class="small" aria-pressed=${each === place} @click=${() => this.#choose(each)}>${each.label}</button>`)}
						</div>`
					: nothing}
				${problem ? html`<mw-problem .problem=${problem} @retry=${() => this.#load()}></mw-problem>` : nothing}
				${trace ? this.#filled(trace) : problem ? nothing : html`<p class="empty" role="status">Asking the gateway…</p>`}
			</div>
		</dialog>`;
	}

	/** A click beside the dialog closes it. */
	#outside = event => {
		if (event.target.localName === 'dialog' && event.composedPath()[0] === event.target) event.target.close();
	};

	#filled(trace) {
		const {message, decodedNow} = trace;
		const flags = (trace.quality ?? []).join(', ');
		return html`
			<p>
				<span class="value">${trace.value ?? 'no value any more'} ${trace.value === null ? nothing : trace.unit}</span>
				<span class="hint">${trace.quantity} at ${localTime(trace.start)}${flags ? ', ' + flags : ''}</span>
			</p>
			<dl>
				<dt>Message</dt><dd>number ${message.number}</dd>
				${message.kept
					? html`
							<dt>Received</dt><dd>${time(message.receivedAt)} by ${message.channel}</dd>
							<dt>Decoded by</dt><dd>${message.codec ? `${message.codec} ${message.codecVersion}` : 'no codec'}</dd>
							<dt>Codec now</dt><dd>${this.#now(trace)}</dd>`
					: html`<dt>Bytes</dt><dd class="warn">no longer kept: they are past their retention</dd>`}
			</dl>
			${decodedNow?.rejection ? html`<p class="warn">The codec that is there now refuses these bytes: ${decodedNow.rejection}</p>` : nothing}
			${message.kept ? html`<mw-hex-view .hex=${message.bytes} .fields=${decodedNow?.fields ?? []}></mw-hex-view>` : nothing}
			${trace.versions.length ? this.#versions(trace) : html`<p class="hint">This value has not been changed since it came.</p>`}
		`;
	}

	#now({message, decodedNow}) {
		if (!decodedNow) return html`<span class="warn">there is none for ${message.contentType}</span>`;
		const name = `${decodedNow.codec} ${decodedNow.codecVersion}`;
		if (decodedNow.sameCodec) return `${name}, the same`;
		if (decodedNow.rejection || decodedNow.sameValue) return `${name}, another version`;
		return html`${name}, <span class="warn">it would give ${decodedNow.value ?? 'no such value'}: a replay shows all differences</span>`;
	}

	#versions({versions, unit}) {
		return html`<section>
			<h2>Versions</h2>
			<div class="scroll" tabindex="0" aria-label="Versions">
				<table>
					<thead><tr><th class="number">Value ${unit}</th><th>Codec</th><th>Since</th><th>Who</th><th>Why</th></tr></thead>
					<tbody>
						${versions.map(version => html`<tr>
							<td class="number">${version.value ?? '–'}</td>
							<td>${version.codec ? `${version.codec} ${version.codecVersion}` : ''}</td>
							<td>${version.since ? time(version.since) : 'first'}</td>
							<td>${version.who ?? ''}</td>
							<td>${version.why ?? ''}</td>
						</tr>`)}
					</tbody>
				</table>
			</div>
		</section>`;
	}
}
customElements.define('mw-trace-dialog', TraceDialog);
