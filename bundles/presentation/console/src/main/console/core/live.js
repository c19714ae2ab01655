// SPDX-License-Identifier: EPL-2.0
/**
 * The gateway's live stream (server-sent events), one connection for the whole console.
 *
 * Says `state` (connecting, open, lost), `stats` (once a second) and `event`.
 */
const URL = '/api/v1/events';
/** The stream says something every second; this long without a word it is taken for dead. */
const SILENCE_MILLISECONDS = 8000;
const LONGEST_PAUSE_MILLISECONDS = 15000;
const KEPT_STATS = 180;

class Live extends EventTarget {
	state = 'connecting';
	/** @type {{time: number, stats: any}[]} what came lately, oldest first */
	history = [];
	#source;
	#pause = 1000;
	#watch;
	#retry;

	start() {
		if (this.#source || this.#retry) return;
		this.#open();
	}

	#open() {
		this.#retry = undefined;
		const source = new EventSource(URL);
		this.#source = source;
		this.#listen();
		source.addEventListener('open', () => this.#heard());
		source.addEventListener('stats', message => {
			this.#heard();
			const stats = JSON.parse(message.data);
			this.history.push({time: Date.now(), stats});
			if (this.history.length > KEPT_STATS) this.history.shift();
			this.dispatchEvent(new CustomEvent('stats', {detail: stats}));
		});
		source.addEventListener('event', message => {
			this.#heard();
			this.dispatchEvent(new CustomEvent('event', {detail: JSON.parse(message.data)}));
		});
		source.addEventListener('error', () => {
			this.#become('lost');
			// The browser reconnects by itself after a broken line, but not after an error answer.
			if (source.readyState === EventSource.CLOSED) this.#reopenLater();
		});
	}

	#heard() {
		this.#pause = 1000;
		this.#become('open');
		this.#listen();
	}

	#listen() {
		clearTimeout(this.#watch);
		this.#watch = setTimeout(() => {
			this.#become('lost');
			this.#reopenLater();
		}, SILENCE_MILLISECONDS);
	}

	#reopenLater() {
		clearTimeout(this.#watch);
		this.#source.close();
		if (this.#retry) return;
		this.#retry = setTimeout(() => this.#open(), this.#pause);
		this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MILLISECONDS);
	}

	#become(state) {
		if (state === this.state) return;
		this.state = state;
		this.dispatchEvent(new CustomEvent('state', {detail: state}));
	}
}

export const live = new Live();
