// SPDX-License-Identifier: EPL-2.0
import {live} from '../core/live.js';

/** Runs a task now and again while its element is shown and the window is visible; a Lit reactive controller. */
export class Poll {
	#timer;
	#running = false;

	/** @param {() => Promise<unknown>} task handles its own errors */
	constructor(host, milliseconds, task) {
		this.milliseconds = milliseconds;
		this.task = task;
		host.addController(this);
	}

	hostConnected() {
		this.#timer = setInterval(() => !document.hidden && this.now(), this.milliseconds);
		this.now();
	}

	hostDisconnected() {
		clearInterval(this.#timer);
	}

	/** One at a time: a slow gateway is not asked again before it answered. */
	async now() {
		if (this.#running) return;
		this.#running = true;
		try {
			await this.task();
		} finally {
			this.#running = false;
		}
	}
}

/** Does something when the gateway is back after it could not be reached; a Lit reactive controller. */
export class OnReturn {
	#listener;

	/** @param {() => unknown} task asks again for what failed meanwhile */
	constructor(host, task) {
		this.#listener = ({detail}) => detail === 'open' && task();
		host.addController(this);
	}

	hostConnected() {
		live.addEventListener('state', this.#listener);
	}

	hostDisconnected() {
		live.removeEventListener('state', this.#listener);
	}
}
