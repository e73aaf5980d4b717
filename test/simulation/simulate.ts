/**
 * One run of the simulation.
 *
 * @module
 */

import { createHash } from "node:crypto";
import process from "node:process";
import { act } from "./actions.ts";
import { ALWAYS, AT_END, AT_LENGTH, AT_REST } from "./invariants.ts";
import type { SimClient } from "./sim_client.ts";
import { settle } from "./sim_clock.ts";
import { World } from "./world.ts";

/** What came of a run. */
export interface Run {
  readonly seed: number;
  /** The step at which something was wrong, and what; `undefined` when nothing was. */
  readonly broken: { readonly step: number; readonly what: string } | undefined;
  /** What happened, a line each. */
  readonly trace: readonly string[];
  /** The same seed has the same. */
  readonly digest: string;
  readonly clients: number;
}

/** Who there is before the first step. */
const FIRST_CLIENTS = 250;

/** Longer than a handler may take. */
const REST_MS = 6_000;
const MOST_RESTS = 50;
/** Longer than a peer can be silent. */
const LENGTH_MS = 90_000;
/** Long enough for every deadline: heartbeats, handlers, closes, the grace of presence. */
const END_MS = 400_000;

/**
 * Runs a seed.
 *
 * @param seed Decides everything.
 * @param steps How many there are, besides the beginning and the end.
 */
export async function simulate(seed: number, steps: number): Promise<Run> {
  const world = new World(seed);
  const unexpected = (error: unknown) => world.broken(`nobody caught: ${String(error)}`);
  process.on("uncaughtException", unexpected);
  process.on("unhandledRejection", unexpected);
  let step = 0;
  let what: string | undefined;
  try {
    const look = (rules: typeof ALWAYS) => what ??= firstBroken(world, rules);
    for (let i = 0; i < FIRST_CLIENTS; i++) world.connect(world.issuer.mint());
    await pass(world, 200);
    const drainsAt = world.draw.chance(0.3) ? world.draw.below(steps) : steps;
    for (; step < steps && look(ALWAYS) === undefined; step++) {
      if (step === drainsAt) drain(world);
      tryTo(world, act);
      await settle();
      await pass(world, world.draw.pick([0, 1, 5, 20, 100, 100, 1_000, 5_000]));
    }
    if (what === undefined && !world.model.draining) {
      // One handler that never answers behind another: each takes the time of its deadline.
      for (let i = 0; i < MOST_RESTS && world.clients.some(isWaiting); i++) await pass(world, REST_MS);
      await pass(world, REST_MS);
      look(ALWAYS);
      look(AT_REST);
      await pass(world, LENGTH_MS);
      look(ALWAYS);
      look(AT_LENGTH);
    }
    if (what === undefined) {
      if (world.draw.chance(0.5)) drain(world);
      else for (const client of world.clients) if (client.isIn) client.leave();
      await pass(world, END_MS);
      world.gate.close();
      await pass(world, END_MS);
      look(ALWAYS);
      look(AT_END);
    }
  } finally {
    process.off("uncaughtException", unexpected);
    process.off("unhandledRejection", unexpected);
  }
  const { trace } = world;
  const digest = createHash("sha256").update(trace.join("\n")).digest("hex").slice(0, 16);
  return {
    seed,
    broken: what === undefined ? undefined : { step, what },
    trace,
    digest,
    clients: world.clients.length,
  };
}

function isWaiting({ isIn, awaiting, faults }: SimClient): boolean {
  return isIn && faults.size === 0 && awaiting.length > 0;
}

async function pass(world: World, ms: number): Promise<void> {
  await world.clock.advance(ms);
  await settle();
}

function tryTo(world: World, run: (world: World) => void): void {
  try {
    run(world);
  } catch (error) {
    world.broken(`the gate threw: ${String(error)}`);
  }
}

function drain(world: World): void {
  // Some are in the middle of their handshake.
  for (let i = 0; i < 5; i++) world.connect(world.issuer.mint());
  world.log("drain");
  world.model.draining = true;
  void world.gate.drain();
}

function firstBroken(world: World, rules: typeof ALWAYS): string | undefined {
  if (world.violations.length > 0) return world.violations[0];
  for (const [rule, check] of Object.entries(rules)) {
    const found = check(world);
    if (found !== undefined) return `${rule}: ${found}`;
  }
  return undefined;
}
