import type { Schemas } from '../api/client';

type Entry = Schemas['SessionLogEntryView'];
type Turn = Schemas['SessionTurnView'];

/** What was said and called in the order of time, and behind what each turn did, the turn; one that runs stands at the end. */
export function woven(entries: Entry[], turns: Turn[]): ({ entry: Entry; turn?: undefined } | { turn: Turn })[] {
  const ends = turns.map((turn) => ({ turn, at: turn.endedAt ? Date.parse(turn.endedAt) : Infinity })).sort((one, other) => one.at - other.at);
  const all: ({ entry: Entry; turn?: undefined } | { turn: Turn })[] = [];
  let next = 0;
  for (const entry of entries) {
    while (next < ends.length && ends[next]!.at < Date.parse(entry.at)) all.push({ turn: ends[next++]!.turn });
    all.push({ entry });
  }
  return [...all, ...ends.slice(next).map(({ turn }) => ({ turn }))];
}
