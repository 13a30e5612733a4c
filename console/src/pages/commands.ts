import { api, type Meeting, ok, Refusal, type Schemas } from '../api/client';

export type Typed = { name: string; rest: string };
/** What a command brings: a page that only the person who asked sees, and how it is taken back. */
export type Outcome = { note?: Note; undo?: { said: string; back: () => Promise<unknown> }; leave?: boolean; clear?: boolean };
export type Note = { title: string; lines: [string, string][] };

/** The commands of the room, as the room in the terminal has them. */
export const commands: { name: string; args: string; help: string }[] = [
  { name: 'help', args: '', help: 'all commands' },
  { name: 'history', args: '[n]', help: 'the last messages as a tree of who answered whom' },
  { name: 'chain-length', args: '[n]', help: 'show or set how deep agents may make each other speak; 0 switches it off' },
  { name: 'respond', args: '<agent>', help: 'hear an agent, also when the chain has met its limit' },
  { name: 'stop', args: '[agent]', help: 'stop the one speaking, or everybody who was asked' },
  { name: 'add', args: '<agent>', help: 'take an agent into the room' },
  { name: 'remove', args: '<agent>', help: 'take an agent out of the room' },
  { name: 'participants', args: '', help: 'who is in the room' },
  { name: 'agent', args: '<agent>', help: 'show one participant' },
  { name: 'show', args: '', help: 'the settings of the meeting' },
  { name: 'topic', args: '<text>', help: 'set what the meeting is about' },
  { name: 'limit', args: '<agent> <n>', help: 'bound how often an agent is asked below one message of yours; off removes it' },
  { name: 'strategy', args: '<name>', help: 'when chains end: depth, budget, no_new_content, consensus or moderator' },
  { name: 'moderator', args: '<agent>', help: 'let an agent decide who speaks next' },
  { name: 'status', args: '', help: 'who speaks, who is waited for, whom to ask next' },
  { name: 'stats', args: '', help: 'figures of the meeting’s chains' },
  { name: 'export', args: '[format]', help: 'save the transcript: markdown, or jsonl with one message a line' },
  { name: 'archive', args: '', help: 'close the room; it can be resumed' },
  { name: 'clear', args: '', help: 'take what commands have shown off the page' },
  { name: 'quit', args: '', help: 'leave; the meeting stays' },
];

const plain = (agent: string) => agent.replace(/^@/, '').toLowerCase();

/** The names of those who answered whom, as a tree of lines. */
export function tree(messages: { id: string; number: number | string; from: string; content?: string | null; reply_to?: string | null }[]): [string, string][] {
  const known = new Set(messages.map(({ id }) => id));
  const below = (parent: string | undefined, indent: string): [string, string][] =>
    messages.filter(({ reply_to: of }) => (of && known.has(of) ? of : undefined) === parent).flatMap((message, i, all): [string, string][] => {
      const last = i === all.length - 1;
      const branch = parent === undefined ? '' : indent + (last ? '└─ ' : '├─ ');
      return [[branch + message.from, (message.content ?? '').split('\n')[0]!.slice(0, 160)], ...below(message.id, parent === undefined ? '' : indent + (last ? '   ' : '│  '))];
    });
  return below(undefined, '');
}

/** Does what a line that begins with a slash says. */
export async function run(meeting: Meeting, { name, rest }: Typed, speakers: string[] = []): Promise<Outcome> {
  const path = { meeting: meeting.name };
  const edit = async (body: Schemas['EditMeetingRequest']): Promise<Outcome> => {
    const after = await ok(api.PATCH('/api/v1/meetings/{meeting}', { params: { path }, body }));
    const back = Object.fromEntries(Object.keys(body).map((key) => [key, meeting[key as keyof Meeting] ?? '']));
    return { undo: { said: ['Changed.', ...after.warnings].join(' '), back: () => ok(api.PATCH('/api/v1/meetings/{meeting}', { params: { path }, body: back })) } };
  };
  const found = commands.find((command) => command.name === name);
  if (found?.args.startsWith('<') && rest === '') throw wrong(`/${name} needs more.`, `Write it as: /${name} ${found.args}`);
  switch (name) {
    case 'help':
      return { note: { title: 'Commands', lines: commands.map((command) => [`/${command.name} ${command.args}`.trim(), command.help]) } };
    case 'history': {
      const messages = (await ok(api.GET('/api/v1/meetings/{meeting}/history', { params: { path, query: { limit: number(rest, 20, 1, 500, '/history 20') } } }))).items;
      return { note: { title: 'Who answered whom', lines: tree(messages) } };
    }
    case 'chain-length':
      return rest === '' ? { note: { title: 'Chain length', lines: [['now', meeting.chain_length === 0 ? 'switched off' : `agents speak at the depths 0 to ${meeting.chain_length}`]] } } : edit({ chain_length: number(rest, 4, 0, 100, '/chain-length 4') });
    case 'respond':
      await ok(api.POST('/api/v1/meetings/{meeting}/respond/{agent}', { params: { path: { ...path, agent: plain(rest) } } }));
      return {};
    case 'stop':
      await ok(api.POST('/api/v1/meetings/{meeting}/stop', { params: { path, query: rest ? { agent: plain(rest) } : {} } }));
      return {};
    case 'add':
      await ok(api.POST('/api/v1/meetings/{meeting}/participants/{agent}', { params: { path: { ...path, agent: plain(rest) } } }));
      return {};
    case 'remove': {
      const params = { path: { ...path, agent: plain(rest) } };
      await ok(api.DELETE('/api/v1/meetings/{meeting}/participants/{agent}', { params }));
      return { undo: { said: `${plain(rest)} is out of the room.`, back: () => ok(api.POST('/api/v1/meetings/{meeting}/participants/{agent}', { params })) } };
    }
    case 'participants':
      return { note: { title: 'In the room', lines: meeting.participants.map((one) => [one.name, [one.role, one.kind, one.description, one.halted ? 'halted' : ''].filter(Boolean).join(' · ')]) } };
    case 'agent': {
      const one = meeting.participants.find((participant) => participant.name === plain(rest));
      if (!one) throw wrong(`'${plain(rest)}' is not in the room.`, `In the room: ${meeting.participants.map((participant) => participant.name).join(', ')}`);
      return { note: { title: one.name, lines: [['kind', one.kind], ['calls itself', one.type], ['about it', one.description], ['role', one.role ?? 'none'], ['asked at most', meeting.limits[one.name] === undefined ? 'as the chain allows' : `${meeting.limits[one.name]} times`]] } };
    }
    case 'show':
      return { note: { title: 'Settings', lines: [['topic', meeting.topic || 'none'], ['chain length', String(meeting.chain_length)], ['strategy', meeting.strategy], ['moderator', meeting.moderator ?? 'nobody'], ['limits', Object.entries(meeting.limits).map(([agent, times]) => `${agent} ${times}`).join(', ') || 'none'], ['template', meeting.template ?? 'none'], ['started by', meeting.created_by]] } };
    case 'topic':
      return edit({ topic: rest });
    case 'limit': {
      const [agent, times, more] = rest.split(/\s+/);
      if (!agent || !times || more) throw wrong('/limit needs an agent and a number.', 'Write it as: /limit cto 2, or /limit cto off');
      const { [plain(agent)]: _, ...others } = meeting.limits;
      return edit({ limits: times === 'off' ? others : { ...meeting.limits, [plain(agent)]: number(times, 0, 0, 100, '/limit cto 2') } });
    }
    case 'strategy':
      return edit({ strategy: rest });
    case 'moderator':
      return edit({ strategy: 'moderator', moderator: plain(rest) });
    case 'status':
      return { note: { title: 'Now', lines: [['speaks', speakers.join(', ') || 'nobody'], ['was asked', meeting.waiting.join(', ') || 'nobody'], ['would like to speak', meeting.suggestions.filter(({ reason }) => reason === 'unheard').map(({ agent }) => agent).join(', ') || 'nobody'], ['has not spoken', meeting.suggestions.filter(({ reason }) => reason !== 'unheard').map(({ agent }) => agent).join(', ') || 'nobody']] } };
    case 'stats': {
      const stats = await ok(api.GET('/api/v1/meetings/{meeting}/stats', { params: { path } }));
      return { note: { title: 'Figures', lines: [['messages', `${stats.messages}, ${stats.from_people} of people`], ['chains', String(stats.chains)], ['turns', String(stats.turns)], ['answers by depth', stats.depths.map((one) => `${one.depth}: ${one.answers}`).join(', ') || 'none'], ['who asked whom', stats.mentions.map((one) => `${one.from} → ${one.to} ${one.count}`).join(', ') || 'nobody'], ['ended by', stats.endings.map((one) => `${one.ended_by} ${one.count}`).join(', ') || 'nothing']] } };
    }
    case 'export':
      save(meeting.name, rest === 'jsonl' ? 'jsonl' : 'markdown');
      return {};
    case 'archive':
      await ok(api.POST('/api/v1/meetings/{meeting}/archive', { params: { path } }));
      return { undo: { said: 'Archived.', back: () => ok(api.POST('/api/v1/meetings/{meeting}/resume', { params: { path } })) } };
    case 'clear':
      return { clear: true };
    case 'quit':
      return { leave: true };
    default:
      throw wrong(`There is no command /${name}.`, '/help shows all.');
  }
}

function save(name: string, format: string) {
  Object.assign(document.createElement('a'), { href: `/api/v1/meetings/${encodeURIComponent(name)}/export?format=${format}`, download: `${name}.${format === 'jsonl' ? 'jsonl' : 'md'}` }).click();
}

const wrong = (message: string, fix: string) => new Refusal(400, 'invalid_request', message, fix);

function number(text: string, whenEmpty: number, least: number, most: number, example: string): number {
  const value = text === '' ? whenEmpty : Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw wrong(`That is no number from ${least} to ${most}.`, `Write it as: ${example}`);
  return value;
}
