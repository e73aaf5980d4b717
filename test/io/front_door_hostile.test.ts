/**
 * Every test about handshakes, hostile ones above all, and about limits, once more behind a front door: what it lets through must be
 * what `node:http` lets through, and what becomes of it the same.
 *
 * @module
 */

import { useFrontDoors } from "../support/server.ts";

useFrontDoors();

for (
  const file of [
    "acceptor",
    "acceptor_approval",
    "acceptor_cookie",
    "acceptor_decision",
    "acceptor_endpoints",
    "acceptor_explain",
    "acceptor_handshake",
    "acceptor_plain",
    "acceptor_refusals",
    "acceptor_robustness",
    "acceptor_tcp",
    "acceptor_ticket",
    "gate_first_message",
    "gate_approval",
    "gate_session",
    "../limits/limits",
  ]
) await import(`./${file}.test.ts`);
