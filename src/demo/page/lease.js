/**
 * How long a lease still lasts, as a time and as a bar.
 */

export class Lease {
  #time;
  #bar;
  #leasedAt;
  #timer;

  /** `time` and `bar` are the elements that show it. */
  constructor(time, bar) {
    this.#time = time;
    this.#bar = bar;
  }

  /** A lease has begun at this moment. */
  began(atMs) {
    this.#leasedAt = atMs;
  }

  /** Counts down to its end. */
  endsAt(expiresAt) {
    const show = () => {
      this.#time.textContent = formatDuration(expiresAt - Date.now());
      this.#bar.value = Math.max(0, (expiresAt - Date.now()) / (expiresAt - this.#leasedAt));
    };
    clearInterval(this.#timer);
    this.#timer = setInterval(show, 1_000);
    show();
  }

  /** There is none any more. */
  clear() {
    clearInterval(this.#timer);
    this.#time.textContent = "–";
    this.#bar.value = 0;
  }
}

function formatDuration(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
