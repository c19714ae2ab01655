// SPDX-License-Identifier: EPL-2.0
import {css} from 'lit';

/** What every page and panel looks like. */
export const shared = css`
	:host {
		display: block;
	}
	:host([hidden]),
	[hidden] {
		display: none !important;
	}
	*,
	*::before,
	*::after {
		box-sizing: border-box;
	}
	h1,
	h2,
	h3,
	p {
		margin: 0;
	}
	h1 {
		font-size: 1.25rem;
		font-weight: 650;
		line-height: 1.3;
	}
	h2 {
		font-size: 0.9375rem;
		font-weight: 650;
	}
	a {
		color: var(--mw-accent);
		text-decoration: none;
	}
	a:hover {
		text-decoration: underline;
	}
	:focus-visible {
		outline: 2px solid var(--mw-accent);
		outline-offset: 2px;
		border-radius: 3px;
	}
	.panel {
		background: var(--mw-surface);
		border: 1px solid var(--mw-border);
		border-radius: var(--mw-radius);
		min-width: 0;
	}
	.panel > header {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		gap: 4px 12px;
		padding: 9px 14px;
		border-bottom: 1px solid var(--mw-border);
		min-height: 42px;
	}
	.panel > header .hint {
		flex: 1 1 160px;
	}
	.body {
		padding: 12px 14px;
	}
	.hint {
		color: var(--mw-text-2);
		font-size: 0.8125rem;
	}
	.number {
		text-align: right;
		font-variant-numeric: tabular-nums;
		white-space: nowrap;
	}
	.mono {
		font-family: var(--mw-mono);
		font-size: 0.8125rem;
	}
	.empty {
		padding: 28px 16px;
		text-align: center;
		color: var(--mw-text-2);
	}
	.empty strong {
		display: block;
		color: var(--mw-text);
		margin-bottom: 4px;
	}
	.scroll {
		overflow-x: auto;
	}
	table {
		border-collapse: collapse;
		width: 100%;
	}
	th {
		text-align: left;
		font-size: 0.8125rem;
		font-weight: 600;
		color: var(--mw-text-2);
		padding: 6px 14px;
		border-bottom: 1px solid var(--mw-border);
		white-space: nowrap;
	}
	th.number {
		text-align: right;
	}
	td {
		padding: 6px 14px;
		border-bottom: 1px solid var(--mw-border);
		vertical-align: baseline;
	}
	tr:last-child > td {
		border-bottom: 0;
	}
	dl {
		display: grid;
		grid-template-columns: max-content 1fr;
		gap: 5px 16px;
		margin: 0;
	}
	dt {
		color: var(--mw-text-2);
	}
	dd {
		margin: 0;
		min-width: 0;
		overflow-wrap: anywhere;
	}
	button {
		font: inherit;
		color: inherit;
		background: var(--mw-surface);
		border: 1px solid var(--mw-border-strong);
		border-radius: 5px;
		padding: 4px 11px;
		min-height: 30px;
		cursor: pointer;
	}
	button:hover:not(:disabled) {
		background: var(--mw-accent-weak);
	}
	button:disabled {
		opacity: 0.55;
		cursor: not-allowed;
	}
	button.primary {
		background: var(--mw-accent);
		border-color: var(--mw-accent);
		color: var(--mw-on-accent);
	}
	button.primary:hover:not(:disabled) {
		filter: brightness(1.1);
		background: var(--mw-accent);
	}
	button.small {
		min-height: 26px;
		padding: 1px 9px;
		font-size: 0.8125rem;
	}
	.visually-hidden {
		position: absolute;
		width: 1px;
		height: 1px;
		overflow: hidden;
		clip-path: inset(50%);
		white-space: nowrap;
	}
`;
