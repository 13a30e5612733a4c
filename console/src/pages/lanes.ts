type Said = { id: string; reply_to?: string | null };
export type Rail = { lane: number; parent?: number; before: number[]; after: number[] };

/**
 * Where each message stands when the chains of a conversation are drawn as lines from above: an answer stands below what it answers, and where several answer
 * one message each but the last begins a line of its own. Lines that have ended leave room for others.
 */
export function lanes(messages: Said[]): Rail[] {
  const waiting = new Map<string, number>();
  const known = new Set(messages.map(({ id }) => id));
  for (const { reply_to: parent } of messages) if (parent && known.has(parent)) waiting.set(parent, (waiting.get(parent) ?? 0) + 1);
  const owners: (string | undefined)[] = [];
  const laneOf = new Map<string, number>();
  const taken = () => owners.flatMap((owner, lane) => (owner === undefined ? [] : [lane]));
  const free = () => {
    const lane = owners.indexOf(undefined);
    return lane < 0 ? owners.length : lane;
  };
  return messages.map(({ id, reply_to }) => {
    const before = taken();
    const parent = reply_to ? laneOf.get(reply_to) : undefined;
    let lane: number;
    if (reply_to && parent !== undefined) {
      const left = (waiting.get(reply_to) ?? 1) - 1;
      waiting.set(reply_to, left);
      if (left === 0) owners[parent] = undefined;
      lane = left === 0 ? parent : free();
    } else {
      lane = free();
    }
    laneOf.set(id, lane);
    owners[lane] = (waiting.get(id) ?? 0) > 0 ? id : undefined;
    return { lane, parent, before, after: taken() };
  });
}
