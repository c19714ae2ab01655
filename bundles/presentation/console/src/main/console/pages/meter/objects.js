// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {get, post} from '../../core/rest.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';

const TIMEOUT_SECONDS = 10;

/** What an answer code of the device says to a person (RFC 7252, 12.1.2; LwM2M Core 1.1, 6). */
const CODES = {
	'4.01': 'the device does not allow it',
	'4.04': 'the device has no such resource',
	'4.05': 'the resource cannot be read',
	'4.06': 'no common content format',
	'5.00': 'the device failed',
	'5.03': 'the device is busy',
};

/** The objects a meter offers, as a tree; reads resources from the device on demand. */
export class Objects extends LitElement {
	static properties = {
		meterId: {},
		connection: {},
		objects: {state: true},
		answers: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			details {
				border-bottom: 1px solid var(--mw-border);
			}
			details:last-child {
				border-bottom: 0;
			}
			details details {
				margin-left: 18px;
				border-left: 1px solid var(--mw-border);
			}
			summary {
				padding: 7px 14px;
				cursor: pointer;
			}
			summary:hover {
				background: var(--mw-sunken);
			}
			summary:focus-visible {
				outline-offset: -2px;
			}
			.bar {
				padding: 2px 14px 8px;
			}
			td {
				padding-block: 4px;
			}
			td:nth-child(1) {
				width: 90px;
			}
			td:nth-child(2) {
				width: 40%;
			}
			td:last-child {
				width: 1%;
				white-space: nowrap;
			}
			.value {
				overflow-wrap: anywhere;
			}
			.error {
				color: var(--mw-bad);
			}
			@media (max-width: 640px) {
				details details {
					margin-left: 6px;
				}
				td,
				th {
					padding-inline: 6px;
				}
				td:nth-child(1) {
					width: auto;
				}
			}
		`,
	];

	constructor() {
		super();
		this.answers = {};
	}

	willUpdate(changed) {
		if (changed.has('meterId')) {
			this.objects = undefined;
			this.answers = {};
			this.#load();
		} else if (changed.get('connection') && this.objects?.length === 0) {
			this.#load();
		}
	}

	get #path() {
		return '/meters/' + encodeURIComponent(this.meterId);
	}

	async #load() {
		const id = this.meterId;
		try {
			const {objects} = await get(this.#path + '/objects');
			if (id !== this.meterId) return;
			this.objects = objects;
			this.problem = undefined;
		} catch (problem) {
			this.problem = problem;
		}
	}

	/** Reads one path; an instance's path reads all that is readable in it. */
	async #read(path, resources) {
		this.#answer(resources, () => ({busy: true}));
		try {
			const answer = await post(this.#path + '/commands', {operation: 'read', paths: [path], timeoutSeconds: TIMEOUT_SECONDS});
			this.#answer(resources, resource => (answer.success ? valueOf(answer.values ?? {}, resource) : errorOf(answer)));
		} catch (problem) {
			this.#answer(resources, () => ({error: `${problem.message}. ${problem.advice ?? ''}`}));
		}
	}

	#answer(resources, make) {
		this.answers = {...this.answers, ...Object.fromEntries(resources.map(path => [path, make(path)]))};
	}

	render() {
		return html`<section class="panel">
			<header>
				<h2>Objects on the device</h2>
				<span class="hint">read from the meter itself when you press Read</span>
				${this.objects ? html`<button class="small" @click=${() => this.#load()}>Refresh the list</button>` : nothing}
			</header>
			${this.problem ? html`<mw-problem .problem=${this.problem} @retry=${() => this.#load()}></mw-problem>` : this.#tree()}
		</section>`;
	}

	#tree() {
		if (!this.objects) return html`<p class="empty">Asking the gateway…</p>`;
		if (this.objects.length === 0) {
			return html`<p class="empty"><strong>No objects known</strong>
				A meter tells what it offers when it registers over LwM2M. ${this.connection === 'registered'
					? 'This one is connected in another way.'
					: 'This one is not registered now.'}</p>`;
		}
		return this.objects.map(object => html`<details>
			<summary><b>${object.name || 'Object'}</b> <span class="hint mono">/${object.id}</span>
				<span class="hint">${object.version ? `version ${object.version}` : ''}</span></summary>
			${object.instances.map(instance => this.#instance(object, instance))}
		</details>`);
	}

	#instance(object, instance) {
		const path = `/${object.id}/${instance.id}`;
		const readable = instance.resources.filter(canRead).map(({id}) => `${path}/${id}`);
		return html`<details ?open=${object.instances.length === 1}>
			<summary>Instance ${instance.id} <span class="hint mono">${path}</span></summary>
			${readable.length
				? html`<div class="bar"><button class="small" @click=${() => this.#read(path, readable)}>Read all of ${path}</button></div>`
				: nothing}
			<div class="scroll">
				<table>
					<thead class="visually-hidden"><tr><th>Path</th><th>Resource</th><th>Value</th><th>Read</th></tr></thead>
					<tbody>${instance.resources.map(resource => this.#resource(`${path}/${resource.id}`, resource))}</tbody>
				</table>
			</div>
		</details>`;
	}

	#resource(path, resource) {
		const answer = this.answers[path];
		const kind = [resource.type?.toLowerCase(), resource.units, resource.multiple ? 'multiple' : ''].filter(Boolean).join(', ');
		return html`<tr data-path=${path}>
			<td class="mono">${path}</td>
			<td>${resource.name || 'Resource'} <span class="hint">${kind}</span></td>
			<td class="value" aria-live="polite">${answer ? this.#shown(answer, resource) : nothing}</td>
			<td>${canRead(resource)
				? html`<button class="small" ?disabled=${answer?.busy} aria-label=${`Read ${resource.name || path}`}
						@click=${() => this.#read(path, [path])}>Read</button>`
				: html`<span class="hint">${resource.operations === 'E' ? 'execute only' : 'write only'}</span>`}</td>
		</tr>`;
	}

	#shown({busy, error, value}, {units}) {
		if (busy) return html`<span class="hint">asking the meter…</span>`;
		if (error) return html`<span class="error">${error}</span>`;
		return html`<b>${value}</b> ${units ?? ''}`;
	}
}

const canRead = ({operations}) => !operations || operations.includes('R');

function errorOf({code, text}) {
	return {error: `${code ?? 'Error'}: ${text || CODES[code] || 'the device refused'}`};
}

/** A multiple resource comes as one value for each of its instances. */
function valueOf(values, path) {
	if (path in values) return {value: plain(values[path])};
	const parts = Object.entries(values).filter(([key]) => key.startsWith(path + '/'));
	if (parts.length === 0) return {error: 'the device did not send it'};
	return {value: parts.map(([key, value]) => `${key.slice(path.length + 1)}: ${plain(value)}`).join(', ')};
}

const plain = value => (typeof value === 'object' ? JSON.stringify(value) : String(value));

customElements.define('mw-objects', Objects);
