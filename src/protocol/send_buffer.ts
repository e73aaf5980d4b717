/**
 * What a connection has to send, gathered until the end of the turn.
 *
 * The naive way writes each frame to the socket as it is made: 32 replies are 32 system calls and 32 packets. Here they
 * lie one behind the other in one buffer, which leaves in one write. Two things are not copied into it: large payloads, and frames that
 * other connections send too (`shared_run.ts`). A connection that has nothing to send has no buffer.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { SharedRun } from "./shared_run.ts";
import { type Fate, OUTPUT_SPACE, SHARED_SPACE_BYTES, type SharedSpace } from "./shared_space.ts";

const NOTHING = Buffer.alloc(0);

/** A first buffer is at least this large, so that a few small frames do not make it grow. */
const MIN_BYTES = 256;

/** The first buffer of a turn is as large as the last turn needed, but not above this. */
const MAX_FIRST_BYTES = 65_536;

/** From this length on, payloads are attached: copying them costs more than handing the socket one buffer more. */
export const COPY_BELOW_BYTES = 16_384;

/**
 * No frame is added to a run of this length. Each run refers to the one that last followed it, so an application that keeps a
 * `SharedMessage` keeps also what was once sent behind it.
 */
const MAX_RUN_BYTES = 16_384;

/** Below this many bytes, a buffer comes from the runtime's own pool, for less than it costs to borrow one. */
const BORROW_FROM_BYTES = 2_048;

/** The finished buffers of a connection that has none, which is most of them at most times. */
const NONE: Uint8Array[] = [];

/** Frames on their way to one socket. */
export class SendBuffer {
  /** Where {@link reserve} makes room; another buffer after each call. */
  bytes: Buffer = NOTHING;
  #end = 0;
  #firstBytes = MIN_BYTES;
  /** Whether what is added will wait here for a while: then it must not wait in memory that others could use. */
  #keptBack = false;
  /** What lies in front of `bytes`: finished buffers, none of them empty. */
  #finished: Uint8Array[] = NONE;
  #finishedBytes = 0;
  /** Frames shared with other connections, kept as they are for as long as nothing else joins them: `bytes` and `#finished` are empty then. */
  #shared: SharedRun | undefined;

  readonly #space: SharedSpace;

  /** @param space Memory that it may borrow: by default that of all connections. */
  constructor(space: SharedSpace = OUTPUT_SPACE) {
    this.#space = space;
  }

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
    this.#push(payload);
    this.#finishedBytes += payload.length;
  }

  /**
   * Puts a whole frame behind what is there; copied only when something of this connection's own is there, too.
   *
   * @param frame A frame that other connections send too, as a run of its own.
   */
  appendShared(frame: SharedRun): void {
    const shared = this.#shared;
    if (frame.length >= COPY_BELOW_BYTES) {
      this.attach(frame.bytes);
    } else if (shared !== undefined && shared.length < MAX_RUN_BYTES) {
      this.#shared = shared.followedBy(frame);
    } else if (this.length === 0) {
      this.#shared = frame;
    } else {
      const at = this.reserve(frame.length);
      this.bytes.set(frame.bytes, at);
    }
  }

  /**
   * Hands over all that waits and starts afresh.
   *
   * @returns One buffer, or several in order. To be written, never changed: other connections may send the same bytes. Whoever has
   * written them says in {@link SendBuffer.settle} what became of each.
   */
  take(): Uint8Array | Uint8Array[] {
    const shared = this.#shared;
    if (shared !== undefined) {
      this.#shared = undefined;
      return shared.bytes;
    }
    this.#firstBytes = Math.max(MIN_BYTES, Math.min(this.#end, MAX_FIRST_BYTES));
    const last = this.bytes.subarray(0, this.#end);
    const finished = this.#finished;
    const several = this.#finishedBytes > 0;
    if (several && last.length > 0) finished.push(last);
    this.#empty();
    return several ? finished : last;
  }

  /** Says whether output is kept back, as the peer does not read. */
  setKeptBack(keptBack: boolean): void {
    this.#keptBack = keptBack;
  }

  /**
   * Says what became of what was taken: the memory may be used again.
   *
   * @param bytes One of the buffers that {@link SendBuffer.take} returned.
   * @param fate What became of it.
   */
  settle(bytes: Uint8Array, fate: Fate): void {
    this.#space.giveBack(bytes, fate);
  }

  /** Drops all that waits. */
  clear(): void {
    for (const part of this.#finished) this.settle(part, "unused");
    this.settle(this.bytes, "unused");
    this.#empty();
  }

  #empty(): void {
    this.bytes = NOTHING;
    this.#end = 0;
    this.#shared = undefined;
    if (this.#finishedBytes === 0) return;
    this.#finished = NONE;
    this.#finishedBytes = 0;
  }

  #push(bytes: Uint8Array): void {
    if (this.#finished === NONE) this.#finished = [bytes];
    else this.#finished.push(bytes);
  }

  #copyShared(): void {
    const shared = this.#shared as SharedRun;
    this.#shared = undefined;
    this.#grow(shared.length);
    this.bytes.set(shared.bytes, 0);
    this.#end = shared.length;
  }

  #finish(): void {
    if (this.#shared !== undefined) this.#copyShared();
    if (this.#end === 0) return;
    this.#push(this.bytes.subarray(0, this.#end));
    this.#finishedBytes += this.#end;
    this.bytes = NOTHING;
    this.#end = 0;
  }

  #grow(needed: number): void {
    const before = this.bytes;
    const wanted = Math.max(needed, before.length === 0 ? this.#firstBytes : 2 * before.length);
    const isLarge = !this.#keptBack && wanted >= BORROW_FROM_BYTES && needed <= SHARED_SPACE_BYTES;
    this.bytes = (isLarge ? this.#space.borrow() : undefined) ?? Buffer.allocUnsafe(wanted);
    before.copy(this.bytes, 0, 0, this.#end);
    this.settle(before, "unused");
  }
}
