// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {get, post} from '../../core/rest.js';
import {OnReturn} from '../../ui/poll.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';
import {blank, parseValue, wordsOf} from './resource-value.js';

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
		editing: {state: true},
		whole: {state: true},
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
			.done {
				color: var(--mw-ok);
			}
			.edit {
				display: flex;
				flex-wrap: wrap;
				gap: 6px;
				align-items: center;
			}
			.edit input,
			.edit select {
				font: inherit;
				color: inherit;
				background: var(--mw-surface);
				border: 1px solid var(--mw-border-strong);
				border-radius: 5px;
				padding: 2px 8px;
				min-height: 28px;
				flex: 1 1 120px;
				min-width: 0;
			}
			.edit .hint {
				flex-basis: 100%;
			}
			@media (max-width: 640px) {
				details details {
					margin-left: 6px;
				}
				table,
				tbody {
					display: block;
				}
				tr {
					display: grid;
					grid-template: 'path act' auto 'name act' auto 'value value' auto / minmax(0, 1fr) max-content;
					align-items: center;
					padding: 5px 8px;
					border-bottom: 1px solid var(--mw-border);
				}
				td,
				td:nth-child(1),
				td:nth-child(2),
				td:last-child {
					width: auto;
					padding: 1px 0;
					border: 0;
				}
				td:nth-child(1) {
					grid-area: path;
				}
				td:nth-child(2) {
					grid-area: name;
				}
				td:nth-child(3) {
					grid-area: value;
				}
				td:nth-child(4) {
					grid-area: act;
				}
			}
		`,
	];

	#back = new OnReturn(this, () => this.problem && this.#load());

	constructor() {
		super();
		this.answers = {};
		/** @type {string[]} instances whose missing resources are shown too */
		this.whole = [];
	}

	willUpdate(changed) {
		if (changed.has('meterId')) {
			this.objects = undefined;
			this.answers = {};
			this.editing = undefined;
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
		await this.#command({operation: 'read', paths: [path]}, resources, (answer, resource) => valueOf(answer.values ?? {}, resource));
	}

	/** Writes what is being edited, then reads it back where that is possible: the device may have changed it. */
	async #write(path, resource) {
		const {text} = this.editing;
		const {value, error} = parseValue(text, resource);
		if (error) {
			this.editing = {...this.editing, error};
			return;
		}
		this.editing = undefined;
		const done = await this.#command({operation: 'write', paths: [path], values: {[path]: value}}, [path], () => ({done: 'written'}));
		if (done && canRead(resource)) await this.#read(path, [path]);
	}

	async #execute(path) {
		const args = this.editing.text.trim();
		this.editing = undefined;
		await this.#command({operation: 'execute', paths: [path], ...(args ? {arguments: args} : {})}, [path], () => ({done: 'executed'}));
	}

	/** @returns {Promise<boolean>} whether the device did it */
	async #command(command, resources, make) {
		const id = this.meterId;
		this.#answer(resources, () => ({busy: true}));
		try {
			const answer = await post(this.#path + '/commands', {...command, timeoutSeconds: TIMEOUT_SECONDS});
			if (id === this.meterId) this.#answer(resources, path => (answer.success ? make(answer, path) : errorOf(answer)));
			return answer.success;
		} catch (problem) {
			if (id === this.meterId) this.#answer(resources, () => ({error: `${problem.message}. ${problem.advice ?? ''}`}));
			return false;
		}
	}

	#edit(path, resource, operation) {
		const value = this.answers[path]?.value;
		this.editing = {path, operation, text: operation === 'write' ? (value ?? blank(resource)) : ''};
		this.updateComplete.then(() => this.renderRoot.querySelector('.edit input, .edit select')?.focus());
	}

	#answer(resources, make) {
		this.answers = {...this.answers, ...Object.fromEntries(resources.map(path => [path, make(path)]))};
	}

	render() {
		return html`<section class="panel">
			<header>
				<h2>Objects on the device</h2>
				<span class="hint">asked of the meter itself when you press Read, Write or Execute</span>
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
		const missing = instance.resources.filter(({id}) => this.answers[`${path}/${id}`]?.missing);
		const whole = this.whole.includes(path);
		const shown = whole ? instance.resources : instance.resources.filter(resource => !missing.includes(resource));
		return html`<details ?open=${object.instances.length === 1}>
			<summary>Instance ${instance.id} <span class="hint mono">${path}</span></summary>
			${readable.length
				? html`<div class="bar"><button class="small" @click=${() => this.#read(path, readable)}>Read all of ${path}</button>
						${missing.length
							? html`<button class="small" @click=${() => this.#showWhole(path, !whole)}>
									${whole ? 'Hide' : 'Show'} ${missing.length} the device does not have</button>`
							: nothing}</div>`
				: nothing}
			<div class="scroll">
				<table>
					<thead class="visually-hidden"><tr><th>Path</th><th>Resource</th><th>Value</th><th>Actions</th></tr></thead>
					<tbody>${shown.map(resource => this.#resource(`${path}/${resource.id}`, resource))}</tbody>
				</table>
			</div>
		</details>`;
	}

	#showWhole(path, whole) {
		this.whole = [...this.whole.filter(other => other !== path), ...(whole ? [path] : [])];
	}

	#resource(path, resource) {
		const answer = this.answers[path];
		const editing = this.editing?.path === path;
		const kind = [resource.type?.toLowerCase(), resource.units, resource.multiple ? 'multiple' : ''].filter(Boolean).join(', ');
		return html`<tr data-path=${path}>
			<td class="mono">${path}</td>
			<td>${resource.name || 'Resource'} <span class="hint">${kind}</span></td>
			<td class="value" aria-live="polite">${editing
				? this.#editor(path, resource)
				: answer
					? this.#shown(answer, resource)
					: nothing}</td>
			<td>${this.#button('Read', canRead(resource), path, resource, () => this.#read(path, [path]))}
				${this.#button('Write', can(resource, 'W') && !resource.multiple, path, resource, () => this.#edit(path, resource, 'write'))}
				${this.#button('Execute', can(resource, 'E'), path, resource, () => this.#edit(path, resource, 'execute'))}</td>
		</tr>`;
	}

	#button(word, possible, path, resource, action) {
		if (!possible) return nothing;
		return html`<button class="small" ?disabled=${this.answers[path]?.busy} aria-label=${`${word} ${resource.name || path}`}
			@click=${action}>${word}${word === 'Read' ? '' : '…'}</button>`;
	}

	#editor(path, resource) {
		const {operation, text, error} = this.editing;
		const typed = event => (this.editing = {...this.editing, text: event.target.value, error: undefined});
		const label = operation === 'write' ? `New value of ${resource.name || path}` : `Arguments for ${resource.name || path}`;
		const submit = event => {
			event.preventDefault();
			operation === 'write' ? this.#write(path, resource) : this.#execute(path);
		};
		return html`<form class="edit" @submit=${submit} @keydown=${e => e.key === 'Escape' && (this.editing = undefined)}>
			${operation === 'write' && resource.type?.toLowerCase() === 'boolean'
				? html`<select aria-label=${label} .value=${text} @change=${typed}><option>true</option><option>false</option></select>`
				: html`<input aria-label=${label} .value=${text} @input=${typed} autocomplete="off"
						placeholder=${operation === 'write' ? wordsOf(resource) : 'Arguments, usually none'} />`}
			<button class="small primary">${operation === 'write' ? 'Write to the meter' : 'Execute on the meter'}</button>
			<button class="small" type="button" @click=${() => (this.editing = undefined)}>Cancel</button>
			${error ? html`<span class="hint error" role="alert">${error}</span>` : nothing}
		</form>`;
	}

	#shown({busy, error, value, missing, done}, {units}) {
		if (missing) return html`<span class="hint">not on the device</span>`;
		if (done) return html`<span class="done">${done}</span>`;
		if (busy) return html`<span class="hint">asking the meter…</span>`;
		if (error) return html`<span class="error">${error}</span>`;
		return html`<b>${value}</b> ${units ?? ''}`;
	}
}

const can = ({operations}, operation) => !operations || operations.includes(operation);
const canRead = resource => can(resource, 'R');

function errorOf({code, text}) {
	return {error: `${code ?? 'Error'}: ${text || CODES[code] || 'the device refused'}`};
}

/** A multiple resource comes as one value for each of its instances. */
function valueOf(values, path) {
	if (path in values) return {value: plain(values[path])};
	const parts = Object.entries(values).filter(([key]) => key.startsWith(path + '/'));
	if (parts.length === 0) return {missing: true};
	return {value: parts.map(([key, value]) => `${key.slice(path.length + 1)}: ${plain(value)}`).join(', ')};
}

const plain = value => (typeof value === 'object' ? JSON.stringify(value) : String(value));

customElements.define('mw-objects', Objects);
