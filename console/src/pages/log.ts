import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Message, ok } from '../api/client';
import { useConversationChanges } from '../api/live';
import type { LogSearch } from '../app/router';

const page = 100;
const burst = 500;
const kept = 5_000;

/** Joins messages in the order of their numbers, each once; what came later wins. */
export function join(have: Message[], more: Message[]): Message[] {
  if (more.length === 0) return have;
  const last = have.at(-1);
  if (!last || Number(more[0]!.number) > Number(last.number)) return [...have, ...more];
  const all = new Map([...have, ...more].map((message) => [message.id, message]));
  return [...all.values()].sort((one, other) => Number(one.number) - Number(other.number));
}

/** The end of the day that was picked, or the time as it is. */
export function untilOf(day: string | undefined): string | undefined {
  if (!day) return undefined;
  return /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(new Date(`${day}T00:00:00`).getTime() + 86_400_000).toISOString() : new Date(day).toISOString();
}

export function sinceOf(day: string | undefined): string | undefined {
  if (!day) return undefined;
  return /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00`).toISOString() : new Date(day).toISOString();
}

export type Log = { messages: Message[]; state: 'loading' | 'ready' | 'failed'; error: unknown; hasOlder: boolean; older: () => Promise<number>; again: () => void; recheck: () => void };

/** One conversation as it grows: the newest page, older ones when asked for, and whatever is said from then on. */
export function useLog(conversation: string, search: LogSearch): Log {
  const [messages, setMessages] = useState<Message[]>([]);
  const [state, setState] = useState<Log['state']>('loading');
  const [error, setError] = useState<unknown>();
  const [hasOlder, setHasOlder] = useState(false);
  const round = useRef(0);
  const position = useRef(0);
  const reading = useRef(false);
  const again = useRef(false);
  const oldest = useRef<string | null>(null);
  const { type, sender, since, until, q } = search;

  const read = useCallback(
    async (extra: { before?: string; after?: string; limit: number }) =>
      ok(api.GET('/api/v1/messages', { params: { query: { conversation, type, sender, since: sinceOf(since), until: untilOf(until), q, ...extra } } })),
    [conversation, type, sender, since, until, q],
  );

  const load = useCallback(() => {
    const mine = ++round.current;
    setState('loading');
    setMessages([]);
    position.current = 0;
    read({ limit: page }).then(
      (first) => {
        if (mine !== round.current) return;
        const ascending = first.items.toSorted((one, other) => Number(one.number) - Number(other.number));
        setMessages(ascending);
        position.current = Number(ascending.at(-1)?.number ?? 0);
        oldest.current = first.next ?? null;
        setHasOlder(Boolean(first.next));
        setState('ready');
      },
      (fault: unknown) => {
        if (mine !== round.current) return;
        setError(fault);
        setState('failed');
      },
    );
  }, [read]);

  useEffect(load, [load]);

  const follow = useCallback(async () => {
    if (reading.current) {
      again.current = true;
      return;
    }
    reading.current = true;
    const mine = round.current;
    try {
      do {
        again.current = false;
        const more = (await read({ after: String(position.current), limit: burst })).items;
        if (mine !== round.current) return;
        if (more.length > 0) {
          position.current = Math.max(position.current, ...more.map((message) => Number(message.number)));
          setMessages((have) => join(have, more).slice(-kept));
        }
        again.current ||= more.length === burst;
      } while (again.current);
    } catch {
      // The next change, or the timer, looks again.
    } finally {
      reading.current = false;
    }
  }, [read]);

  const changed = useCallback(() => {
    if (state === 'ready') void follow();
  }, [state, follow]);
  useConversationChanges(conversation, changed);
  useEffect(() => {
    const timer = setInterval(changed, 10_000);
    return () => clearInterval(timer);
  }, [changed]);

  const older = useCallback(async () => {
    const mine = round.current;
    const before = oldest.current;
    if (!before) return 0;
    oldest.current = null;
    const more = await read({ before, limit: page });
    if (mine !== round.current) return 0;
    oldest.current = more.next ?? null;
    setHasOlder(Boolean(more.next));
    setMessages((have) => join(more.items.toSorted((one, other) => Number(one.number) - Number(other.number)), have));
    return more.items.length;
  }, [read]);

  /** Reads what is shown at the end once more: a held message may have been decided. */
  const recheck = useCallback(() => {
    const mine = round.current;
    void read({ limit: page }).then((newest) => (mine === round.current ? setMessages((have) => join(have, newest.items.toSorted((one, other) => Number(one.number) - Number(other.number)))) : undefined));
  }, [read]);

  return { messages, state, error, hasOlder, older, again: load, recheck };
}
