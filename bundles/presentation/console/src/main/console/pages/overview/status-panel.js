// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {duration} from '../../core/time.js';
import {shared} from '../../ui/styles.js';
import {time} from '../../ui/time.js';
import '../../ui/status.js';

const WORDS = {
	up: 'All parts of the gateway work.',
	degraded: 'The gateway works, but a part of it needs attention.',
	down: 'The gateway cannot do its work. Meters keep their readings until it can.',
};
const ORDER = {down: 0, degraded: 1, up: 2};

/** The gateway and its components in words; what needs attention first. */
export class GatewayStatus extends LitElement {
	static properties = {health: {attribute: false}};
	static styles = [
		shared,
		css`
			.words {
				padding: 11px 14px;
				border-bottom: 1px solid var(--mw-border);
			}
			ul {
				list-style: none;
				margin: 0;
				padding: 0;
			}
			li {
				display: grid;
				grid-template-columns: 92px minmax(0, 1fr);
				gap: 2px 10px;
				padding: 8px 14px;
				border-bottom: 1px solid var(--mw-border);
				align-items: baseline;
			}
			li strong {
				font-weight: 600;
			}
			li p {
				overflow-wrap: anywhere;
			}
			dl {
				padding: 10px 14px;
				font-size: 0.8125rem;
			}
			mw-status {
				justify-self: start;
			}
		`,
	];

	render() {
		const {health} = this;
		if (!health) {
			return html`<section class="panel"><header><h2>Gateway</h2></header><p class="empty">Asking the gateway…</p></section>`;
		}
		const components = [...(health.components ?? [])].sort(
			(a, b) => (ORDER[a.status] ?? 1) - (ORDER[b.status] ?? 1) || a.name.localeCompare(b.name),
		);
		return html`<section class="panel">
			<header><h2>Gateway</h2><span class="hint"></span><mw-status .state=${health.status}></mw-status></header>
			<p class="words">${WORDS[health.status] ?? 'The gateway says nothing about its state.'}</p>
			<ul>
				${components.map(
					({name, status, text}) => html`<li>
						<mw-status .state=${status}></mw-status>
						<div><strong>${name}</strong><p class="hint">${text}</p></div>
					</li>`,
				)}
			</ul>
			<dl>
				<dt>Version</dt>
				<dd>${health.version}</dd>
				<dt>Running for</dt>
				<dd>${duration(health.uptimeSeconds)}, since ${time(health.startedAt)}</dd>
				${health.messages
					? html`<dt>Messages</dt>
							<dd>
								${health.messages.accepted} accepted, ${health.messages.rejected} rejected,
								${health.messages.unsettled} not folded into profiles yet, ${health.messages.busy} turned away when busy
							</dd>`
					: nothing}
			</dl>
		</section>`;
	}
}
customElements.define('mw-gateway-status', GatewayStatus);
