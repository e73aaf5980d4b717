/**
 * What may happen in a step of the simulation, and how often.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { clientFrame } from "../support/raw_http_frames.ts";
import type { Connection } from "../../src/io/connection.ts";
import type { SimClient } from "./sim_client.ts";
import { MAY_SEND, type Receive, ROLES, type Said, type Send } from "./table.ts";
import type { World } from "./world.ts";

/** One kind of step. */
interface Action {
  /** How often, beside the others. */
  readonly weight: number;
  readonly run: (world: World) => void;
}

/** All that may happen. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  connect: { weight: 12, run: (world) => void world.connect(world.issuer.mint()) },
  "connect with an old token": {
    weight: 4,
    run: (world) => void world.connect(world.draw.pick(world.clients).token),
  },
  ask: { weight: 40, run: (world) => someone(world, (client) => ask(world, client)) },
  flood: {
    weight: 1,
    run: (world) => someone(world, (client) => flood(world, client)),
  },
  nonsense: { weight: 4, run: (world) => someone(world, (client) => nonsense(world, client)) },
  refresh: {
    weight: 8,
    run: (world) =>
      someone(
        world,
        (client) => client.refreshing === undefined && client.refresh(otherToken(world, client)),
      ),
  },
  send: {
    weight: 16,
    run: (world) => world.deliveries.send(recipients(world), world.draw.pick(DELIVERIES), 0),
  },
  "send much": { weight: 1, run: sendMuch },
  "send far too much": {
    weight: 0.3,
    run: (world) => {
      for (let i = 0; i < 6; i++) sendMuch(world);
    },
  },
  leave: { weight: 2, run: (world) => someone(world, (client) => client.leave()) },
  reset: {
    weight: 2,
    run: (world) => someone(world, fault("resets", (client) => client.socket?.arriveReset())),
  },
  "half-close": {
    weight: 1,
    run: (world) => someone(world, fault("ends", (client) => client.socket?.arriveEnd())),
  },
  vanish: { weight: 1, run: (world) => someone(world, (client) => vanish(world, client)) },
  "demote a slow reader": {
    weight: 0.7,
    run: (world) => someone(world, (client) => demoteSlowReader(world, client)),
  },
  "hold the event loop up": { weight: 2, run: holdUp },
  stall: {
    weight: 2,
    run: (world) => someone(world, fault("stalls", (client) => client.socket?.stall(true))),
  },
  "read again": { weight: 3, run: (world) => someone(world, (client) => client.socket?.stall(false)) },
  "break the protocol": {
    weight: 1,
    run: (world) => someone(world, fault("breaks", (client) => client.send(broken(world)))),
  },
  revoke: { weight: 2, run: revoke },
  "change roles": { weight: 3, run: changeRoles },
  rotate: { weight: 0.5, run: (world) => world.issuer.rotate(world.draw.pick([0, 1_000, 60_000])) },
  wait: { weight: 6, run: () => undefined },
};

const TOTAL = Object.values(ACTIONS).reduce((sum, { weight }) => sum + weight, 0);

/** Does one of them. */
export function act(world: World): void {
  let at = world.draw.below(TOTAL * 1_000) / 1_000;
  for (const [name, { weight, run }] of Object.entries(ACTIONS)) {
    at -= weight;
    if (at >= 0) continue;
    world.log(name);
    return run(world);
  }
}

const DELIVERIES: readonly (keyof Send)[] = ["said", "secret", "tick", "latest"];

/** Somebody who is in, if anybody is. */
function someone(world: World, run: (client: SimClient) => unknown): void {
  const inside = world.clients.filter((client) => client.isIn);
  if (inside.length === 0) return;
  const client = world.draw.pick(inside);
  world.log(`  ${client.name}`);
  run(client);
}

function fault(name: string, run: (client: SimClient) => void): (client: SimClient) => void {
  return (client) => {
    client.faults.add(name);
    run(client);
  };
}

function ask(world: World, client: SimClient): void {
  const { draw } = world;
  for (let asked = draw.between(1, 3); asked > 0; asked--) {
    const type = draw.pick(Object.keys(MAY_SEND) as (keyof Receive)[]);
    const then = draw.chance(0.7) ? undefined : draw.pick(["later", "never", "throws", "rejects"] as const);
    const said: Said = {
      n: draw.below(1_000),
      room: `room-${draw.below(5)}`,
      ...(then === undefined ? {} : { then }),
    };
    client.ask(type, said);
  }
}

function flood(world: World, client: SimClient): void {
  client.faults.add("floods");
  for (let i = world.draw.between(50, 120); i > 0; i--) client.ask("say", { n: i });
}

function nonsense(world: World, client: SimClient): void {
  const { draw } = world;
  const id = `odd-${draw.below(1_000)}`;
  const odd: readonly (readonly [text: string, id: string | undefined])[] = [
    ["{", undefined],
    ["[]", undefined],
    ['{"type":7}', undefined],
    [JSON.stringify({ type: "__proto__", id }), id],
    [JSON.stringify({ type: "constructor", id, data: {} }), id],
    [JSON.stringify({ type: "look", id, data: "not what it should be" }), id],
    [JSON.stringify({ type: "hello", id, data: { roles: ["admin"] } }), id],
    ["x".repeat(2_001), undefined],
  ];
  const [text, wanted] = draw.pick(odd);
  client.say(text, wanted);
}

function otherToken(world: World, client: SimClient) {
  return world.issuer.mint(world.draw.chance(0.9) ? client.token.subject : undefined);
}

function recipients(world: World) {
  const { draw } = world;
  const inside = world.clients.filter(({ isIn }) => isIn);
  const one = inside.length === 0 ? undefined : draw.pick(inside);
  switch (draw.below(5)) {
    case 0:
      return { role: draw.pick(ROLES) };
    case 1:
      return { room: `room-${draw.below(5)}` };
    case 2:
      return { subject: one?.token.subject ?? "nobody" };
    case 3:
      return { session: one?.sessionId ?? "none" };
    default:
      return "everyone";
  }
}

/** So much that it piles up for whoever does not read; and twice in a row, for whoever does. */
function sendMuch(world: World): void {
  for (let i = 0; i < 12; i++) world.deliveries.send("everyone", world.draw.pick(DELIVERIES), 20_000);
  for (const { session, client } of world.open.values()) {
    if ((session.sender as unknown as Connection).queuedBytes > 100_000) client.faults.add("is behind");
  }
}

function broken(world: World): Buffer {
  return world.draw.pick([
    clientFrame(1, "unmasked", { key: undefined }),
    clientFrame(3, "reserved"),
    clientFrame(9, "fragmented", { fin: false }),
    clientFrame(1, [0xff, 0xfe]),
    clientFrame(8, [0x03]),
  ]);
}

function vanish(world: World, client: SimClient): void {
  client.faults.add("vanishes");
  client.vanishedAtMs = world.clock.now();
  client.socket?.vanish();
}

/** What is kept for it may not be for it any more when it reads again. */
function demoteSlowReader(world: World, client: SimClient): void {
  client.faults.add("stalls");
  client.socket?.stall(true);
  sendMuch(world);
  sendMuch(world);
  world.clock.after(100, () => world.deliveries.send({ session: client.sessionId ?? "" }, "latest", 0));
  world.clock.after(150, () => setRoles(world, client.token.subject));
  world.clock.after(200, () => client.socket?.stall(false));
}

/** Somebody asks, and everybody is late. */
function holdUp(world: World): void {
  for (let i = 0; i < 5; i++) someone(world, (client) => ask(world, client));
  world.clock.jump(world.draw.pick([100, 1_000, 10_000]));
}

function revoke(world: World): void {
  const { draw, model, gate } = world;
  const nowMs = world.clock.now();
  const { subject, tokenId } = draw.pick(world.clients).token;
  if (draw.chance(0.5)) {
    world.log(`  of ${subject}`);
    model.revokedUpTo.set(subject, nowMs);
    gate.revoke({ subject });
  } else {
    world.log(`  of ${tokenId}`);
    model.revokedIds.add(tokenId);
    gate.revoke({ tokenId });
  }
}

function changeRoles(world: World): void {
  setRoles(world, world.draw.pick(world.clients).token.subject);
}

function setRoles(world: World, subject: string): void {
  const { draw, model, gate } = world;
  const roles = ROLES.filter(() => draw.chance(0.4));
  world.log(`  of ${subject} to ${roles.join()}`);
  model.changedRoles.set(subject, { roles, upToMs: world.clock.now() });
  gate.setRoles(subject, roles);
}
