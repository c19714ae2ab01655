// SPDX-License-Identifier: EPL-2.0
import {html, css} from 'lit';

/** A long number in groups of three, by space only: what is copied is the exact value as the gateway gave it. */
export function digits(text) {
	const found = /^(-?)(\d+)(\.\d+)?$/.exec(text ?? '');
	if (!found || found[2].length < 5) return text;
	const [, sign, whole, fraction = ''] = found;
	const first = whole.length % 3 || 3;
	const groups = whole.slice(first).match(/\d{3}/g) ?? [];
	return html`<span class="digits">${sign}${whole.slice(0, first)}${groups.map(group => html`<i>${group}</i>`)}${fraction}</span>`;
}

export const digitStyles = css`
	.digits i {
		font-style: normal;
		margin-left: 0.22em;
	}
`;
