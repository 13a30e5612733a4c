import { useEffect, useReducer } from 'react';
import { api, type Meeting, type Message, ok, type Schemas } from '../api/client';

export type Turn = { id: string; agent: string; depth: number; text: string; tool?: string };
export type Room = { messages: Message[]; turns: Turn[]; meeting?: Meeting; idle: boolean; connected: boolean; error?: unknown };
type Note = { turn_id: string; agent: string; depth: number; kind: string; text: string };

export type RoomEvent =
  | { type: 'history'; messages: Message[] }
  | { type: 'message'; message: Message }
  | { type: 'turn'; turn: Note }
  | { type: 'state'; meeting: Meeting }
  | { type: 'idle' }
  | { type: 'connected'; connected: boolean }
  | { type: 'failed'; error: unknown };

/** What a room looks like after something happened in it. */
export function after(room: Room, event: RoomEvent): Room {
  switch (event.type) {
    case 'history':
      return { ...room, messages: event.messages };
    case 'message': {
      const known = room.messages.some(({ id }) => id === event.message.id);
      const messages = known ? room.messages.map((one) => (one.id === event.message.id ? event.message : one)) : [...room.messages, event.message];
      const said = event.message.chain?.turn_id;
      return { ...room, idle: false, messages, turns: said ? room.turns.filter(({ id }) => id !== said) : room.turns };
    }
    case 'turn': {
      const { turn_id: id, agent, depth, kind, text } = event.turn;
      const others = room.turns.filter((turn) => turn.id !== id);
      const now = room.turns.find((turn) => turn.id === id) ?? { id, agent, depth, text: '' };
      if (kind === 'started') return { ...room, idle: false, turns: [...others, { id, agent, depth, text: '' }] };
      if (kind === 'text') return { ...room, turns: room.turns.includes(now) ? room.turns.map((turn) => (turn === now ? { ...turn, text: turn.text + text, tool: undefined } : turn)) : [...others, { ...now, text }] };
      if (kind === 'tool') return { ...room, turns: room.turns.map((turn) => (turn === now ? { ...turn, tool: text } : turn)) };
      // What was answered stays until its message comes.
      return kind === 'answered' ? room : { ...room, turns: others };
    }
    case 'state':
      return { ...room, meeting: event.meeting };
    case 'idle':
      return { ...room, idle: true, turns: [] };
    case 'connected':
      return { ...room, connected: event.connected, turns: event.connected ? room.turns : [] };
    case 'failed':
      return { ...room, error: event.error };
  }
}

/** A room as it goes on. The browser connects again by itself, from the last message. */
export function useRoom(name: string): Room {
  const [room, tell] = useReducer(after, { messages: [], turns: [], idle: true, connected: false });
  useEffect(() => {
    let source: EventSource | undefined;
    let ended = false;
    void (async () => {
      try {
        const messages: Message[] = [];
        for (let next: number | null | undefined = 0; next !== null && next !== undefined; ) {
          const page: Schemas['MeetingHistoryPage'] = await ok(api.GET('/api/v1/meetings/{meeting}/history', { params: { path: { meeting: name }, query: { after: String(next), limit: 500 } } }));
          messages.push(...page.items);
          next = page.next;
        }
        if (ended) return;
        tell({ type: 'history', messages });
        source = new EventSource(`/api/v1/meetings/${encodeURIComponent(name)}/stream?after=${messages.at(-1)?.number ?? 0}`);
        source.onopen = () => tell({ type: 'connected', connected: true });
        source.onerror = () => tell({ type: 'connected', connected: false });
        const on = (kind: 'message' | 'turn' | 'state', event: (data: never) => RoomEvent) => source!.addEventListener(kind, ({ data }) => tell(event(JSON.parse(String(data)) as never)));
        on('message', (message) => ({ type: 'message', message }));
        on('turn', (turn) => ({ type: 'turn', turn }));
        on('state', (meeting) => ({ type: 'state', meeting }));
        source.addEventListener('idle', () => tell({ type: 'idle' }));
      } catch (error) {
        if (!ended) tell({ type: 'failed', error });
      }
    })();
    return () => {
      ended = true;
      source?.close();
    };
  }, [name]);
  return room;
}

/** A line that begins with a slash: the command and what follows it. */
export function command(line: string): { name: string; rest: string } | null {
  const found = /^\/([a-z-]+)(?:\s+([\s\S]*))?$/.exec(line.trim());
  return found ? { name: found[1]!, rest: (found[2] ?? '').trim() } : null;
}
