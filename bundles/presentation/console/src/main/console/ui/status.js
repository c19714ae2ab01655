// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css} from 'lit';

/** Kinds of a state, so that like states look alike everywhere. */
const KINDS = {
	up: 'ok', open: 'ok', registered: 'ok', active: 'ok', info: 'idle',
	degraded: 'warn', warning: 'warn', asleep: 'warn', connecting: 'warn',
	down: 'bad', alarm: 'bad', lost: 'bad', unregistered: 'bad',
	never: 'idle', planned: 'idle', retired: 'idle',
};

/** A state as a word with a mark; the shape says it too, not only the colour. */
export class Status extends LitElement {
	static properties = {state: {}, text: {}};
	static styles = css`
		:host {
			display: inline-flex;
			align-items: center;
			gap: 6px;
			padding: 0 8px 0 7px;
			min-height: 20px;
			border-radius: 10px;
			font-size: 0.8125rem;
			line-height: 20px;
			white-space: nowrap;
			color: var(--_colour);
			background: var(--_weak);
		}
		i {
			width: 8px;
			height: 8px;
			flex: none;
			background: currentColor;
			border-radius: 50%;
		}
		:host([kind='ok']) {
			--_colour: var(--mw-ok);
			--_weak: var(--mw-ok-weak);
		}
		:host([kind='warn']) {
			--_colour: var(--mw-warn);
			--_weak: var(--mw-warn-weak);
		}
		:host([kind='bad']) {
			--_colour: var(--mw-bad);
			--_weak: var(--mw-bad-weak);
		}
		:host([kind='idle']) {
			--_colour: var(--mw-idle);
			--_weak: var(--mw-idle-weak);
		}
		:host([kind='warn']) i {
			border-radius: 0;
			clip-path: polygon(50% 0, 100% 100%, 0 100%);
		}
		:host([kind='bad']) i {
			border-radius: 1px;
		}
		:host([kind='idle']) i {
			background: none;
			border: 2px solid currentColor;
		}
	`;

	willUpdate() {
		this.setAttribute('kind', KINDS[this.state] ?? 'idle');
	}

	render() {
		return html`<i></i>${this.text ?? this.state}`;
	}
}
customElements.define('mw-status', Status);
