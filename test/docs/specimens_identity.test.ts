/** The mistakes of docs/specimens.md that are about who somebody is: each is run, and its vectors catch it. */

import assert from "node:assert/strict";
import { verifyToken } from "../../src/auth/token.ts";
import { clientActionFor } from "../../src/protocol/close_codes.ts";
import type { RefusalVector } from "../support/refusal_vectors.ts";
import { seenOf, type SessionKeeper, type SessionVector, wantedOf } from "../support/session_vectors.ts";
import { policyOf, tokenOf, type TokenVector, VECTORS_NOW_MS } from "../support/token_vectors.ts";
import { SECRET } from "../support/tokens.ts";
import * as mistakes from "./specimen_mistakes.ts";
import { trySpecimens } from "./specimens.ts";

/** What the mistake says to a token. */
function mistaken(vector: TokenVector): string | undefined {
  return mistakes.faultOf(tokenOf(vector), SECRET, VECTORS_NOW_MS / 1_000);
}

/** What the library says to it. */
function judged(vector: TokenVector) {
  return verifyToken(tokenOf(vector), policyOf(vector), VECTORS_NOW_MS);
}

/** What a mistake has no place for. */
const NO_KEEPER: SessionKeeper = {
  open: () => undefined,
  close: () => undefined,
  join: () => undefined,
  leave: () => undefined,
  revoke: () => undefined,
  setRoles: () => undefined,
  wait: () => undefined,
  send: () => [],
  codeOf: () => undefined,
};

/** Keeps sessions in the map with one place for each user. */
function keeperByUser(): SessionKeeper {
  const map = new mistakes.Users<string>();
  const owners = new Map<string, string>();
  return {
    ...NO_KEEPER,
    open: (name, user) => (owners.set(name, user), map.opened(user, name)),
    close: (name) => map.closed(owners.get(name) ?? ""),
    send: () => map.everyone(),
  };
}

/** Keeps sessions and asks at the door alone who is revoked. */
function keeperAtTheDoor(): SessionKeeper {
  const map = new mistakes.Revocable<string>();
  return {
    ...NO_KEEPER,
    open: (name, user) => map.opened(user, name),
    revoke: ({ subject = "" }) => map.revoke(subject),
    send: () => map.everyone(),
  };
}

/** Whom each message reaches where a map has one place for each user, by the vectors. */
const REACHED_BY_USER: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["two tabs of one user", [["tab 2"]]],
  ["the first of two tabs is closed", [[], []]],
  ["a client is back before its old connection is known to be gone", [[]]],
]);

trySpecimens("identity", {
  10: {
    "claims that are judged before the signature": (use) => {
      const vector = use<TokenVector>("tokens", "a bad MAC over bad claims");
      assert.equal(mistaken(vector), "expired");
      assert.deepEqual(judged(vector), { ok: false, fault: vector.fault });
    },
  },

  11: {
    "an end that is compared, and not looked at": (use) => {
      for (const name of ["an end that is infinite", "an end that is a text"]) {
        const vector = use<TokenVector>("tokens", name);
        assert.equal(mistaken(vector), undefined, name);
        assert.deepEqual(judged(vector), { ok: false, fault: vector.fault }, name);
      }
    },
  },

  12: {
    "a map with one place for each user": (use) => {
      for (const [name, seen] of REACHED_BY_USER) {
        const vector = use<SessionVector>("sessions", name);
        assert.deepEqual(seenOf(vector, keeperByUser()), seen, name);
        assert.notDeepEqual(wantedOf(vector), seen, name);
      }
    },
  },

  13: {
    "a revocation that is asked for at the door alone": (use) => {
      const vector = use<SessionVector>("sessions", "the tokens of a subject are revoked");
      assert.deepEqual(seenOf(vector, keeperAtTheDoor())[0], ["tab 1", "tab 2", "bob's"]);
      assert.deepEqual(wantedOf(vector)[0], ["bob's"]);
    },
  },

  14: {
    "a failed login that is closed as an internal error": async (use) => {
      const verify = () => Promise.reject(new Error("jwt expired"));
      const code = await mistakes.closeCodeAfter(verify);
      const expired = use<RefusalVector>("refusals", "a token that has expired");
      assert.deepEqual([code, expired.firstMessage?.closes], [1011, 3000]);
      assert.deepEqual([clientActionFor(code), clientActionFor(3000)], ["backoff", "refresh"]);
      const failing = use<RefusalVector>("refusals", "an application that fails");
      assert.equal(failing.firstMessage?.closes, code);
    },
  },
});
