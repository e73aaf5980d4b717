/**
 * What a connection has to send, gathered until the end of the turn.
 *
 * The naive way writes each frame to the socket as it is made: 32 replies are 32 system calls and 32 packets. Here they
 * lie one behind the other in one buffer, which leaves in one write. A connection that has nothing to send has no buffer.
 *
 * @module
 */

import { Buffer } from "node:buffer";

const NOTHING = Buffer.alloc(0);

/** A first buffer is at least this large, so that a few small frames do not make it grow. */
const MIN_BYTES = 256;

/** The first buffer of a turn is as large as the last turn needed, but not above this. */
const MAX_FIRST_BYTES = 65_536;

/** From this length on, copying a payload costs more than handing the socket one buffer more. */
const COPY_BELOW_BYTES = 16_384;

/** Frames on their way to one socket. */
export class SendBuffer {
  /** Where {@link reserve} makes room; another buffer after each call. */
  bytes: Buffer = NOTHING;
  /** Payloads from this length on are attached, not copied. */
  readonly copyBelowBytes: number = COPY_BELOW_BYTES;
  #end = 0;
  #firstBytes = MIN_BYTES;
  /** What lies in front of `bytes`: finished buffers, none of them empty. */
  #finished: Uint8Array[] = [];
  #finishedBytes = 0;
  /** A frame shared with other connections, kept as it is for as long as nothing else joins it: the rest is empty then. */
  #shared: Uint8Array | undefined;

  /** How many bytes wait. */
  get length(): number {
    return this.#finishedBytes + this.#end + (this.#shared === undefined ? 0 : this.#shared.length);
  }

  /**
   * Makes room at the end.
   *
   * @param count How many bytes the caller is about to write, all of them.
   * @returns Where in {@link bytes} to write them.
   */
  reserve(count: number): number {
    if (this.#shared !== undefined) this.#copyShared();
    const at = this.#end;
    const needed = at + count;
    if (needed > this.bytes.length) this.#grow(needed);
    this.#end = needed;
    return at;
  }

  /**
   * Puts a large payload behind what is there, without copying it.
   *
   * @param payload Must not change until it has left.
   */
  attach(payload: Uint8Array): void {
    this.#finish();
    this.#finished.push(payload);
    this.#finishedBytes += payload.length;
  }

  /**
   * Puts a whole frame behind what is there; copied only when it does not stay alone.
   *
   * @param frame Bytes that other connections send too; must not change.
   */
  appendShared(frame: Uint8Array): void {
    if (frame.length >= this.copyBelowBytes) {
      this.attach(frame);
    } else if (this.length === 0) {
      this.#shared = frame;
    } else {
      const at = this.reserve(frame.length);
      this.bytes.set(frame, at);
    }
  }

  /**
   * Hands over all that waits and starts afresh.
   *
   * @returns One buffer, or several in order; they belong to the caller.
   */
  take(): Uint8Array | Uint8Array[] {
    const shared = this.#shared;
    if (shared !== undefined) {
      this.#shared = undefined;
      return shared;
    }
    this.#firstBytes = Math.max(MIN_BYTES, Math.min(this.#end, MAX_FIRST_BYTES));
    const last = this.bytes.subarray(0, this.#end);
    const finished = this.#finished;
    const several = this.#finishedBytes > 0;
    if (several && last.length > 0) finished.push(last);
    this.clear();
    return several ? finished : last;
  }

  /** Drops all that waits. */
  clear(): void {
    this.bytes = NOTHING;
    this.#end = 0;
    this.#shared = undefined;
    if (this.#finishedBytes === 0) return;
    this.#finished = [];
    this.#finishedBytes = 0;
  }

  #copyShared(): void {
    const shared = this.#shared as Uint8Array;
    this.#shared = undefined;
    this.#grow(shared.length);
    this.bytes.set(shared, 0);
    this.#end = shared.length;
  }

  #finish(): void {
    if (this.#shared !== undefined) this.#copyShared();
    if (this.#end === 0) return;
    this.#finished.push(this.bytes.subarray(0, this.#end));
    this.#finishedBytes += this.#end;
    this.bytes = NOTHING;
    this.#end = 0;
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length, this.#firstBytes));
    this.bytes.copy(grown, 0, 0, this.#end);
    this.bytes = grown;
  }
}
