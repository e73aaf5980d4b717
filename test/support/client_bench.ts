/**
 * A client with everything around it, all of it written down.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { Client } from "../../src/client/client.ts";
import type { ClientOptions } from "../../src/client/client_options.ts";
import type { ClientState } from "../../src/client/client_state.ts";
import type { TokenReason, TokenRequest } from "../../src/client/token_source.ts";
import { type FakeLink, FakeTransport } from "./fake_transport.ts";
import { ManualClock } from "./manual_clock.ts";

/** Where clients in tests connect. */
export const URL_OF_TESTS = "ws://chat.example/ws";

/** Half of each span that jitter may take. */
export const HALF = (): number => 0.5;

/** A client, and all that it did. */
export interface ClientBench {
  readonly client: Client;
  readonly clock: ManualClock;
  readonly transport: FakeTransport;
  /** Why a token was asked for, each time. */
  readonly asked: TokenReason[];
  readonly states: ClientState[];
  readonly errors: unknown[];
  /** The tokens that were shown in upgrades, in their order. */
  readonly shown: () => (string | undefined)[];
  /** Lets time pass, and everything happen that is due. */
  readonly pass: (ms: number) => Promise<void>;
  /** Opens the client, and has the server say hello. */
  readonly enter: () => Promise<FakeLink>;
}

/** Waits until no promise is left that could settle by itself. */
export async function settle(): Promise<void> {
  await setImmediate();
}

/** Makes a client. Its `getToken` answers `token-1`, `token-2` and so on, unless a test brings another. */
export function clientBench(
  options: Partial<ClientOptions> = {},
  transport: FakeTransport = new FakeTransport(),
): ClientBench {
  const clock = new ManualClock();
  const asked: TokenReason[] = [];
  const errors: unknown[] = [];
  const states: ClientState[] = [];
  const { getToken = () => `token-${asked.length}`, ...others } = options;
  const client = new Client({
    url: URL_OF_TESTS,
    clock,
    random: HALF,
    reportError: (error) => void errors.push(error),
    ...others,
    getToken: (request: TokenRequest) => {
      asked.push(request.reason);
      return getToken(request);
    },
  }, transport);
  client.onState((state) => states.push(state));
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const enter = async () => {
    client.open();
    await settle();
    return transport.link.hello();
  };
  const shown = () => transport.links.map(({ request }) => request.token);
  return { client, clock, transport, asked, states, errors, shown, pass, enter };
}
