import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bearerSubprotocols,
  type Carrier,
  CARRIERS,
  checkCookieName,
  DEFAULT_COOKIE_NAME,
  findCredential,
} from "../../src/auth/credential.ts";
import { collectFields } from "../../src/protocol/header_field.ts";
import { jws } from "../support/tokens.ts";

const TOKEN = jws();
const TICKET = "A".repeat(43);
const COOKIE = `${DEFAULT_COOKIE_NAME}=${TOKEN}`;

interface Request {
  readonly cookies?: readonly string[];
  readonly query?: string;
  readonly authorizations?: readonly string[];
  readonly subprotocols?: readonly string[];
}

function find(
  { cookies = [], query = "", authorizations = [], subprotocols = [] }: Request,
  carriers: readonly Carrier[] = CARRIERS,
  cookieName?: string,
): unknown {
  const fields = collectFields([
    ...cookies.flatMap((value) => ["Cookie", value]),
    ...authorizations.flatMap((value) => ["Authorization", value]),
  ]);
  const found = findCredential({ fields, subprotocols, query }, carriers, cookieName);
  return found.ok ? found.value : found.fault;
}

const cookie = (...cookies: readonly string[]) => find({ cookies }, ["cookie"]);
const ticket = (query: string) => find({ query }, ["ticket"]);

test("findCredential() finds the cookie among others, and its value as it stands", () => {
  const wanted = { carrier: "cookie", secret: TOKEN };
  const fields = [
    [COOKIE],
    [`theme=dark; ${COOKIE}`],
    [`${COOKIE}; theme=dark`],
    [`a=b;${COOKIE};c=d`],
    [`  ${DEFAULT_COOKIE_NAME} =\t${TOKEN} \t`],
    [`theme; =; ;; ${COOKIE};`],
    ["theme=dark", COOKIE],
  ];
  for (const cookies of fields) assert.deepEqual(cookie(...cookies), wanted, cookies.join("|"));
  const odd = [`"${TOKEN}"`, "a=b=c", `${TOKEN}, x`, "%41", "", `\u00a0${TOKEN}`];
  for (const secret of odd) {
    assert.deepEqual(cookie(`${DEFAULT_COOKIE_NAME}=${secret}`), { carrier: "cookie", secret });
  }
});

test("findCredential() takes a cookie of a name that is only similar for none", () => {
  const names = [
    "__host-portcullis",
    "__HOST-PORTCULLIS",
    "portcullis",
    "__Secure-portcullis",
    "__Host-portcullis2",
    "__Host-",
    "x__Host-portcullis",
    '"__Host-portcullis"',
    "__Host%2Dportcullis",
    "$__Host-portcullis",
    "a,__Host-portcullis",
    "",
  ];
  for (const name of names) assert.equal(cookie(`${name}=${TOKEN}`), undefined, name);
  for (const text of [DEFAULT_COOKIE_NAME, "", ";", "=", `x=${COOKIE}`]) {
    assert.equal(cookie(text), undefined, text);
  }
});

test("findCredential() takes nothing but spaces and tabs off a cookie's name", () => {
  // To a browser these are part of the name, so that it has no prefix, and a neighbouring subdomain may have set it.
  for (
    const space of ["\u00a0", "\u0085", "\ufeff", "\u2003", "\u2028", "\u000b", "\u000c", "\r", "\n", "\0"]
  ) {
    for (const name of [`${space}${DEFAULT_COOKIE_NAME}`, `${DEFAULT_COOKIE_NAME}${space}`]) {
      assert.equal(cookie(`${name}=${TOKEN}`), undefined, JSON.stringify(name));
      // Nor can it stand in the way of the real one.
      assert.deepEqual(cookie(`${name}=evil; ${COOKIE}`), { carrier: "cookie", secret: TOKEN });
    }
  }
});

test("findCredential() believes neither of two cookies of the name, in one field or in two", () => {
  const twice = [[`${COOKIE}; ${COOKIE}`], [COOKIE, COOKIE], [`${COOKIE};${DEFAULT_COOKIE_NAME}=`], [
    COOKIE,
    ` ${COOKIE}`,
  ]];
  for (const cookies of twice) assert.equal(cookie(...cookies), "two_carriers", cookies.join("|"));
});

test("findCredential() looks for the cookie under the name that it is told", () => {
  const found = { carrier: "cookie", secret: "x" };
  assert.deepEqual(find({ cookies: [`__Host-app=x; ${COOKIE}`] }, ["cookie"], "__Host-app"), found);
  assert.equal(find({ cookies: [COOKIE] }, ["cookie"], "__Host-app"), undefined);
});

test("findCredential() finds the ticket in the query, as it stands", () => {
  const wanted = { carrier: "ticket", secret: TICKET };
  for (
    const query of [
      `ticket=${TICKET}`,
      `room=1&ticket=${TICKET}`,
      `ticket=${TICKET}&room=1`,
      `&&ticket=${TICKET}&`,
    ]
  ) {
    assert.deepEqual(ticket(query), wanted, query);
  }
  for (const secret of ["", "a=b", "%41", "a+b", "a;ticket=b", "x".repeat(5_000)]) {
    assert.deepEqual(ticket(`ticket=${secret}`), { carrier: "ticket", secret });
  }
});

test("findCredential() takes a parameter of a name that is only similar for no ticket", () => {
  for (
    const query of [
      "",
      "ticket",
      "&",
      "=",
      `Ticket=${TICKET}`,
      `TICKET=${TICKET}`,
      `tickets=${TICKET}`,
      `aticket=${TICKET}`,
      `t%69cket=${TICKET}`,
      `ticket%3D${TICKET}`,
      `ticket[]=${TICKET}`,
      `+ticket=${TICKET}`,
      `room=1;ticket=${TICKET}`,
      `room=ticket=${TICKET}`,
      `?ticket=${TICKET}`,
    ]
  ) {
    assert.equal(ticket(query), undefined, query);
  }
});

test("findCredential() believes neither of two tickets", () => {
  for (
    const query of [`ticket=${TICKET}&ticket=${TICKET}`, `ticket=&ticket=${TICKET}`, "ticket=a&x=y&ticket="]
  ) {
    assert.equal(ticket(query), "two_carriers", query);
  }
});

const [, ENTRY] = bearerSubprotocols(TOKEN);

/** One credential of each kind that a request can carry. */
const ONE: readonly (readonly [Carrier, Request])[] = [
  ["authorization", { authorizations: [`Bearer ${TOKEN}`] }],
  ["subprotocol", { subprotocols: [ENTRY] }],
  ["cookie", { cookies: [COOKIE] }],
  ["ticket", { query: `ticket=${TICKET}` }],
];

for (const [carrier, request] of ONE) {
  test(`findCredential() says that the one in ${carrier} is there, among all carriers and alone`, () => {
    const secret = carrier === "ticket" ? TICKET : TOKEN;
    assert.deepEqual(find(request), { carrier, secret });
    assert.deepEqual(find(request, [carrier]), { carrier, secret });
    assert.equal(find(request, CARRIERS.filter((other) => other !== carrier)), undefined);
  });

  for (const [other, more] of ONE.filter(([name]) => name !== carrier)) {
    test(`findCredential() refuses ${carrier} beside ${other}, when it looks into both`, () => {
      const both = { ...request, ...more };
      assert.equal(find(both), "two_carriers");
      assert.equal(find(both, [other, carrier]), "two_carriers");
      assert.deepEqual(find(both, [carrier]), find(request));
    });
  }
}

test("findCredential() looks for nothing where a message is to come, and counts it against nothing", () => {
  assert.equal(find({}, ["message"]), undefined);
  assert.deepEqual(find({ cookies: [COOKIE] }, ["message", "cookie"]), { carrier: "cookie", secret: TOKEN });
});

test("checkCookieName() takes names with the prefix, of 1 to 64 plain characters behind it", () => {
  for (const name of [DEFAULT_COOKIE_NAME, "__Host-a", `__Host-${"x".repeat(64)}`, "__Host-A_b-9"]) {
    checkCookieName(name);
  }
  const wrong = [
    "",
    "__Host-",
    "__host-a",
    "__Secure-a",
    "session",
    " __Host-a",
    "__Host-a ",
    "__Host-a;b",
    "__Host-a=b",
  ];
  for (const name of [...wrong, "__Host-a\n", "__Host-é", `__Host-${"x".repeat(65)}`]) {
    assert.throws(() => checkCookieName(name), { name: "PortcullisError", code: "invalid_argument" });
  }
});
