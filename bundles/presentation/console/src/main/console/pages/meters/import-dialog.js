// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {upload} from '../../core/rest.js';
import {shared} from '../../ui/styles.js';
import '../../ui/problem.js';

const COLUMNS =
	'endpoint, serial, vendor, model, zone, latitude, longitude, timeZone, state, pskIdentity, pskKeyHex, rpkPublicKeyHex, x509CommonName, line, protocol, lineAddress, option:NAME, key:NAME';
const MOST_BYTES = 16_000_000;
const EXAMPLE = `id,serial,vendor,model,zone,latitude,longitude,timeZone,state
meter-1001,CA26001001,Calder Instruments,london-30min,camden-town,51.5390,-0.1426,Europe/London,active
meter-1002,CA26001002,Calder Instruments,london-30min,camden-town,51.5402,-0.1410,Europe/London,planned
`;
const whole = new Intl.NumberFormat('en');

/** Takes a CSV file of meters: all of it, or none and a report line by line. Says `imported` and `closed`. */
export class ImportDialog extends LitElement {
	static properties = {
		open: {type: Boolean},
		file: {state: true},
		busy: {state: true},
		sent: {state: true},
		seconds: {state: true},
		imported: {state: true},
		problem: {state: true},
	};
	static styles = [
		shared,
		css`
			dialog {
				width: min(720px, calc(100vw - 24px));
				max-height: calc(100dvh - 48px);
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
			form {
				display: flex;
				flex-direction: column;
				gap: 12px;
				padding: 16px 18px;
			}
			.file {
				display: block;
				padding: 18px;
				border: 1px dashed var(--mw-border-strong);
				border-radius: var(--mw-radius);
				background: var(--mw-sunken);
			}
			.file.over {
				border-color: var(--mw-accent);
				background: var(--mw-accent-weak);
			}
			input {
				font: inherit;
				color: inherit;
				max-width: 100%;
			}
			input::file-selector-button {
				font: inherit;
				color: inherit;
				background: var(--mw-surface);
				border: 1px solid var(--mw-border-strong);
				border-radius: 5px;
				padding: 4px 11px;
				margin-right: 10px;
				cursor: pointer;
			}
			.progress {
				display: grid;
				grid-template-columns: 1fr max-content;
				gap: 4px 12px;
			}
			progress {
				grid-column: 1 / -1;
				width: 100%;
				accent-color: var(--mw-accent);
			}
			.buttons {
				display: flex;
				justify-content: flex-end;
				gap: 8px;
			}
			.report {
				max-height: 300px;
				overflow: auto;
				border: 1px solid var(--mw-border);
				border-radius: var(--mw-radius);
			}
			.done {
				padding: 10px 12px;
				border-radius: var(--mw-radius);
				border: 1px solid var(--mw-ok);
				background: var(--mw-ok-weak);
			}
			mw-problem {
				margin: 0;
			}
			th,
			td {
				padding: 5px 10px;
			}
		`,
	];

	updated(changed) {
		const dialog = this.renderRoot.querySelector('dialog');
		if (changed.has('open') && this.open && !dialog.open) {
			this.file = this.imported = this.problem = undefined;
			this.renderRoot.querySelector('form').reset();
			dialog.showModal();
		}
		if (!this.open && dialog.open) dialog.close();
	}

	#choose(file) {
		this.file = file;
		this.imported = undefined;
		this.problem =
			file && file.size > MOST_BYTES
				? {message: 'The file is larger than 16 MB', advice: 'Split it and import the parts one after the other.'}
				: undefined;
	}

	#drop = event => {
		event.preventDefault();
		event.currentTarget.classList.remove('over');
		const file = event.dataTransfer.files[0];
		if (file) this.#choose(file);
	};

	#submit = async event => {
		event.preventDefault();
		if (!this.file || this.busy || this.imported !== undefined) return;
		this.busy = true;
		this.problem = undefined;
		this.sent = this.seconds = 0;
		const begun = performance.now();
		const clock = setInterval(() => (this.seconds = Math.floor((performance.now() - begun) / 1000)), 250);
		try {
			const {imported} = await upload('/meters/import', this.file, 'text/csv', share => (this.sent = share));
			this.imported = imported;
			this.dispatchEvent(new Event('imported'));
		} catch (problem) {
			this.problem = problem;
		} finally {
			clearInterval(clock);
			this.busy = false;
		}
	};

	render() {
		return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event('closed'))}>
			<form @submit=${this.#submit}>
				<h1 id="title">Import meters</h1>
				<p class="hint">
					A CSV file (UTF-8) whose first line names the columns: <b>id</b>, and as needed ${COLUMNS}. Either every line is
					imported or none; meters that are in the inventory already are reported and not touched.
					<a href="#" @click=${this.#example}>Download an example</a>
				</p>
				<label class="file" ?hidden=${this.imported !== undefined} @dragover=${e => (e.preventDefault(), e.currentTarget.classList.add('over'))}
					@dragleave=${e => e.currentTarget.classList.remove('over')} @drop=${this.#drop}>
					<span class="visually-hidden">CSV file</span>
					<input type="file" accept=".csv,text/csv,text/plain" @change=${e => this.#choose(e.target.files[0])} />
					${this.file ? html`<p class="hint">${this.file.name}, ${Math.ceil(this.file.size / 1024)} kB</p>` : nothing}
				</label>
				${this.busy ? this.#progress() : nothing}
				${this.problem ? this.#report() : nothing}
				${this.imported !== undefined
					? html`<p class="done" role="status">${whole.format(this.imported)} ${this.imported === 1 ? 'meter was' : 'meters were'} imported.</p>`
					: nothing}
				<div class="buttons">
					<button type="button" @click=${() => this.renderRoot.querySelector('dialog').close()}>
						${this.imported === undefined && !this.busy ? 'Cancel' : 'Close'}
					</button>
					${this.imported === undefined
						? html`<button class="primary" ?disabled=${!this.file || this.busy}>${this.busy ? 'Importing…' : 'Import'}</button>`
						: nothing}
				</div>
			</form>
		</dialog>`;
	}

	#example = event => {
		event.preventDefault();
		const link = document.createElement('a');
		link.href = URL.createObjectURL(new Blob([EXAMPLE], {type: 'text/csv'}));
		link.download = 'meters.csv';
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
	};

	#progress() {
		const sent = Math.round(this.sent * 100);
		return html`<div class="progress">
			${this.sent < 1
				? html`<progress aria-label="Import" max="100" value=${sent}></progress>`
				: html`<progress aria-label="Import"></progress>`}
			<span class="hint" role="status">${this.sent < 1
				? `Sending the file, ${sent} %`
				: 'The gateway checks every line and writes the meters…'}</span>
			<span class="hint">${this.seconds} s</span>
		</div>`;
	}

	#report() {
		const {errors = []} = this.problem;
		if (errors.length === 0) return html`<mw-problem noRetry .problem=${this.problem}></mw-problem>`;
		return html`
			<p role="alert"><b>Nothing was imported.</b> Correct ${errors.length === 1 ? 'this line' : `these ${errors.length} mistakes`}
				and import the file again.</p>
			<div class="report" tabindex="0" aria-label="Mistakes by line">
				<table>
					<thead><tr><th class="number">Line</th><th>Column</th><th>What is wrong</th></tr></thead>
					<tbody>
						${errors.map(
							({line, column, message}) => html`<tr>
								<td class="number">${line ?? ''}</td>
								<td class="mono">${column || 'whole line'}</td>
								<td>${message}</td>
							</tr>`,
						)}
					</tbody>
				</table>
			</div>`;
	}
}
customElements.define('mw-import', ImportDialog);
