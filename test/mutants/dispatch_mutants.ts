/**
 * Mutants of what is decided about each message, in both directions.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In auth/permission.ts, auth/permission_check.ts, auth/validator.ts, session/audit.ts, session/dispatch.ts, session/envelope.ts, session/groups.ts, session/handler_calls.ts, session/lifecycle.ts, session/rate_limit.ts and session/session.ts. */
export const DISPATCH_MUTANTS: readonly Mutant[] = [
  {
    file: "auth/permission.ts",
    from: 'if (principal.expiresAtMs <= nowMs) return "expired";',
    to: "",
    wrong: "lets whose time is over send and receive",
  },
  {
    file: "auth/permission.ts",
    from: 'return "forbidden";\n}',
    to: 'return row.roles.length === 0 ? undefined : "forbidden";\n}',
    wrong: "takes a row without roles for one of all",
  },
  {
    file: "auth/permission_check.ts",
    from: 'type === "" || RESERVED_TYPES.has(type)',
    to: 'type === ""',
    wrong: "lets a table say what a reply is",
  },
  {
    file: "auth/permission_check.ts",
    from: "row.roles.findIndex((role) => !known.has(role))",
    to: "-1",
    wrong: "takes a role that is misspelt",
  },
  {
    file: "auth/validator.ts",
    from: "synchronous(guard(value)) === true",
    to: "Boolean(synchronous(guard(value)))",
    wrong: "takes an error that a guard returns for a yes",
  },
  {
    file: "auth/validator.ts",
    from: 'synchronous(validator["~standard"].validate(value))',
    to: 'validator["~standard"].validate(value) as StandardResult<Data>',
    wrong: "takes the promise of a schema for a yes",
  },
  {
    file: "session/dispatch.ts",
    from: "if (session.end !== undefined) return undefined;",
    to: "",
    wrong: "handles what was in flight when a session ended",
  },
  {
    file: "session/dispatch.ts",
    from: "session.countMessage(this.#messageRate, nowMs)",
    to: "0",
    wrong: "lets a session have the server to itself",
  },
  {
    file: "session/dispatch.ts",
    from: 'waitMs > 0 ? { code: "rate_limited", retryAfterMs: waitMs } : code',
    to: "code",
    wrong: "goes on explaining to whoever floods it with nonsense",
  },
  {
    file: "session/dispatch.ts",
    from: 'denial.code === "rate_limited" && session.insists(this.#denialRate, nowMs)',
    to: "false",
    wrong: "answers whoever never waits for ever",
  },
  {
    file: "session/dispatch.ts",
    from: 'session.end !== undefined || outcome.kind === "unwanted"',
    to: "false",
    wrong: "answers a session that ended under its handler",
  },
  {
    file: "session/audit.ts",
    from: ".filter((line) => STACK_LINE.test(line))",
    to: "",
    wrong: "writes down what an error quotes",
  },
  {
    file: "session/handler_calls.ts",
    from: "this.#agenda.set(call, this.#clock.now() + this.#timeoutMs);",
    to: "",
    wrong: "waits for a handler for ever",
  },
  {
    file: "session/handler_calls.ts",
    from: "    this.#agenda.delete(call);\n",
    to: "",
    wrong: "gives a handler up that has answered",
  },
  {
    file: "session/handler_calls.ts",
    from: "this.#controller?.abort(reason);",
    to: "",
    wrong: "does not tell a handler that nobody waits",
  },
  {
    file: "session/handler_calls.ts",
    from: "if (error !== call.stopped) this.#reportError(error);",
    to: "",
    wrong: "says nothing of what a handler throws that was given up",
  },
  {
    file: "session/lifecycle.ts",
    from: "session.work?.sessionEnded();",
    to: "",
    wrong: "lets a handler work for a session that is over",
  },
  {
    file: "session/dispatch.ts",
    from: "text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)",
    to: "text.length > maxBytes",
    wrong: "counts the size of a message in characters",
  },
  {
    file: "session/dispatch.ts",
    from: "authorize(table.receive, envelope.type, session, nowMs)",
    to: "authorize(table.receive, envelope.type, session, session.leasedAtMs)",
    wrong: "does not ask a message whether its sender's identity is over",
  },
  {
    file: "session/dispatch.ts",
    from: "rate === undefined ? 0 : session.countAgainstRate(envelope.type, rate, nowMs)",
    to: "0",
    wrong: "lets a session send as often as it likes",
  },
  {
    file: "session/dispatch.ts",
    from: "return this.#handle(session, envelope, data.value);",
    to: "return this.#handle(session, envelope, envelope.data);",
    wrong: "hands over what came instead of what was judged",
  },
  {
    file: "session/dispatch.ts",
    from: "if (!data.ok) return this.deny(session, envelope, data.fault);",
    to: "if (!data.ok) return this.#handle(session, envelope, envelope.data);",
    wrong: "hands over what its row refuses",
  },
  {
    file: "session/dispatch.ts",
    from: "when !== undefined && when(session, data.value) !== true",
    to: "when !== undefined && when(session, data.value) === false",
    wrong: "takes a condition that answers nothing for a yes",
  },
  {
    file: "session/dispatch.ts",
    from: 'if (denial.code === "expired") lifecycle.end(session, "expired");',
    to: "",
    wrong: "keeps a session open whose identity is over",
  },
  {
    file: "session/dispatch.ts",
    from: 'if (session.expiresAtMs <= nowMs) return this.deny(session, envelope, "expired");',
    to: "",
    wrong: "renews a lease that is over",
  },
  {
    file: "session/dispatch.ts",
    from: "session.countAgainstRate(REFRESH_TYPE, REFRESH_RATE, nowMs)",
    to: "0",
    wrong: "verifies as many tokens as a client sends",
  },
  {
    file: "session/dispatch.ts",
    from: "session.expiresAtMs <= this.#options.clock.now()",
    to: "false",
    wrong: "replies to whose identity has ended while the handler was at work",
  },
  {
    file: "session/dispatch.ts",
    from: "if (isThenable(result))",
    to: "if (result instanceof Promise)",
    wrong: "replies with the promise of a library instead of its value",
  },
  {
    file: "session/dispatch.ts",
    from: 'encodeError(id, { code: "internal" })',
    to: 'encodeError(id, { code: "internal", message: String(error) })',
    wrong: "tells the peer what a handler threw",
  },
  {
    file: "session/envelope.ts",
    from: "|| isDeeper(text, maxDepth)",
    to: "",
    wrong: "parses what is nested too deeply",
  },
  {
    file: "session/envelope.ts",
    from: "ok({ type, id, data }) : fault({ id })",
    to: "ok({ type, id, data }) : fault({ id: undefined })",
    wrong: "denies a message without saying which",
  },
  {
    file: "session/envelope.ts",
    from: '!Object.hasOwn(data, "token")',
    to: '!("token" in data)',
    wrong: "takes a token that the message does not have",
  },
  {
    file: "session/groups.ts",
    from: "if (refusedBy(row, session, nowMs) !== undefined) continue;",
    to: "",
    wrong: "delivers to whoever is named",
  },
  {
    file: "session/groups.ts",
    from: "refusedBy(row, session, nowMs)",
    to: "refusedBy(row, session, session.leasedAtMs)",
    wrong: "delivers to whose identity is over",
  },
  {
    file: "session/groups.ts",
    from: "if (row.when !== undefined && row.when(session, valid.value) !== true) continue;",
    to: "",
    wrong: "delivers without asking the condition",
  },
  {
    file: "session/groups.ts",
    from: "shareMessage(encodeDelivery(type, valid.value))",
    to: "shareMessage(encodeDelivery(type, data))",
    wrong: "delivers what the validator has taken off",
  },
  {
    file: "session/groups.ts",
    from: "if (!valid.ok) {",
    to: "if (false) {",
    wrong: "delivers data that its row refuses",
  },
  {
    file: "session/groups.ts",
    from: "encodeClosePayload(code, reason);",
    to: "",
    wrong: "finds out too late that a code cannot be sent",
  },
  {
    file: "session/rate_limit.ts",
    from: "Math.max(0, nowMs - this.#filledAtMs)",
    to: "nowMs - this.#filledAtMs",
    wrong: "empties a bucket when the clock is set back",
  },
  {
    file: "session/rate_limit.ts",
    from: "Math.min(this.#rate.burst, this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond)",
    to: "this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond",
    wrong: "lets who was silent for an hour send an hour's messages at once",
  },
  {
    file: "session/rate_limit.ts",
    from: "const WHOLE_TOKEN = 1 - 1e-9;",
    to: "const WHOLE_TOKEN = 1;",
    wrong: "refuses who waited as long as he was told",
  },
  {
    file: "session/session.ts",
    from: "this.#buckets ??= new Map();",
    to: 'this.#buckets ??= new Map();\n    type = "";',
    wrong: "counts all types against the rate of one",
  },
];
