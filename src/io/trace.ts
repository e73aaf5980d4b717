/**
 * What a gate, an acceptor or a client tells an observer: each step of a handshake, each frame, each authorization, each change of a lease.
 * It is for pages that show a gate at work, and for whoever looks for a fault; the log of decisions that an operator keeps is the
 * option `audit`.
 *
 * @module
 */

import type { SeenRequest } from "../auth/seen_request.ts";
import type { CloseStatus } from "../protocol/close.ts";
import type { InspectedFrame } from "../protocol/inspected_frame.ts";
import type { SessionTraceEvent } from "../session/trace.ts";
import type { Decision } from "./decision.ts";

/** What all events of a connection or of an attempt at one have. */
export interface TracedConnection {
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Counts from 1: the same for the request, the decision, the answer, and the connection that comes of it. */
  readonly connection: number;
}

/** A request has come: an upgrade, or one for `checkPath` or `ticketPath` that is no preflight. A decision follows, or an end. */
export interface RequestTrace extends TracedConnection {
  /** Which event it is. */
  readonly kind: "request";
  /** As it was sent, but for what can be a secret. */
  readonly request: SeenRequest;
  /** The client's address, as far as it is known: printable, bounded. */
  readonly address: string;
}

/** It was decided about a request, or about the token of a first message. */
export interface DecisionTrace extends TracedConnection {
  /** Which event it is. */
  readonly kind: "decision";
  /** The decision, step by step. */
  readonly decision: Decision;
}

/** An upgrade was answered, after the decision. */
export interface AnswerTrace extends TracedConnection {
  /** Which event it is. */
  readonly kind: "answer";
  /** The response as it was sent: the head of a 101, or a whole refusal. */
  readonly answer: string;
}

/**
 * A frame came, or was sent. It is judged by itself and by the frames before it: that a stranger may send less before his token is known, and
 * how many control frames come in a second, is told with the end of the connection.
 */
export interface FrameTrace extends TracedConnection {
  /** Which event it is. */
  readonly kind: "frame";
  /** Seen from this side. */
  readonly direction: "in" | "out";
  /** Its payload has at most `payloadBytes`, and none when it is not shown. */
  readonly frame: InspectedFrame;
  /**
   * Whether the payload is there: `hidden` where it may be a token, or a part of one: in an `auth` or `auth.refresh`, in whatever looks
   * like a token, in fragments and compressed frames, of which that cannot be told, and in frames that are no messages, where they have a
   * long word. With a `payloadBytes` of 0, all are.
   */
  readonly payload: "shown" | "hidden";
  /** How many bytes wait for the peer to read them, on this connection. */
  readonly queuedBytes: number;
}

/** A connection has ended, or the client went away before it was decided about; nothing more is told of it. */
export interface EndTrace extends TracedConnection {
  /** Which event it is. */
  readonly kind: "end";
  /** How: with the rule that the peer broke, when that is why. The reason is printable, and hidden where it may be a token. */
  readonly status: CloseStatus;
}

/** What a connection tells once it is open. */
export type ConnectionTraceEvent = FrameTrace | EndTrace;

/** What an observer is told. More kinds may be added. */
export type TraceEvent =
  | RequestTrace
  | DecisionTrace
  | AnswerTrace
  | ConnectionTraceEvent
  | SessionTraceEvent;

/** How a gate or an acceptor is observed. It costs time and memory for each frame; without it, nothing is paid. */
export interface TraceOptions {
  /**
   * Gets each event, in the turn in which it happens. What it throws is reported, and changes nothing.
   *
   * No event holds a token, ticket or key that this library knows of. A payload is the application's own: where users write to each other,
   * whoever sees the events reads their messages.
   */
  tell(event: TraceEvent): void;
  /**
   * Says which connections are observed, by the request that begins each; by default all are. Of the others, nothing is told, and nothing
   * but this question is paid for them.
   */
  observes?(request: SeenRequest): boolean;
  /** How many bytes of each payload are shown; by default 0, so that no payload is. */
  readonly payloadBytes?: number;
  /** The names of query parameters whose values hold no secret: shown where they are of letters, digits, `.`, `_`, `~` and `-`. By default none. */
  readonly shownParameters?: readonly string[];
}

/** How a client is observed: there are its frames and its end, and the numbers of all clients with one such object differ. */
export type ClientTraceOptions = Pick<TraceOptions, "tell" | "payloadBytes">;
