// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css} from 'lit';
import {LineChart} from 'echarts/charts';
import {DataZoomComponent, GridComponent, MarkAreaComponent, TooltipComponent} from 'echarts/components';
import * as echarts from 'echarts/core';
import {CanvasRenderer} from 'echarts/renderers';
import {colours, themeChanges} from '../../core/theme.js';
import {localTime} from '../../core/time.js';
import {stepsOf} from './curve.js';

echarts.use([LineChart, DataZoomComponent, GridComponent, MarkAreaComponent, TooltipComponent, CanvasRenderer]);

/** Above this many points only what a screen can show is drawn. */
const MANY = 20000;
const TICKS = {year: '{yyyy}', month: '{d} {MMM}', day: '{d} {MMM}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}'};
const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 2});

/** Draws a load curve; says `drawn` when it is on the screen, and `picked` with the point that is clicked. */
export class Chart extends LitElement {
	static properties = {
		/** @type {import('./curve.js').Curve} */
		curve: {attribute: false},
		unit: {},
		from: {attribute: false},
		to: {attribute: false},
		label: {},
	};
	static styles = css`
		:host {
			display: block;
		}
		div {
			height: 320px;
			touch-action: pan-y;
		}
		@media (max-width: 640px) {
			div {
				height: 270px;
			}
		}
	`;

	#chart;
	#range;
	#size = new ResizeObserver(() => this.#chart?.resize());
	#theme = () => this.#draw();

	connectedCallback() {
		super.connectedCallback();
		themeChanges.addEventListener('change', this.#theme);
		this.#size.observe(this);
		if (this.hasUpdated) this.requestUpdate('curve');
	}

	disconnectedCallback() {
		themeChanges.removeEventListener('change', this.#theme);
		this.#size.disconnect();
		this.#chart?.dispose();
		this.#chart = undefined;
		super.disconnectedCallback();
	}

	render() {
		return html`<div role="img" aria-label=${this.label}></div>`;
	}

	updated() {
		this.#draw();
	}

	#draw() {
		const place = this.renderRoot.querySelector?.('div');
		if (!place || !this.curve) return;
		if (!this.#chart) {
			this.#chart = echarts.init(place);
			this.#chart.on('finished', () => this.dispatchEvent(new Event('drawn')));
			this.#chart.getZr().on('click', ({offsetX, offsetY}) => this.#pick([offsetX, offsetY]));
		}
		const range = `${this.from.getTime()} ${this.to.getTime()}`;
		const kept = this.#range === range ? this.#chart.getOption()?.dataZoom?.[0] : undefined;
		this.#range = range;
		this.#chart.setOption(this.#options(kept), {notMerge: true});
	}

	#pick(pixel) {
		if (!this.#chart.containPixel('grid', pixel)) return;
		const [at] = this.#chart.convertFromPixel('grid', pixel);
		// Momentary values have no width: a two-hundredth of the range to each side counts.
		const half = (this.to - this.from) / 200;
		const {points, intervalSeconds} = this.curve;
		const found =
			intervalSeconds > 0
				? points.find(({start, end}) => at >= start && at < end)
				: points.filter(({start}) => Math.abs(start - at) <= half).sort((a, b) => Math.abs(a.start - at) - Math.abs(b.start - at))[0];
		if (found) this.dispatchEvent(new CustomEvent('picked', {detail: found}));
	}

	/** Shows twice as much (2) or half (0.5) around the middle of what is shown. */
	zoom(factor) {
		const {start, end} = this.#chart?.getOption()?.dataZoom?.[0] ?? {};
		if (start === undefined) return;
		const half = Math.min(50, Math.max(0.5, ((end - start) / 2) * factor));
		const middle = Math.min(100 - half, Math.max(half, (start + end) / 2));
		this.#chart.dispatchAction({type: 'dataZoom', start: middle - half, end: middle + half});
	}

	/** @param {{start: number, end: number}} [kept] what part is shown: new readings do not move what somebody looks at */
	#options(kept) {
		const shown = {start: kept?.start ?? 0, end: kept?.end ?? 100};
		const [text, faint, line, border, surface, gap] = colours(
			this, '--mw-text', '--mw-text-2', '--mw-accent', '--mw-border', '--mw-surface', '--mw-gap');
		const {data, point} = stepsOf(this.curve);
		const axisLabel = {color: faint};
		const lines = {lineStyle: {color: border}};
		return {
			animation: false,
			textStyle: {fontFamily: getComputedStyle(this).fontFamily},
			grid: {left: 12, right: 16, top: 34, bottom: 56, containLabel: true},
			xAxis: {
				type: 'time',
				min: this.from.getTime(),
				max: this.to.getTime(),
				axisLabel: {...axisLabel, hideOverlap: true, formatter: TICKS},
				axisLine: lines,
				axisTick: lines,
				splitLine: {show: false},
			},
			yAxis: {
				type: 'value',
				scale: this.curve.total === null,
				name: this.unit,
				nameTextStyle: {color: faint, align: 'left'},
				nameGap: 12,
				axisLabel: {...axisLabel, formatter: value => compact.format(value)},
				splitLine: {lineStyle: {color: border}},
			},
			// Rich text is drawn on the canvas: HTML would need inline styles, which the page's policy forbids.
			tooltip: {
				trigger: 'axis',
				renderMode: 'richText',
				confine: true,
				backgroundColor: surface,
				borderColor: border,
				textStyle: {color: text, fontSize: 12},
				axisPointer: {lineStyle: {color: faint}, label: {show: false}},
				formatter: ([hit]) => this.#describe(point[hit?.dataIndex]),
			},
			dataZoom: [
				{type: 'inside', ...shown, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: true, preventDefaultMouseMove: false},
				{
					type: 'slider',
					...shown,
					filterMode: 'none',
					height: 22,
					bottom: 10,
					borderColor: border,
					textStyle: {color: faint},
					dataBackground: {lineStyle: {color: faint}, areaStyle: {color: faint, opacity: 0.15}},
					selectedDataBackground: {lineStyle: {color: line}, areaStyle: {color: line, opacity: 0.2}},
					labelFormatter: value => localTime(value).slice(0, 16),
				},
			],
			series: [
				{
					type: 'line',
					step: this.curve.intervalSeconds > 0 ? 'end' : false,
					data,
					connectNulls: false,
					showSymbol: this.curve.points.length === 1,
					sampling: data.length > MANY ? 'lttb' : undefined,
					lineStyle: {color: line, width: 1.6},
					itemStyle: {color: line},
					areaStyle: this.curve.total === null ? undefined : {color: line, opacity: 0.13},
					emphasis: {disabled: true},
					markArea: {
						silent: true,
						itemStyle: {color: gap, opacity: 0.6},
						data: this.curve.gaps.map(({from, to}) => [{xAxis: from}, {xAxis: to}]),
					},
				},
			],
		};
	}

	#describe(found) {
		if (!found) return 'Gap: no reading';
		const time = found.end > found.start
			? `${localTime(found.start).slice(0, 16)} – ${localTime(found.end).slice(11, 16)}`
			: localTime(found.start);
		const flags = found.quality.filter(flag => flag !== 'measured');
		return `${time}\n${found.text} ${this.unit}${flags.length ? '\n' + flags.join(', ') : ''}`;
	}
}
customElements.define('mw-chart', Chart);
