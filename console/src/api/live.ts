import { useEffect, useSyncExternalStore } from 'react';
import { QueryClient } from '@tanstack/react-query';

export type LiveState = 'connecting' | 'live' | 'lost' | 'signed-out';
type Change = { conversations: string[]; turns: boolean };

const everything = '00000000-0000-0000-0000-000000000000';
const beat = 20_000;
const patience = 8_000;
const longestWait = 15_000;

/** How long to wait before the next try, in milliseconds: doubled each time, spread so that many browsers do not come at once. */
export function backoff(tries: number, random: number): number {
  return Math.min(longestWait, 500 * 2 ** Math.min(tries, 6)) * (0.5 + random / 2);
}

/** The one connection of this page. It brings hints; what is shown is read from the API, also after a time without it. */
export class Live {
  private socket?: WebSocket;
  private tries = 0;
  private answered = true;
  private timer?: ReturnType<typeof setTimeout>;
  private beating?: ReturnType<typeof setInterval>;
  private state: LiveState = 'connecting';
  private readonly watchers = new Set<() => void>();
  private readonly listeners = new Set<(change: Change | 'again') => void>();
  private stopped = false;

  constructor(private readonly address: string) {}

  start() {
    this.stopped = false;
    this.open();
    window.addEventListener('online', this.now);
    document.addEventListener('visibilitychange', this.now);
  }

  stop() {
    this.stopped = true;
    window.removeEventListener('online', this.now);
    document.removeEventListener('visibilitychange', this.now);
    clearTimeout(this.timer);
    clearInterval(this.beating);
    this.socket?.close();
  }

  readonly read = () => this.state;

  readonly watch = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  listen(listener: (change: Change | 'again') => void) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Tries at once where the connection is lost. */
  readonly now = () => {
    if (this.state !== 'live' && !this.stopped && document.visibilityState !== 'hidden' && this.socket?.readyState !== WebSocket.CONNECTING) {
      clearTimeout(this.timer);
      this.open();
    }
  };

  private open() {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      this.answered = true;
      const frame = JSON.parse(String(data)) as { type: string } & Change;
      if (frame.type === 'hello') {
        const again = this.tries > 0 || this.state === 'lost';
        this.tries = 0;
        this.set('live');
        this.beat();
        if (again) this.tell('again');
      } else if (frame.type === 'changed') {
        this.tell(frame.conversations.includes(everything) ? { ...frame, conversations: frame.conversations.filter((id) => id !== everything) } : frame);
      }
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.socket || this.stopped) return;
      clearInterval(this.beating);
      this.set(code === 4001 ? 'signed-out' : 'lost');
      this.timer = setTimeout(() => this.open(), backoff(this.tries++, Math.random()));
    };
  }

  /** A connection that is dead without having been closed is found by the answer that does not come. */
  private beat() {
    clearInterval(this.beating);
    this.beating = setInterval(() => {
      const socket = this.socket;
      if (socket?.readyState !== WebSocket.OPEN) return;
      this.answered = false;
      socket.send('{"type":"ping"}');
      setTimeout(() => {
        if (!this.answered && socket === this.socket) {
          socket.onclose?.call(socket, new CloseEvent('close', { code: 4000 }));
          socket.onclose = null;
          socket.close();
        }
      }, patience);
    }, beat);
  }

  private set(state: LiveState) {
    if (this.state === state) return;
    this.state = state;
    this.watchers.forEach((watcher) => watcher());
  }

  private tell(change: Change | 'again') {
    this.listeners.forEach((listener) => listener(change));
  }
}

export const live = new Live(typeof location === 'undefined' ? '' : `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/console`);

export const useLiveState = () => useSyncExternalStore(live.watch, live.read);

/** Calls where something is new in that conversation, and after every time without a connection. */
export function useConversationChanges(id: string | undefined, changed: () => void) {
  useEffect(() => live.listen((change) => (change === 'again' || (id && change.conversations.includes(id)) ? changed() : undefined)), [id, changed]);
}

const afterMessages = ['agents', 'links', 'conversations', 'holds', 'attention', 'obligations', 'meetings'];
const afterTurns = ['turns', 'sessions', 'session', 'roots', 'root', 'spend', 'budgets'];

/** Keeps what is shown fresh: at most once a second for each kind of thing. */
export function refreshFrom(source: Live, queries: QueryClient) {
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return source.listen((change) => {
    if (change === 'again') {
      void queries.invalidateQueries();
      return;
    }
    if (change.conversations.length > 0) afterMessages.forEach((key) => due.add(key));
    if (change.turns) afterTurns.forEach((key) => due.add(key));
    timer ??= setTimeout(() => {
      timer = undefined;
      due.forEach((key) => void queries.invalidateQueries({ queryKey: [key] }));
      due.clear();
    }, 1000);
  });
}
