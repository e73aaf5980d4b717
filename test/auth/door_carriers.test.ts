import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bearerSubprotocols,
  type Carrier,
  CARRIERS,
  DEFAULT_COOKIE_NAME,
} from "../../src/auth/credential.ts";
import { Door, type DoorPolicy, type TicketUse } from "../../src/auth/door.ts";
import { hmacKey } from "../../src/auth/key.ts";
import { KeyRing } from "../../src/auth/key_ring.ts";
import { collectFields } from "../../src/protocol/header_field.ts";
import { identityOf } from "../support/sessions.ts";
import { CLAIMS, jws, KEY, NOW, NOW_MS, POLICY, SECRET } from "../support/tokens.ts";

const TOKEN = jws();
const PAGE = "https://chat.example";
const EVIL = "https://evil.example";
const ALL: DoorPolicy = { ...POLICY, allowedOrigins: [PAGE], carriers: CARRIERS };
const COOKIE = ["Cookie", `${DEFAULT_COOKIE_NAME}=${TOKEN}`];
const RANDOM = new Uint8Array(32).fill(7);

interface Request {
  readonly origin?: string | undefined;
  readonly fields?: readonly string[];
  readonly query?: string;
  readonly subprotocols?: readonly string[];
}

function judge(
  door: Door,
  { origin, fields = [], query = "", subprotocols = [] }: Request,
  { nowMs = NOW_MS, use, carriers }: { nowMs?: number; use?: TicketUse; carriers?: readonly Carrier[] } = {},
): string {
  const judged = door.judge(
    { origin, fields: collectFields(fields), query, subprotocols },
    nowMs,
    use,
    carriers,
  );
  if (judged.ok) return `${judged.value.identity?.subject ?? "nobody"} by ${judged.value.carrier}`;
  const { refusal, reason, carrier } = judged.fault;
  return `${refusal}: ${reason}${carrier === undefined ? "" : ` (${carrier})`}`;
}

/** A door, and a ticket that it has given out. */
function withTicket(origin: string | undefined = PAGE, policy = ALL, identity = identityOf("ada")) {
  const door = new Door(policy);
  const issued = door.tickets.issue(identity, origin, RANDOM, NOW_MS);
  assert.ok(issued.ok);
  return { door, query: `ticket=${issued.value}` };
}

test("Door.judge() takes a cookie from a page that is allowed", () => {
  const door = new Door(ALL);
  assert.equal(judge(door, { origin: PAGE, fields: COOKIE }), "ada by cookie");
  for (const site of ["same-origin", "same-site"]) {
    assert.equal(judge(door, { origin: PAGE, fields: [...COOKIE, "Sec-Fetch-Site", site] }), "ada by cookie");
  }
});

test("Door.judge() refuses a cookie that no page of this site has sent, as the Origin's fault", () => {
  const door = new Door(ALL);
  assert.equal(judge(door, { fields: COOKIE }), "origin: cookie_without_origin (cookie)");
  for (const site of ["cross-site", "none", ""]) {
    const asked = { origin: PAGE, fields: [...COOKIE, "Sec-Fetch-Site", site] };
    assert.equal(judge(door, asked), "origin: cross_site (cookie)");
  }
  assert.equal(judge(door, { origin: EVIL, fields: COOKIE }), "origin: foreign_origin");
});

test("Door.judge() says whose site sent a cookie before it looks at what is in it", () => {
  const door = new Door(ALL);
  const bad = ["Cookie", `${DEFAULT_COOKIE_NAME}=x`];
  assert.equal(judge(door, { fields: bad }), "origin: cookie_without_origin (cookie)");
  assert.equal(judge(door, { origin: PAGE, fields: bad }), "invalid_token: malformed (cookie)");
});

test("Door.judge() asks Sec-Fetch-Site and an Origin of cookies alone", () => {
  const door = new Door(ALL);
  const fields = ["Authorization", `Bearer ${TOKEN}`, "Sec-Fetch-Site", "cross-site"];
  assert.equal(judge(door, { fields }), "ada by authorization");
  assert.equal(judge(door, { origin: PAGE, subprotocols: bearerSubprotocols(TOKEN) }), "ada by subprotocol");
});

test("Door.judge() takes a ticket from the Origin that asked for it, once", () => {
  const { door, query } = withTicket();
  assert.equal(judge(door, { query }, { use: "look" }), "invalid_token: ticket_origin (ticket)");
  assert.equal(judge(door, { origin: PAGE, query }), "ada by ticket");
  assert.equal(judge(door, { origin: PAGE, query }), "invalid_token: ticket_reused (ticket)");
  assert.equal(
    judge(door, { origin: PAGE, query }, { nowMs: NOW_MS + 15_000 }),
    "invalid_token: ticket_unknown (ticket)",
  );
  assert.equal(judge(door, { origin: PAGE, query: "ticket=" }), "invalid_token: ticket_malformed (ticket)");
});

test("Door.judge() leaves a ticket as it is when it is only asked, and when the Origin is refused", () => {
  const { door, query } = withTicket();
  assert.equal(judge(door, { origin: PAGE, query }, { use: "look" }), "ada by ticket");
  assert.equal(judge(door, { origin: EVIL, query }), "origin: foreign_origin");
  assert.equal(judge(door, { origin: PAGE, query, fields: COOKIE }), "two_carriers: two_carriers");
  assert.equal(judge(door, { origin: PAGE, query }), "ada by ticket");
  assert.equal(
    judge(door, { origin: PAGE, query }, { use: "look" }),
    "invalid_token: ticket_reused (ticket)",
  );
});

test("Door.judge() lets nobody in by a ticket whose identity does not hold any more", () => {
  const revoked = withTicket();
  revoked.door.standing.revoke({ subject: "ada" }, NOW_MS);
  assert.equal(
    judge(revoked.door, { origin: PAGE, query: revoked.query }),
    "invalid_token: revoked (ticket)",
  );
  const expired = withTicket(PAGE, ALL, identityOf("ada", { expiresAtMs: NOW_MS + 5_000 }));
  assert.equal(
    judge(expired.door, { origin: PAGE, query: expired.query }, { nowMs: NOW_MS + 5_000 }),
    "invalid_token: expired (ticket)",
  );
  const ring = new KeyRing({ current: KEY });
  const withdrawn = withTicket(PAGE, { ...ALL, keys: ring });
  ring.rotate(hmacKey(SECRET, { id: "next" }), { previousValidUntilMs: NOW_MS });
  assert.equal(
    judge(withdrawn.door, { origin: PAGE, query: withdrawn.query }),
    "invalid_token: key_withdrawn (ticket)",
  );
});

test("Door.judge() gives by a ticket the roles that hold now", () => {
  const { door, query } = withTicket(PAGE, ALL, identityOf("ada", { roles: ["admin"] }));
  door.standing.setRoles("ada", ["guest"], NOW_MS);
  const judged = door.judge({ origin: PAGE, fields: new Map(), query, subprotocols: [] }, NOW_MS);
  assert.deepEqual(judged.ok && judged.value.identity?.roles, ["guest"]);
});

test("Door.judge() refuses two carriers of any kinds, and says nothing of what is in them", () => {
  const door = new Door(ALL);
  const parts: readonly Request[] = [
    { fields: ["Authorization", "Bearer x"] },
    { fields: COOKIE },
    { query: "ticket=x" },
    { subprotocols: bearerSubprotocols("x") },
  ];
  for (const one of parts) {
    for (const other of parts) {
      if (one === other) continue;
      const fields = [...(one.fields ?? []), ...(other.fields ?? [])];
      assert.equal(judge(door, { origin: PAGE, ...one, ...other, fields }), "two_carriers: two_carriers");
    }
  }
});

test("Door.judge() lets in who will show a token in a message, but only who shows none now", () => {
  const door = new Door(ALL);
  assert.equal(judge(door, { origin: PAGE }), "nobody by message");
  assert.equal(judge(door, { origin: EVIL }), "origin: foreign_origin");
  assert.equal(
    judge(door, { fields: ["Authorization", "Bearer x"] }),
    "invalid_token: malformed (authorization)",
  );
  const without = new Door({ ...ALL, carriers: ["authorization", "subprotocol", "cookie", "ticket"] });
  assert.equal(judge(without, { origin: PAGE }), "no_credential: no_credential");
});

test("Door.judge() looks into no carrier but those that are named, and by default not into URL, cookie or message", () => {
  const { door, query } = withTicket(PAGE, { ...POLICY, allowedOrigins: [PAGE] });
  assert.equal(judge(door, { origin: PAGE, fields: COOKIE, query }), "no_credential: no_credential");
  const all = withTicket();
  const fields = [...COOKIE, "Authorization", `Bearer ${TOKEN}`];
  assert.equal(
    judge(all.door, { origin: PAGE, fields, query: all.query }, { carriers: ["authorization"] }),
    "ada by authorization",
  );
  assert.deepEqual(CARRIERS.map((carrier) => [door.takes(carrier), all.door.takes(carrier)]), [
    [true, true],
    [true, true],
    [false, true],
    [false, true],
    [false, true],
  ]);
});

test("Door.judgeToken() verifies a token wherever it came from, and knows what has changed", () => {
  const door = new Door(ALL);
  const subjectOf = (token: string, nowMs = NOW_MS) => {
    const judged = door.judgeToken(token, nowMs);
    return judged.ok ? `${judged.value.subject} ${judged.value.roles}` : judged.fault;
  };
  assert.equal(subjectOf(TOKEN), "ada member");
  assert.equal(subjectOf("x"), "malformed");
  assert.equal(subjectOf(TOKEN, NOW_MS + 60_000), "expired");
  door.standing.setRoles("ada", ["guest"], NOW_MS);
  assert.equal(subjectOf(TOKEN), "ada guest");
  door.standing.revoke({ subject: "ada" }, NOW_MS);
  assert.equal(subjectOf(TOKEN), "revoked");
  assert.equal(subjectOf(jws({ payload: { ...CLAIMS, iat: NOW + 2 } }), NOW_MS + 2_000), "ada member");
  assert.equal(new Door({ insecureAllowAnonymous: true }).judgeToken(TOKEN, NOW_MS).ok, false);
});

test("Door() takes a cookie of another name, and any Origin without a cookie", () => {
  const door = new Door({ ...ALL, cookieName: "__Host-app" });
  assert.equal(judge(door, { origin: PAGE, fields: ["Cookie", `__Host-app=${TOKEN}`] }), "ada by cookie");
  assert.equal(judge(door, { origin: PAGE, fields: COOKIE }), "nobody by message");
  const open = new Door({ ...POLICY, carriers: ["ticket"], insecureAllowAnyOrigin: true });
  assert.deepEqual([open.allowsOrigin(EVIL), door.allowsOrigin(EVIL), door.allowsOrigin(PAGE)], [
    true,
    false,
    true,
  ]);
});
