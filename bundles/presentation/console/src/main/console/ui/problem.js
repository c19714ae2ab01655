// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {shared} from './styles.js';

/** What went wrong and what to do; says `retry` when the person asks for it. */
export class ProblemBox extends LitElement {
	static properties = {problem: {attribute: false}, noRetry: {type: Boolean}};
	static styles = [
		shared,
		css`
			:host {
				margin: 12px 14px;
			}
			div {
				display: flex;
				flex-wrap: wrap;
				gap: 6px 14px;
				align-items: center;
				padding: 10px 12px;
				border-radius: var(--mw-radius);
				border: 1px solid var(--mw-bad);
				background: var(--mw-bad-weak);
			}
			p {
				flex: 1 1 240px;
			}
			strong {
				color: var(--mw-bad);
			}
		`,
	];

	render() {
		const {problem} = this;
		if (!problem) return nothing;
		return html`<div role="alert">
			<p><strong>${problem.message}.</strong> ${problem.advice ?? 'Reload the page.'}</p>
			${this.noRetry
				? nothing
				: html`<button @click=${() => this.dispatchEvent(new Event('retry'))}>Try again</button>`}
		</div>`;
	}
}
customElements.define('mw-problem', ProblemBox);
