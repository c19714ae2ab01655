// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {shared} from '../../ui/styles.js';

const PER_ROW = 16;
/** More bytes than anybody reads; a browser draws so many at once. */
const MOST_BYTES = 4096;

/** Bytes in hexadecimal beside what they mean: the field pointed at, or focused, is marked on both sides. */
export class HexView extends LitElement {
	static properties = {
		/** lower-case hexadecimal digits */
		hex: {},
		/** @type {{part: string, offset: number, length: number, meaning: string}[]} */
		fields: {attribute: false},
		marked: {state: true},
	};
	static styles = [
		shared,
		css`
			:host {
				display: grid;
				grid-template-columns: max-content minmax(0, 1fr);
				gap: 14px;
				align-items: start;
			}
			.bytes,
			.fields {
				max-height: 340px;
				overflow: auto;
				border: 1px solid var(--mw-border);
				border-radius: var(--mw-radius);
				background: var(--mw-sunken);
			}
			.bytes {
				padding: 8px 10px;
			}
			.row {
				display: flex;
				font-family: var(--mw-mono);
				font-size: 0.8125rem;
				line-height: 1.6;
			}
			.at {
				color: var(--mw-text-2);
				min-width: 3.2em;
			}
			.byte {
				padding: 0 0.28em;
			}
			.byte:nth-child(9) {
				margin-right: 0.5em;
			}
			.known {
				background: color-mix(in srgb, var(--mw-accent-weak) 55%, transparent);
			}
			.on {
				background: var(--mw-accent);
				color: var(--mw-on-accent);
			}
			ol {
				list-style: none;
				margin: 0;
				padding: 4px;
			}
			h3 {
				padding: 6px 8px 2px;
				font-size: 0.8125rem;
				color: var(--mw-text-2);
			}
			li button {
				display: grid;
				grid-template-columns: 5.4em 1fr;
				gap: 8px;
				width: 100%;
				text-align: left;
				border: 0;
				background: none;
				padding: 3px 8px;
				min-height: 28px;
				overflow-wrap: anywhere;
			}
			li button.on {
				background: var(--mw-accent-weak);
				color: var(--mw-accent);
			}
			@media (max-width: 760px) {
				:host {
					grid-template-columns: minmax(0, 1fr);
				}
				.bytes {
					max-height: 210px;
				}
				.row {
					font-size: 0.75rem;
				}
				.at {
					min-width: 2.6em;
				}
				.byte {
					padding: 0 0.1em;
				}
			}
		`,
	];

	constructor() {
		super();
		this.hex = '';
		this.fields = [];
	}

	willUpdate(changed) {
		if (changed.has('hex') || changed.has('fields')) {
			this.marked = undefined;
			// of nested fields the innermost owns a byte: it is told last and is the shorter one
			this.owners = [];
			for (const field of this.fields) {
				if (field.part !== '') continue;
				for (let i = field.offset; i < Math.min(field.offset + field.length, MOST_BYTES); i++) {
					if (!this.owners[i] || this.owners[i].length >= field.length) this.owners[i] = field;
				}
			}
		}
	}

	updated(changed) {
		if (changed.has('marked') && this.marked) this.renderRoot.querySelector('.byte.on')?.scrollIntoView?.({block: 'nearest'});
	}

	render() {
		const count = Math.min(this.hex.length / 2, MOST_BYTES);
		const rows = Array.from({length: Math.ceil(count / PER_ROW)}, (_, row) => row * PER_ROW);
		return html`
			<div class="bytes" tabindex="0" role="group" aria-label="Raw bytes, ${this.hex.length / 2}" @mouseover=${this.#over} @mouseleave=${() => (this.marked = undefined)}>
				${rows.map(from => html`<div class="row"><span class="at">${from.toString(16).padStart(4, '0')}</span>${this.#row(from, Math.min(from + PER_ROW, count))}</div>`)}
				${this.hex.length / 2 > MOST_BYTES ? html`<p class="hint">The first ${MOST_BYTES} of ${this.hex.length / 2} bytes.</p>` : nothing}
			</div>
			<div class="fields">
				${this.fields.length ? this.#list() : html`<p class="hint body">No codec says what these bytes mean.</p>`}
			</div>
		`;
	}

	#row(from, to) {
		const {marked} = this;
		const bytes = [];
		for (let i = from; i < to; i++) {
			const on = marked && marked.part === '' && i >= marked.offset && i < marked.offset + marked.length;
			bytes.push(html`<span class="byte ${on ? 'on' : this.owners[i] ? 'known' : ''}" data-byte=${i}>${this.hex.slice(2 * i, 2 * i + 2)}</span>`);
		}
		return bytes;
	}

	#list() {
		const parts = [...new Set(this.fields.map(({part}) => part))];
		return parts.map(part => html`
			${part === '' ? nothing : html`<h3>In the ${part} bytes</h3>`}
			<ol aria-label=${part === '' ? 'Fields' : `Fields of the ${part} bytes`}>
				${this.fields.filter(field => field.part === part).map(field => html`<li>
					<button class=${field === this.marked ? 'on' : ''} @mouseenter=${() => (this.marked = field)} @focus=${() => (this.marked = field)}
						@click=${() => (this.marked = field)}>
						<span class="mono">${field.offset}${field.length > 1 ? '–' + (field.offset + field.length - 1) : ''}</span><span>${field.meaning}</span>
					</button>
				</li>`)}
			</ol>`);
	}

	#over = event => {
		const at = event.target.dataset?.byte;
		if (at !== undefined) this.marked = this.owners[at];
	};
}
customElements.define('mw-hex-view', HexView);
