import { describe, expect, test } from 'vitest';
import type { Message, Schemas, Session } from '../api/client';
import { backoff } from '../api/live';
import { logSearch } from '../app/router';
import { hostOf, words } from '../pages/AddAgent';
import { commands, tree } from '../pages/commands';
import { lanes } from '../pages/lanes';
import { join } from '../pages/log';
import { woven } from '../pages/transcript';
import { inTree } from '../pages/Root';
import { after, command, type Room } from '../pages/room';
import { conversationTitle } from '../ui/conversations';
import { creditsOf, peerOf } from '../ui/credits';
import { compact, duration, money, relative, tokensByDay } from '../ui/format';
import { limitText, shareOf, spentText } from '../ui/budgets';
import { layout } from '../ui/layout';
import { branches, rows } from '../ui/SessionTree';

const now = new Date('2026-03-01T12:00:00Z');
const message = (number: number, more: Partial<Message> = {}) => ({ id: `m${number}`, number, from: 'tesla', from_kind: 'agent', content: String(number), ...more }) as Message;

describe('credits', () => {
  const link = { credits_remaining: 12, messages_per_window: 30, window_reset_at: '2026-03-01T14:00:00Z' };
  test('within the window what is left counts', () => expect(creditsOf(link, now)).toEqual({ left: 12, of: 30, share: 0.4, resetAt: link.window_reset_at }));
  test('after the window the bucket is full', () => expect(creditsOf(link, new Date('2026-03-01T14:00:00Z'))).toEqual({ left: 30, of: 30, share: 1, resetAt: null }));
  test('before the first message it is full', () => expect(creditsOf({ ...link, credits_remaining: 30, window_reset_at: null }, now).resetAt).toBeNull());
  test('below zero is nothing', () => expect(creditsOf({ ...link, credits_remaining: -3 }, now).share).toBe(0));
  test('the peer is the other one', () => expect([peerOf({ agent: 'a', peer: 'b' }, 'a'), peerOf({ agent: 'a', peer: 'b' }, 'b')]).toEqual(['b', 'a']));
});

describe('a log', () => {
  test('new messages come behind', () => expect(join([message(1)], [message(2), message(3)]).map((m) => m.number)).toEqual([1, 2, 3]));
  test('what comes twice is there once, as it came last', () => expect(join([message(1), message(2)], [message(2, { content: 'edited' }), message(3)]).map((m) => m.content)).toEqual(['1', 'edited', '3']));
  test('older ones come before', () => expect(join([message(1), message(2)], [message(3)]).map((m) => m.number)).toEqual([1, 2, 3]));
  test('its address takes over words only', () => expect(logSearch({ type: 'request', q: 42, evil: 'x', sender: '' })).toEqual({ type: 'request', q: '42' }));
});

describe('a tree of sessions', () => {
  const session = (id: string, parentSession?: string) => ({ id, parentSession }) as Session;
  test('children stand below their parents, orphans at the top', () => {
    const tree = branches([session('c', 'b'), session('b', 'a'), session('a'), session('x', 'gone')]);
    expect(tree.flatMap((branch) => rows(branch)).map(({ session: { id }, depth }) => `${depth}${id}`)).toEqual(['0a', '1b', '2c', '0x']);
  });
});

test('turns stand below what they answer', () => {
  const turn = (id: string, parent_id?: string) => ({ id, parent_id }) as Schemas['ChainTurnView'];
  expect(inTree([turn('a'), turn('b', 'a'), turn('c', 'a'), turn('d', 'b'), turn('e', 'gone')]).map(({ turn: { id }, level }) => `${level}${id}`)).toEqual(['0a', '1b', '2d', '1c', '0e']);
});

describe('a room', () => {
  const empty: Room = { messages: [], turns: [], idle: true, connected: true };
  const note = (kind: string, text = '') => ({ type: 'turn', turn: { turn_id: 't', agent: 'ceo', depth: 0, kind, text } }) as const;
  test('pieces of a turn add up and go when its message comes', () => {
    const speaking = [note('started'), note('text', 'Hello '), note('text', 'you')].reduce(after, empty);
    expect(speaking.turns.map(({ text }) => text)).toEqual(['Hello you']);
    const said = after(speaking, { type: 'message', message: message(1, { chain: { turn_id: 't' } as Schemas['ChainView'] }) });
    expect([said.turns.length, said.messages.length]).toEqual([0, 1]);
  });
  test('a turn that begins again forgets what it said', () => expect([note('started'), note('text', 'Wrong'), note('started')].reduce(after, empty).turns[0]?.text).toBe(''));
  test('a held message is replaced by what became of it', () => expect(after(after(empty, { type: 'message', message: message(1, { withheld: 'held' }) }), { type: 'message', message: message(1) }).messages).toEqual([message(1)]));
  test('without a connection nobody is shown to speak', () => expect(after([note('started')].reduce(after, empty), { type: 'connected', connected: false }).turns).toEqual([]));
  test('a slash begins a command', () => expect([command('/respond ceo'), command('/stop'), command('hello /stop')]).toEqual([{ name: 'respond', rest: 'ceo' }, { name: 'stop', rest: '' }, null]));
});

describe('words', () => {
  test.each([[0, '0s'], [59_999, '59s'], [330_000, '5m 30s'], [7_200_000, '2h'], [90_000_000, '1d 1h'], [-5, '0s']])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text));
  test.each([['2026-03-01T11:59:58Z', 'now'], ['2026-03-01T11:57:00Z', '3m ago'], ['2026-03-01T14:05:00Z', 'in 2h 5m'], ['2026-02-28T12:00:00Z', '1d ago']])('%s is %s', (time, text) => expect(relative(new Date(time), now)).toBe(text));
  test.each([[0, '$0'], [0.00123, '$0.0012'], [1.5, '$1.50']])('%d dollars are %s', (dollars, text) => expect(money(dollars)).toBe(text));
  test('large counts are short', () => expect([compact(999), compact(6428)]).toEqual(['999', '6.4K']));
  test('days without spending are there', () => expect(tokensByDay({ days: 3, lines: [{ key: '2026-02-28', usage: { input: 5, output: 2 } }] }, now)).toEqual([0, 7, 0]));
  test('conversations have titles', () => expect([conversationTitle({ kind: 'direct', name: 'aaron, tesla' }), conversationTitle({ kind: 'session', name: 'agent:bond:subagent:01a1ff4b-ed2c-7ef9-b1e4-606446c9187b' })]).toEqual(['aaron ↔ tesla', 'bond · c9187b']));
});

test('a lost connection is tried again ever later, within bounds', () => {
  const waits = Array.from({ length: 12 }, (_, tries) => backoff(tries, 1));
  expect(waits[0]).toBe(500);
  expect(Math.max(...waits)).toBe(15_000);
  expect(backoff(3, 0)).toBe(2_000);
});

test('the same names always stand the same, apart, and within the picture', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const edges = [{ from: 'a', to: 'b', weight: 1 }];
  const [one, other] = [layout(names, edges), layout(names, edges)];
  expect([...one]).toEqual([...other]);
  for (const { x, y } of one.values()) expect(x >= 0.05 && x <= 0.95 && y >= 0.05 && y <= 0.95).toBe(true);
  const [a, b] = [one.get('a')!, one.get('b')!];
  expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(0.08);
});

describe('chains drawn as lines', () => {
  const drawn = (...said: [id: string, reply_to?: string][]) => lanes(said.map(([id, reply_to]) => ({ id, reply_to }))).map(({ lane }) => lane);
  test('one answer after the other is one line', () => expect(drawn(['a'], ['b', 'a'], ['c', 'b'])).toEqual([0, 0, 0]));
  test('answers at once are lines of their own, and the last goes on', () => expect(drawn(['a'], ['b', 'a'], ['c', 'a'], ['d', 'b'], ['e', 'c'])).toEqual([0, 1, 0, 1, 0]));
  test('a line that has ended leaves room', () => expect(drawn(['a'], ['b', 'a'], ['c', 'a'], ['d', 'a'], ['x'])).toEqual([0, 1, 1, 0, 0]));
  test('what answers nothing shown stands for itself', () => expect(lanes([{ id: 'b', reply_to: 'gone' }])).toEqual([{ lane: 0, parent: undefined, before: [], after: [] }]));
  test('a branch knows what it comes from and what passes by', () => {
    const [, branch] = lanes([{ id: 'a' }, { id: 'b', reply_to: 'a' }, { id: 'c', reply_to: 'a' }]);
    expect(branch).toEqual({ lane: 1, parent: 0, before: [0], after: [0] });
  });
  test('a tree of lines has the branches of the terminal', () =>
    expect(tree([{ id: 'a', number: 1, from: 'user', content: 'Well?' }, { id: 'b', number: 2, from: 'ceo', content: 'Yes', reply_to: 'a' }, { id: 'c', number: 3, from: 'cto', content: 'No', reply_to: 'b' }, { id: 'd', number: 4, from: 'cfo', content: 'Hm', reply_to: 'a' }])).toEqual([['user', 'Well?'], ['├─ ceo', 'Yes'], ['│  └─ cto', 'No'], ['└─ cfo', 'Hm']]));
  test('the room has the commands of the terminal', () =>
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['help', 'history', 'chain-length', 'respond', 'stop', 'add', 'remove', 'participants', 'agent', 'show', 'topic', 'limit', 'strategy', 'moderator', 'status', 'stats', 'export', 'clear', 'quit'])));
});

describe('a transcript', () => {
  const entry = (at: string) => ({ kind: 'message', at, from: 'tesla', text: at }) as Schemas['SessionLogEntryView'];
  const turn = (id: string, endedAt?: string) => ({ id, startedAt: '2026-03-01T11:00:00Z', endedAt }) as Schemas['SessionTurnView'];
  test('each turn stands behind what it said, and one that runs at the end', () => {
    const all = woven([entry('2026-03-01T11:00:01Z'), entry('2026-03-01T11:00:05Z'), entry('2026-03-01T11:00:09Z')], [turn('runs'), turn('second', '2026-03-01T11:00:09Z'), turn('first', '2026-03-01T11:00:05Z')]);
    expect(all.map((one) => one.turn?.id ?? (one as { entry: { at: string } }).entry.at.slice(17, 19))).toEqual(['01', '05', 'first', '09', 'second', 'runs']);
  });
});

describe('budgets', () => {
  const day = { scope: 'agent', cost: 0.5, tokens: 900, max_cost: 2, max_tokens: 1000 };
  test('the nearer limit counts', () => expect([shareOf(day), shareOf(day, 'cost'), shareOf({ scope: 'agent', cost: 3 })]).toEqual([0.9, 0.25, 0]));
  test('a limit of nothing is used up', () => expect(shareOf({ scope: 'agent', max_cost: 0 })).toBe(1));
  test('they are said in words', () => expect([limitText(day), limitText({ scope: 'agent' }), spentText(day, 'tokens'), spentText({ scope: 'agent', cost: 1.5 }, 'cost')]).toEqual(['at most $2.00 and 1K tokens', 'no limit', '900 of 1K', '$1.50']));
});

describe('a program that thinks', () => {
  test('a command is split as a shell would', () => expect(words('sh -c "echo a b" \'c d\' e')).toEqual(['sh', '-c', 'echo a b', 'c d', 'e']));
  test('what is empty is left to the server', () => expect(hostOf({ runtime: 'command', profile: 'claude', command: ' ', folder: '', permissions: 'ask', model: '' })).toEqual({ runtime: 'command', model: undefined, program: { profile: 'claude', command: undefined, folder: undefined, permissions: undefined } }));
});
