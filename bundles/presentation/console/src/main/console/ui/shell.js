// SPDX-License-Identifier: EPL-2.0
import {LitElement, html, css, nothing} from 'lit';
import {BASE, changes, hrefOf, match, navigation} from '../core/pages.js';
import {live} from '../core/live.js';
import * as router from '../core/router.js';
import {nextTheme, theme, themeChanges} from '../core/theme.js';
import {icons, mark} from './icons.js';
import {shared} from './styles.js';
import './problem.js';
import './status.js';

const THEMES = {auto: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark'};
const STREAM = {
	connecting: ['Connecting', 'Connecting to the gateway’s live stream'],
	open: ['Live', 'Connected: figures and events arrive as they happen'],
	lost: ['Connection lost', 'The gateway does not answer. The console reconnects by itself; figures may be old.'],
};

/** The frame around every page: mark, navigation, state of the connection. */
export class Shell extends LitElement {
	static styles = [
		shared,
		css`
			.bar {
				position: sticky;
				top: 0;
				z-index: 10;
				display: flex;
				align-items: center;
				gap: 8px;
				height: 48px;
				padding: 0 16px;
				background: var(--mw-surface);
				border-bottom: 1px solid var(--mw-border);
			}
			.brand {
				display: flex;
				align-items: center;
				gap: 9px;
				font-weight: 650;
				font-size: 1rem;
				color: var(--mw-text);
				margin-right: 14px;
			}
			.brand:hover {
				text-decoration: none;
			}
			nav {
				display: flex;
				align-self: stretch;
				flex: 1;
				min-width: 0;
			}
			nav a {
				display: flex;
				align-items: center;
				gap: 7px;
				padding: 0 12px;
				color: var(--mw-text-2);
				border-bottom: 2px solid transparent;
				border-top: 2px solid transparent;
			}
			nav a:hover {
				color: var(--mw-text);
				text-decoration: none;
			}
			nav a[aria-current] {
				color: var(--mw-accent);
				border-bottom-color: var(--mw-accent);
				font-weight: 600;
			}
			nav a:focus-visible {
				outline-offset: -3px;
			}
			.theme {
				display: grid;
				place-items: center;
				width: 34px;
				height: 34px;
				padding: 0;
				border-color: transparent;
				color: var(--mw-text-2);
			}
			main {
				max-width: 1440px;
				margin: 0 auto;
				padding: 16px;
				outline: none;
			}
			.skip {
				position: absolute;
				left: 8px;
				top: -60px;
				z-index: 20;
				background: var(--mw-surface);
				padding: 8px 12px;
			}
			.skip:focus {
				top: 4px;
			}
			.lost {
				position: sticky;
				top: 48px;
				z-index: 9;
				padding: 8px 16px;
				background: var(--mw-bad-weak);
				color: var(--mw-bad);
				border-bottom: 1px solid var(--mw-bad);
			}
			@media (max-width: 640px) {
				.bar {
					padding: 0 12px;
				}
				.brand {
					flex: 1;
				}
				nav {
					position: fixed;
					z-index: 10;
					inset: auto 0 0 0;
					height: calc(54px + env(safe-area-inset-bottom, 0px));
					padding-bottom: env(safe-area-inset-bottom, 0px);
					background: var(--mw-surface);
					border-top: 1px solid var(--mw-border);
				}
				nav a {
					flex: 1;
					flex-direction: column;
					justify-content: center;
					gap: 2px;
					font-size: 0.75rem;
					border-bottom: 0;
				}
				nav a[aria-current] {
					border-top-color: var(--mw-accent);
				}
				main {
					padding: 10px 10px 74px;
				}
			}
		`,
	];

	#problem;
	#shown = '';

	connectedCallback() {
		super.connectedCallback();
		router.start();
		live.start();
		for (const source of [changes, themeChanges]) source.addEventListener('change', () => this.requestUpdate());
		changes.addEventListener('change', () => this.#show(false));
		router.location.addEventListener('change', event => this.#show(!event.detail.replace));
		live.addEventListener('state', () => this.requestUpdate());
		queueMicrotask(() => this.#show(false).then(fetchOthers));
	}

	/** Fetches the code of the page the address names, then shows it. */
	async #show(moveFocus) {
		const found = match(window.location.pathname);
		const shown = `${found?.page.path} ${window.location.href}`;
		if (!moveFocus && this.#shown === shown) return;
		this.#shown = shown;
		this.#problem = undefined;
		try {
			await found?.page.load?.();
		} catch (cause) {
			// A gateway that was updated has other file names than this page knows.
			this.#problem = {message: 'The page could not be fetched', advice: 'Reload; the gateway may have been updated.', cause};
		}
		if (this.#shown !== shown) return;
		document.title = found ? `${found.page.title} · Meterway` : 'Meterway';
		this.found = found;
		this.requestUpdate();
		await this.updateComplete;
		if (moveFocus) {
			window.scrollTo(0, 0);
			this.renderRoot.querySelector('main').focus({preventScroll: true});
		}
	}

	render() {
		const [word, explanation] = STREAM[live.state];
		return html`
			<a class="skip" href="#main" @click=${this.#skip}>Skip to the page</a>
			<header class="bar">
				<a class="brand" href=${BASE + '/'}>${mark}<span>Meterway</span></a>
				<nav aria-label="Pages">${navigation().map(page => this.#link(page))}</nav>
				<mw-status id="stream" role="status" .state=${live.state} .text=${word} title=${explanation}></mw-status>
				<button class="theme" title=${THEMES[theme()]} aria-label=${THEMES[theme()]} @click=${nextTheme}>
					${icons[theme()]}
				</button>
			</header>
			${live.state === 'lost' ? html`<p class="lost" role="alert">${STREAM.lost[1]}</p>` : nothing}
			<main id="main" tabindex="-1">${this.#page()}</main>
		`;
	}

	#link(page) {
		const path = window.location.pathname;
		const own = hrefOf(page.path);
		const current = page.path === '/' ? path === own || path === BASE : path === own || path.startsWith(own + '/');
		return html`<a href=${own} aria-current=${current ? 'page' : nothing}>${icons[page.icon] ?? icons.page}${page.nav}</a>`;
	}

	#page() {
		if (this.#problem) {
			return html`<mw-problem .problem=${this.#problem} @retry=${() => window.location.reload()}></mw-problem>`;
		}
		if (this.found) return this.found.page.render(this.found.params, new URLSearchParams(window.location.search));
		const opening = match(window.location.pathname)?.page.title;
		if (opening) return html`<p class="empty" role="status">Opening ${opening.toLowerCase()}…</p>`;
		return html`<section class="panel empty">
			<strong>There is no page at this address</strong>
			Go to the <a href=${BASE + '/'}>overview</a> or the <a href=${hrefOf('/meters')}>meters</a>.
		</section>`;
	}

	#skip = event => {
		event.preventDefault();
		this.renderRoot.querySelector('main').focus();
	};
}

/** The other pages' code, when there is nothing else to do: opening them shall not wait for the line. */
function fetchOthers() {
	const fetchAll = () => navigation().forEach(page => page.load?.().catch(() => undefined));
	window.requestIdleCallback ? requestIdleCallback(fetchAll, {timeout: 5000}) : setTimeout(fetchAll, 2000);
}
customElements.define('mw-shell', Shell);
