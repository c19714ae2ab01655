// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, svg, css, nothing} from 'lit';

const WIDTH = 240;
const HEIGHT = 44;

/** A small curve of the last minutes; the newest value is at the right. */
export class Trend extends LitElement {
	static properties = {
		/** @type {{time: number, value: number}[]} oldest first, times in milliseconds */
		points: {attribute: false},
		/** How much time the width stands for. */
		seconds: {type: Number},
	};
	static styles = css`
		:host {
			display: block;
		}
		svg {
			display: block;
			width: 100%;
			height: 44px;
		}
		path {
			vector-effect: non-scaling-stroke;
		}
		.line {
			fill: none;
			stroke: var(--mw-accent);
			stroke-width: 1.6;
		}
		.area {
			fill: var(--mw-accent);
			opacity: 0.12;
		}
		.base {
			stroke: var(--mw-border);
			stroke-width: 1;
		}
	`;

	constructor() {
		super();
		this.points = [];
		this.seconds = 180;
	}

	render() {
		const last = this.points.at(-1)?.time ?? 0;
		const shown = this.points.filter(point => point.time >= last - this.seconds * 1000);
		const top = Math.max(1, ...shown.map(point => point.value)) * 1.1;
		const at = ({time, value}) => [
			(WIDTH * (1 - (last - time) / (this.seconds * 1000))).toFixed(1),
			(HEIGHT - 1 - ((HEIGHT - 4) * value) / top).toFixed(1),
		];
		const line = shown.map((point, i) => (i ? 'L' : 'M') + at(point).join(' ')).join('');
		return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
			<path class="base" d="M0 ${HEIGHT - 0.5}H${WIDTH}" />
			${shown.length > 1
				? svg`<path class="area" d="${line}V${HEIGHT}H${at(shown[0])[0]}Z"/><path class="line" d=${line} />`
				: nothing}
		</svg>`;
	}
}
customElements.define('mw-trend', Trend);
