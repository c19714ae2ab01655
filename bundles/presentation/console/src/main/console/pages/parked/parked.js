// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {hrefOf} from '../../core/pages.js';
import {shared} from '../../ui/styles.js';
import './parked-list.js';

/** All parked frames, or those of the meter in the address. */
export class Parked extends LitElement {
	static properties = {query: {attribute: false}};
	static styles = [
		shared,
		css`
			.head {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 4px 14px;
				margin-bottom: 12px;
			}
		`,
	];

	render() {
		const meter = this.query?.get('meter') ?? '';
		return html`
			<div class="head">
				<h1>Parked frames${meter ? ` of ${meter}` : ''}</h1>
				${meter ? html`<a href=${hrefOf('/parked')}>of all meters</a>` : nothing}
			</div>
			<mw-parked-list .meterId=${meter}></mw-parked-list>
		`;
	}
}
customElements.define('mw-parked', Parked);
