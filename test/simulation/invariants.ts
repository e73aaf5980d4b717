/**
 * What must be so after every step, and at the end. That no message is handled without a permitted lease, that nobody is told what is not
 * for him, and that replies come in their order, is held where it happens (world.ts, sim_client.ts).
 *
 * @module
 */

import type { Connection } from "../../src/io/connection.ts";
import type { SimClient } from "./sim_client.ts";
import { ROLES } from "./table.ts";
import { LIMITS, type World } from "./world.ts";

/** One rule. @returns What is wrong, if anything is. */
type Invariant = (world: World) => string | undefined;

/** After every step. */
export const ALWAYS: Readonly<Record<string, Invariant>> = {
  "the registry holds the sessions that began and have not ended": ({ gate, open }) => {
    const members = gate.groups.members("everyone");
    if (members.length !== open.size || gate.size !== open.size) return `${members.length} for ${open.size}`;
    return members.find(({ id }) => !open.has(id))?.data.name;
  },

  "a session is open exactly as long as its connection": ({ clients, open }) => {
    for (const client of clients) {
      if (client.sessionId === undefined) continue;
      const isOpen = open.has(client.sessionId);
      if (isOpen && client.isGone) return `${client.name} is gone, and its session is not`;
      // To whoever does not read, the Close frame may not have been written yet; in the end he is cut off.
      if (!isOpen && client.isIn && client.faults.size === 0) {
        return `${client.name} is connected, and its session is over`;
      }
    }
    return undefined;
  },

  // #region no_session_outlives
  "no session outlives its lease": ({ open, model, clock }) => {
    for (const { client } of open.values()) {
      // A timer fires up to a millisecond late.
      const fault = model.faultOf(client.token, clock.now() - 1);
      if (fault !== undefined) return `${client.name} is in, and its token is ${fault}`;
    }
    return undefined;
  },
  // #endregion

  "a session has the roles and the end that its token has now": ({ open, model }) => {
    for (const { session, client } of open.values()) {
      const wanted = [...model.rolesOf(client.token)].sort().join();
      const roles = [...session.roles].sort().join();
      if (roles !== wanted) return `${client.name} has ${roles} for ${wanted}`;
      if (session.expiresAtMs !== model.endOf(client.token)) {
        return `${client.name} ends at another time than its token`;
      }
    }
    return undefined;
  },

  "the indexes agree": ({ gate, open }) => {
    const everyone = gate.groups.members("everyone");
    const count = (isMember: (session: typeof everyone[number]) => boolean) =>
      everyone.filter(isMember).length;
    for (const role of ROLES) {
      const members = gate.groups.members({ role });
      if (members.length !== count(({ roles }) => roles.has(role))) return `role ${role}`;
      if (members.some((session) => !session.roles.has(role))) return `role ${role}`;
    }
    for (let i = 0; i < 5; i++) {
      const room = `room-${i}`;
      const members = gate.groups.members({ room });
      if (members.length !== count(({ rooms }) => rooms.has(room))) return room;
      if (members.some(({ id, data }) => !open.has(id) || !data.rooms.has(room))) return room;
    }
    for (const { id, subject, data } of everyone) {
      if (gate.groups.members({ session: id })[0]?.data !== data) return `${data.name} by its id`;
      if (!gate.groups.members({ subject }).some((session) => session.id === id)) {
        return `${data.name} by ${subject}`;
      }
      if (!gate.presence.isPresent(subject)) return `${subject} is here, and not present`;
      if (
        !data.socket?.destroyed &&
        [...data.rooms].join() !== [...everyone.find((one) => one.id === id)?.rooms ?? []].join()
      ) {
        return `the rooms of ${data.name}`;
      }
    }
    return undefined;
  },

  "no bound is passed": ({ gate, open, clients }) => {
    const { maxSessions = 0, maxSessionsPerSubject = 0, maxConnectionsPerAddress = 0, maxQueuedBytes = 0 } =
      LIMITS;
    if (gate.size > maxSessions) return `${gate.size} sessions`;
    const subjects = new Map<string, number>();
    for (const { session } of open.values()) {
      const count = (subjects.get(session.subject) ?? 0) + 1;
      if (count > maxSessionsPerSubject) return `${count} sessions of ${session.subject}`;
      subjects.set(session.subject, count);
      // The message that passes the bound is still there, and what a turn gathers.
      const { queuedBytes } = session.sender as unknown as Connection;
      if (queuedBytes > maxQueuedBytes + 65_536 + 20_100) {
        return `${queuedBytes} bytes wait for ${session.data.name}`;
      }
    }
    const addresses = new Map<string, number>();
    for (const { socket, status, isGone } of clients) {
      if (socket === undefined || status !== 101 || isGone) continue;
      const count = (addresses.get(socket.remoteAddress) ?? 0) + 1;
      if (count > maxConnectionsPerAddress) return `${count} connections of ${socket.remoteAddress}`;
      addresses.set(socket.remoteAddress, count);
    }
    return undefined;
  },
};

/** When everything has come to rest, and everybody who reads has read. */
export const AT_REST: Readonly<Record<string, Invariant>> = {
  "every request is answered, or its connection closed": ({ clients }) => {
    const waiting = clients.find(({ isIn, awaiting, faults }) =>
      isIn && faults.size === 0 && awaiting.length > 0
    );
    return waiting === undefined ? undefined : `${waiting.name} waits for ${waiting.awaiting.join()}`;
  },

  "whoever reads has got all that was said to it": ({ clients }) => {
    for (const { name, isIn, faults, due, got } of clients) {
      if (isIn && faults.size === 0 && due.join() !== got.join()) {
        return `${name} got ${got.length} of ${due.length}`;
      }
    }
    return undefined;
  },
};

/** When no peer can be silent any longer without having been found out. */
export const AT_LENGTH: Readonly<Record<string, Invariant>> = {
  "whoever vanished is found out": ({ clients, clock }) => {
    const found = ({ vanishedAtMs, isGone }: SimClient) =>
      vanishedAtMs === undefined || isGone || clock.now() - vanishedAtMs < FOUND_OUT_WITHIN_MS;
    return clients.find((client) => !found(client))?.name;
  },
};

/** Twice the heartbeat, the time for the pong, for the close, for a handler that holds reading up, and some ticks of the wheel. */
const FOUND_OUT_WITHIN_MS = 2 * 30_000 + 10_000 + 3_000 + 5_000 + 3_000;

/** When everybody has gone, and time has passed. */
export const AT_END: Readonly<Record<string, Invariant>> = {
  "nobody is left": ({ gate, open }) => open.size > 0 || gate.size > 0 ? `${open.size} sessions` : undefined,
  "no connection is left": ({ gate, clients }) => {
    const [, connections] = /^portcullis_connections (\d+)$/m.exec(gate.metrics()) ?? [];
    if (connections !== "0") return `${connections} connections`;
    return clients.find(({ isGone }) => !isGone)?.name;
  },
  "nobody is present": ({ gate }) => gate.presence.subjects()[0],
  "no timer is left": ({ clock }) => clock.pending > 0 ? `${clock.pending} timers` : undefined,
};

/** How many there are. */
export const INVARIANT_COUNT = [ALWAYS, AT_REST, AT_LENGTH, AT_END]
  .reduce((count, invariants) => count + Object.keys(invariants).length, 0);
