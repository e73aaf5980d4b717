/**
 * The full gate on `node:http`. `node gate.ts serve` prints the port it listens on; `node gate.ts serve front-door` puts a front door before it.
 *
 * @module
 */

import "./only_when_asked.ts";
import { createServer } from "node:http";
import process from "node:process";
import { putFrontDoor } from "../../../src/mod.ts";
import { benchGate } from "./bench_gate.ts";
import { listenAndTell } from "./listen.ts";
import { reportMemoryOnSignal } from "./memory.ts";

const gate = benchGate();
const server = createServer();
gate.attach(server);
if (process.argv.includes("front-door")) putFrontDoor(gate, server);
listenAndTell(server, "ws");
reportMemoryOnSignal();
