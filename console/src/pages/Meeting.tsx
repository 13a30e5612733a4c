import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import { ActionIcon, Badge, Button, Group, NumberInput, Select, Text, Textarea, Tooltip } from '@mantine/core';
import { IconArchive, IconChartBar, IconChevronLeft, IconEar, IconHandStop, IconPlayerPlay, IconSend, IconSettings, IconUsersGroup, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, type Meeting, type Message, ok, Refusal, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Markdown } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { complain, tell, useAct } from '../ui/act';
import { compact, money, plural } from '../ui/format';
import { At, Avatar, Card, Dot, Empty, Facts, Failure, Loading, Page, State } from '../ui/parts';
import ui from '../ui/ui.module.css';
import { command, type Turn, useRoom } from './room';
import agents from './agents.module.css';
import classes from './meeting.module.css';

const endings: Record<string, string> = {
  depth: 'the maximum chain length is reached', off: 'chains are switched off', limit: 'the agents’ own limits are reached', budget: 'the chain’s bound is reached', no_new_content: 'nothing new was said', consensus: 'they agree', user: 'a person is asked', halted: 'it is halted',
};
const commands = ['/respond AGENT', '/chain-length N', '/stop [AGENT]', '/add AGENT', '/remove AGENT', '/topic TEXT', '/strategy NAME', '/archive'];

export default function MeetingPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <Inside key={name} name={name} />;
}

function Inside({ name }: { name: string }) {
  const room = useRoom(name);
  const first = useQuery(q.meeting(name));
  const meeting = room.meeting ?? first.data;
  const back = <Link to="/meetings" className={agents.back}><IconChevronLeft size={15} /> Meetings</Link>;
  if (!meeting) return <Page tab={name} title={name} back={back}><Card label={name}>{first.isPending ? <Loading /> : <Failure error={first.error} retry={() => void first.refetch()} />}</Card></Page>;
  return (
    <Page
      tab={meeting.name} back={back} title={<>{meeting.name} <State state={meeting.state} /></>}
      lead={<>{meeting.topic ? <Revealed text={meeting.topic} /> : 'No topic'} · <Dot colour={room.connected ? 'teal' : 'orange'} pulse={!room.connected} label={room.connected ? 'live' : 'reconnecting'} /> {room.connected ? (room.idle ? 'idle' : 'live') : 'connecting'}</>}
    >
      <div className={classes.room}>
        <section className={`${ui.card} ${classes.log}`} aria-label="What is said">
          <Said messages={room.messages} turns={room.turns} error={room.error} opening={meeting.opening} />
          {meeting.state === 'open' ? <Speak meeting={meeting} /> : <div className={classes.write}><Text size="sm" c="dimmed">Archived: resume it to go on.</Text></div>}
        </section>
        <div className={agents.stack}>
          <Participants meeting={meeting} turns={room.turns} />
          <Settings meeting={meeting} />
          <Figures name={name} head={Number(meeting.head)} />
        </div>
      </div>
    </Page>
  );
}

function Said({ messages, turns, error, opening }: { messages: Message[]; turns: Turn[]; error: unknown; opening?: string | null }) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [messages, turns]);
  return (
    <div ref={box} className={classes.scroller} tabIndex={0} role="log" aria-label="Transcript" onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => (atEnd.current = scrollHeight - scrollTop - clientHeight < 100)}>
      {error ? <Failure error={error} /> : messages.length + turns.length === 0 && <Empty icon={IconUsersGroup} title="Nobody has said anything yet">{opening ?? 'Say something: without a name it asks everybody, with @name only that participant.'}</Empty>}
      {messages.map((message) => (
        <article key={message.id} className={classes.message} style={level(message.from_kind === 'agent' ? Number(message.chain?.depth ?? 0) : 0)} aria-label={`${message.from}, depth ${message.chain?.depth ?? 0}`}>
          <Avatar name={message.from} kind={message.from_kind} size={34} />
          <div className={classes.head}>
            <b><Revealed text={message.from} /></b><span className={ui.kind}>{message.from_kind === 'user' ? 'person' : message.from_kind}</span>
            {message.chain && message.from_kind === 'agent' && <Badge size="xs" color="gray" title="Depth in the chain">{message.chain.depth}/{message.chain.limit}</Badge>}
            {message.withheld && <State state={message.withheld} />}
            <At at={message.created_at} />
          </div>
          <div className={classes.body}><Markdown text={message.content ?? ''} /></div>
          {message.chain?.ended_by && <div className={classes.ended}>Not asked: {message.chain.unheard.join(', ') || 'nobody'} — {endings[message.chain.ended_by] ?? message.chain.ended_by}</div>}
          {message.chain && message.chain.unknown.length > 0 && <div className={classes.ended}>Nobody here is called <Revealed text={message.chain.unknown.join(', ')} />.</div>}
        </article>
      ))}
      {turns.map((turn) => (
        <article key={turn.id} className={`${classes.message} ${classes.live}`} style={level(turn.depth)} aria-label={`${turn.agent} speaks`}>
          <Avatar name={turn.agent} kind="agent" size={34} />
          <div className={classes.head}><b>{turn.agent}</b> {turn.tool ? `calls ${turn.tool}` : turn.text ? 'speaks' : 'thinks'} · depth {turn.depth}</div>
          <div className={classes.body}><Markdown text={turn.text} /> <span className={classes.caret} aria-hidden /></div>
        </article>
      ))}
    </div>
  );
}

const level = (depth: number) => ({ '--level': Math.min(depth, 8) }) as CSSProperties;

const changes = [['meetings']];

function Speak({ meeting }: { meeting: Meeting }) {
  const [text, setText] = useState(meeting.head ? '' : (meeting.opening ?? ''));
  const say = useAct(
    async (line: string) => {
      const typed = command(line);
      if (!typed) return ok(api.POST('/api/v1/meetings/{meeting}/messages', { params: { path: { meeting: meeting.name } }, body: { content: line } }));
      return run(meeting, typed);
    },
    { changes, quiet: true, done: () => setText('') },
  );
  const error = say.error instanceof Refusal ? `${say.error.message} ${say.error.fix}` : undefined;
  return (
    <form className={classes.write} onSubmit={(event) => { event.preventDefault(); if (text.trim()) say.mutate(text); }}>
      <Textarea
        aria-label="Say something" placeholder="Say something, or type / for a command" autosize minRows={1} maxRows={8} value={text} onChange={(event) => setText(event.currentTarget.value)} error={error}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
        rightSection={<ActionIcon type="submit" variant="filled" loading={say.isPending} disabled={!text.trim()} aria-label="Say it"><IconSend size={16} /></ActionIcon>}
      />
      {text.startsWith('/') && <Text size="xs" c="dimmed" mt={6}>{commands.filter((one) => one.startsWith(text.split(' ')[0]!)).join('   ') || `There is no such command. There are: ${commands.join('   ')}`}</Text>}
    </form>
  );
}

async function run(meeting: Meeting, { name, rest }: { name: string; rest: string }): Promise<unknown> {
  const path = { meeting: meeting.name };
  const edit = (body: Schemas['EditMeetingRequest']) => ok(api.PATCH('/api/v1/meetings/{meeting}', { params: { path }, body }));
  switch (name) {
    case 'respond':
      return ok(api.POST('/api/v1/meetings/{meeting}/respond/{agent}', { params: { path: { ...path, agent: rest } } }));
    case 'chain-length':
      return edit({ chain_length: Number(rest) });
    case 'strategy':
      return edit({ strategy: rest });
    case 'topic':
      return edit({ topic: rest });
    case 'stop':
      return ok(api.POST('/api/v1/meetings/{meeting}/stop', { params: { path, query: rest ? { agent: rest } : {} } }));
    case 'add':
      return ok(api.POST('/api/v1/meetings/{meeting}/participants/{agent}', { params: { path: { ...path, agent: rest } } }));
    case 'remove':
      return ok(api.DELETE('/api/v1/meetings/{meeting}/participants/{agent}', { params: { path: { ...path, agent: rest } } }));
    case 'archive':
      return ok(api.POST('/api/v1/meetings/{meeting}/archive', { params: { path } }));
    default:
      throw new Refusal(400, 'unknown_command', `There is no command /${name}.`, `There are: ${commands.join(', ')}`);
  }
}

const doing = (meeting: Meeting, typed: { name: string; rest: string }) => run(meeting, typed).catch(complain);

function Participants({ meeting, turns }: { meeting: Meeting; turns: Turn[] }) {
  const known = useQuery(q.agents).data ?? [];
  const outside = known.map(({ name }) => name).filter((name) => !meeting.participants.some((one) => one.name === name));
  return (
    <Card title="In the room" icon={IconUsersGroup} count={meeting.participants.length} actions={meeting.waiting.length > 0 && <Button size="compact-xs" color="red" variant="light" leftSection={<IconHandStop size={14} />} onClick={() => void doing(meeting, { name: 'stop', rest: '' })}>Stop</Button>}>
      {meeting.participants.map((one) => {
        const speaks = turns.some(({ agent }) => agent === one.name);
        const hand = meeting.suggestions.find(({ agent }) => agent === one.name);
        const state: ReactNode = one.halted ? 'halted' : speaks ? 'speaks' : meeting.waiting.includes(one.name) ? 'was asked' : hand ? (hand.reason === 'unheard' ? 'would like to speak' : 'has not spoken') : (one.role ?? one.kind);
        return (
          <div key={one.name} className={classes.participant}>
            <Avatar name={one.name} kind="agent" size={30} />
            <div><Link to="/agents/$name" params={{ name: one.name }} style={{ fontWeight: 600, color: 'inherit' }}>{one.name}</Link><Text size="xs" c={hand?.reason === 'unheard' || speaks ? 'iris' : 'dimmed'}>{state}</Text></div>
            {speaks && <Dot colour="iris" pulse label="speaks" />}
            {meeting.state === 'open' && (
              <>
                <Tooltip label={`Hear ${one.name}`}><ActionIcon variant={hand?.reason === 'unheard' ? 'light' : 'subtle'} onClick={() => void doing(meeting, { name: 'respond', rest: one.name })} aria-label={`Hear ${one.name}`}><IconEar size={17} /></ActionIcon></Tooltip>
                <Tooltip label="Out of the room"><ActionIcon variant="subtle" color="gray" onClick={() => void doing(meeting, { name: 'remove', rest: one.name })} aria-label={`Remove ${one.name}`}><IconX size={16} /></ActionIcon></Tooltip>
              </>
            )}
          </div>
        );
      })}
      {meeting.state === 'open' && <Select mt="sm" size="xs" placeholder="Add an agent" aria-label="Add an agent" data={outside} value={null} searchable onChange={(name) => (name ? void doing(meeting, { name: 'add', rest: name }) : undefined)} />}
    </Card>
  );
}

function Settings({ meeting }: { meeting: Meeting }) {
  const [length, setLength] = useState<number | string>(meeting.chain_length);
  useEffect(() => setLength(meeting.chain_length), [meeting.chain_length]);
  const path = { meeting: meeting.name };
  const archive = useAct(() => (meeting.state === 'open' ? ok(api.POST('/api/v1/meetings/{meeting}/archive', { params: { path } })) : ok(api.POST('/api/v1/meetings/{meeting}/resume', { params: { path } }))), { changes, done: () => tell(meeting.state === 'open' ? 'Archived; it can be resumed.' : 'Resumed.') });
  return (
    <Card title="Settings" icon={IconSettings}>
      <Group grow align="flex-end">
        <NumberInput label="Chain length" size="xs" min={0} max={100} value={length} onChange={setLength} onBlur={() => (Number(length) === meeting.chain_length ? undefined : void doing(meeting, { name: 'chain-length', rest: String(length) }))} disabled={meeting.state !== 'open'} />
        <Select label="Ends by" size="xs" data={['depth', 'budget', 'no_new_content', 'consensus', 'moderator']} value={meeting.strategy} onChange={(strategy) => (strategy ? void doing(meeting, { name: 'strategy', rest: strategy }) : undefined)} allowDeselect={false} disabled={meeting.state !== 'open'} />
      </Group>
      {meeting.warnings.map((warning) => <Text key={warning} size="xs" c="orange" mt={8}>{warning}</Text>)}
      <Button mt="md" size="xs" variant="default" fullWidth leftSection={meeting.state === 'open' ? <IconArchive size={15} /> : <IconPlayerPlay size={15} />} loading={archive.isPending} onClick={() => archive.mutate()}>{meeting.state === 'open' ? 'Archive' : 'Resume'}</Button>
    </Card>
  );
}

function Figures({ name, head }: { name: string; head: number }) {
  const stats = useQuery({ ...q.meetingStats(name), queryKey: ['meetings', name, 'stats', String(head)] }).data;
  if (!stats) return null;
  return (
    <Card title="Figures" icon={IconChartBar}>
      <Facts facts={[['Messages', `${stats.messages}, ${stats.from_people} of people`], ['Chains', String(stats.chains)], ['Turns', String(stats.turns)], ['Tokens', compact(stats.input_tokens + stats.output_tokens)], ['Cost', money(stats.cost)], ['Most heard', stats.speakers.slice(0, 3).map((one) => `${one.agent} ${one.answers}`).join(', ')], ['Ended', stats.endings.map((one) => `${endings[one.ended_by] ?? one.ended_by}: ${plural(one.count, 'time')}`).join('; ')]]} />
    </Card>
  );
}
