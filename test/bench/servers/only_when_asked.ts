/**
 * Ends a program that nobody has asked to serve: a runner of tests runs whatever it finds below `test`, and would wait for ever.
 *
 * @module
 */

import process from "node:process";

if (!process.argv.includes("serve")) process.exit(0);
