/**
 * What is sent to a group: every server says exactly the same.
 *
 * @module
 */

/** The length of each of the messages. */
export const GROUP_BYTES = 128;

/** The room of all receivers. */
export const GROUP_ROOM = "all";

const PADDING = "a".repeat(GROUP_BYTES);

/** The data of one delivery. @param n Which of a burst: no two are the same. */
export function groupData(n: number): { readonly text: string } {
  const frame = '{"type":"said","data":{"text":""}}'.length;
  return { text: `${n}:`.padEnd(GROUP_BYTES - frame, PADDING) };
}

/** One delivery as it is on the wire. */
export function groupText(n: number): string {
  return JSON.stringify({ type: "said", data: groupData(n) });
}
