import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ActionIcon, Badge, Button, Group, Menu, NumberInput, Select, Text, Textarea, Tooltip } from '@mantine/core';
import { IconArchive, IconChartBar, IconChevronLeft, IconDownload, IconEar, IconGitBranch, IconHandFinger, IconHandStop, IconPlayerPlay, IconSend, IconSettings, IconTerminal2, IconUsersGroup, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { api, type Meeting, type Message, ok, Refusal } from '../api/client';
import { q } from '../api/queries';
import { Markdown } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { complain, tell, useAct } from '../ui/act';
import { compact, money, plural } from '../ui/format';
import { At, Avatar, Card, Dot, Empty, Facts, Failure, Loading, Page, State } from '../ui/parts';
import ui from '../ui/ui.module.css';
import { ChainRail, railWidth } from './ChainRail';
import { commands, type Note, run, type Typed } from './commands';
import { lanes, type Rail } from './lanes';
import { command, type Turn, useRoom } from './room';
import agents from './agents.module.css';
import classes from './meeting.module.css';

const endings: Record<string, string> = {
  depth: 'the maximum chain length is reached', off: 'chains are switched off', limit: 'the agents’ own limits are reached', budget: 'the chain’s bound is reached', no_new_content: 'nothing new was said', consensus: 'they agree', user: 'a person is asked', halted: 'it is halted',
};
const changes = [['meetings']];

type Act = (typed: Typed) => Promise<void>;

/** Does what a button or a typed command says: shows what it brings, and offers to take it back. */
function useCommands(meeting: Meeting | undefined, speakers: string[]): { act: Act; notes: Note[] } {
  const [notes, setNotes] = useState<Note[]>([]);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const act = useCallback(
    async (typed: Typed) => {
      if (!meeting) return;
      const refresh = () => changes.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
      const { note, undo, leave, clear } = await run(meeting, typed, speakers);
      refresh();
      if (note) setNotes((had) => [...had.slice(-4), note]);
      if (clear) setNotes([]);
      if (undo) tell(undo.said, () => undo.back().finally(refresh));
      if (leave) void navigate({ to: '/meetings' });
    },
    [meeting, speakers, queries, navigate],
  );
  return { act, notes };
}

export default function MeetingPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <Inside key={name} name={name} />;
}

function Inside({ name }: { name: string }) {
  const room = useRoom(name);
  const first = useQuery(q.meeting(name));
  const meeting = room.meeting ?? first.data;
  const speakers = useMemo(() => room.turns.map(({ agent }) => agent), [room.turns]);
  const { act, notes } = useCommands(meeting, speakers);
  const press: Act = (typed) => act(typed).catch(complain);
  const back = <Link to="/meetings" className={agents.back}><IconChevronLeft size={15} /> Meetings</Link>;
  if (!meeting) return <Page tab={name} title={name} back={back}><Card label={name}>{first.isPending ? <Loading /> : <Failure error={first.error} retry={() => void first.refetch()} />}</Card></Page>;
  return (
    <Page
      tab={meeting.name} back={back} title={<span className={ui.titleRow}>{meeting.name}<State state={meeting.state} /></span>}
      lead={<>{meeting.topic ? <Revealed text={meeting.topic} /> : 'No topic'} · <Dot colour={room.connected ? 'teal' : 'orange'} pulse={!room.connected} label={room.connected ? 'live' : 'reconnecting'} /> {room.connected ? (room.idle ? 'idle' : 'live') : 'connecting'}</>}
    >
      <div className={classes.room}>
        <section className={`${ui.card} ${classes.log}`} aria-label="What is said">
          <Said messages={room.messages} turns={room.turns} notes={notes} error={room.error} opening={meeting.opening} />
          {meeting.state === 'open' ? (
            <>
              <Hands meeting={meeting} act={press} />
              <Speak meeting={meeting} act={act} press={press} />
            </>
          ) : <div className={classes.write}><Text size="sm" c="dimmed">Archived: resume it to go on.</Text></div>}
        </section>
        <div className={agents.stack}>
          <Participants meeting={meeting} turns={room.turns} act={press} />
          <Settings meeting={meeting} act={press} />
          <Figures name={name} head={Number(meeting.head)} />
        </div>
      </div>
    </Page>
  );
}

function Said({ messages, turns, notes, error, opening }: { messages: Message[]; turns: Turn[]; notes: Note[]; error: unknown; opening?: string | null }) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const rails = useMemo(() => lanes(messages), [messages]);
  const width = railWidth(rails);
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [messages, turns, notes]);
  return (
    <div ref={box} className={classes.scroller} tabIndex={0} role="log" aria-label="Transcript" onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => (atEnd.current = scrollHeight - scrollTop - clientHeight < 100)}>
      {error ? <Failure error={error} /> : messages.length + turns.length === 0 && <Empty icon={IconUsersGroup} title="Nobody has said anything yet">{opening ?? 'Say something: without a name it asks everybody, with @name only that participant.'}</Empty>}
      {messages.map((message, i) => <SaidOne key={message.id} message={message} rail={rails[i]!} width={width} answers={messages.find(({ id }) => id === message.reply_to)?.from} />)}
      {turns.map((turn) => (
        <article key={turn.id} className={`${classes.message} ${classes.live}`} style={{ paddingInlineStart: width + 12 }} aria-label={`${turn.agent} speaks`}>
          <Avatar name={turn.agent} kind="agent" size={34} />
          <div className={classes.head}><b>{turn.agent}</b> {turn.tool ? `calls ${turn.tool}` : turn.text ? 'speaks' : 'thinks'} · depth {turn.depth}</div>
          <div className={classes.body}><Markdown text={turn.text} /> <span className={classes.caret} aria-hidden /></div>
        </article>
      ))}
      {notes.map((note, i) => (
        <section key={i} className={classes.note} aria-label={note.title}>
          <b>{note.title}</b> <Text span size="xs" c="dimmed">only you see this</Text>
          <dl>{note.lines.map(([name, text], line) => <div key={line}><dt>{name}</dt><dd><Revealed text={text} /></dd></div>)}</dl>
        </section>
      ))}
    </div>
  );
}

function SaidOne({ message, rail, width, answers }: { message: Message; rail: Rail; width: number; answers?: string }) {
  return (
    <article className={classes.message} style={{ paddingInlineStart: width + 12 }} aria-label={`${message.from}, depth ${message.chain?.depth ?? 0}${answers ? `, answers ${answers}` : ''}`}>
      <ChainRail rail={rail} width={width} />
      <Avatar name={message.from} kind={message.from_kind} size={34} />
      <div className={classes.head}>
        <b><Revealed text={message.from} /></b><span className={ui.kind}>{message.from_kind === 'user' ? 'person' : message.from_kind}</span>
        {answers && <span className={ui.kind}><IconGitBranch size={12} aria-hidden /> answers {answers}</span>}
        {message.chain && message.from_kind === 'agent' && <Badge size="xs" color="gray" title="Depth in the chain">{message.chain.depth}/{message.chain.limit}</Badge>}
        {message.withheld && <State state={message.withheld} />}
        <At at={message.created_at} />
      </div>
      <div className={classes.body}><Markdown text={message.content ?? ''} /></div>
      {message.chain?.ended_by && <div className={classes.ended}>Not asked: {message.chain.unheard.join(', ') || 'nobody'} — {endings[message.chain.ended_by] ?? message.chain.ended_by}</div>}
      {message.chain && message.chain.unknown.length > 0 && <div className={classes.ended}>Nobody here is called <Revealed text={message.chain.unknown.join(', ')} />.</div>}
    </article>
  );
}

/** Who was mentioned and could not speak, to be heard with one press. */
function Hands({ meeting, act }: { meeting: Meeting; act: Act }) {
  const raised = meeting.suggestions.filter(({ reason }) => reason === 'unheard');
  if (raised.length === 0) return null;
  return (
    <div className={classes.hands} role="status" aria-label="Raised hands">
      <IconHandFinger size={17} aria-hidden />
      {raised.map(({ agent }) => <Button key={agent} size="compact-xs" variant="light" leftSection={<Avatar name={agent} kind="agent" size={16} />} onClick={() => void act({ name: 'respond', rest: agent })}>Hear {agent}</Button>)}
      <Text size="xs" c="dimmed">{raised.length === 1 ? 'was mentioned and could not speak' : 'were mentioned and could not speak'}</Text>
    </div>
  );
}

function Speak({ meeting, act, press }: { meeting: Meeting; act: Act; press: Act }) {
  const [text, setText] = useState(meeting.head ? '' : (meeting.opening ?? ''));
  const box = useRef<HTMLTextAreaElement>(null);
  const say = useAct(
    async (line: string) => {
      const typed = command(line);
      if (typed) await act(typed);
      else await ok(api.POST('/api/v1/meetings/{meeting}/messages', { params: { path: { meeting: meeting.name } }, body: { content: line } }));
    },
    { changes, quiet: true, done: () => setText('') },
  );
  const error = say.error instanceof Refusal ? `${say.error.message} ${say.error.fix}` : undefined;
  const typing = text.startsWith('/') ? commands.filter(({ name }) => `/${name}`.startsWith(text.split(' ')[0]!)) : undefined;
  // What needs no more is done at once; of the others the beginning is written.
  const choose = ({ name, args }: (typeof commands)[number]) => {
    if (args.startsWith('<') || name === 'chain-length') {
      setText(`/${name} `);
      setTimeout(() => box.current?.focus(), 0);
    } else void press({ name, rest: '' });
  };
  return (
    <form className={classes.write} onSubmit={(event) => { event.preventDefault(); if (text.trim()) say.mutate(text); }}>
      <Textarea
        ref={box} aria-label="Say something" placeholder="Say something, or type / for a command" autosize minRows={1} maxRows={8} value={text} onChange={(event) => setText(event.currentTarget.value)} error={error}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
        rightSection={<ActionIcon type="submit" variant="filled" loading={say.isPending} disabled={!text.trim()} aria-label="Say it"><IconSend size={16} /></ActionIcon>}
      />
      {typing ? (
        <Text size="xs" c="dimmed" mt={6}>{typing.length > 0 ? typing.slice(0, 6).map(({ name, args, help }) => `/${name} ${args} ${typing.length < 4 ? `– ${help}` : ''}`.trim()).join('   ') : 'There is no such command: /help shows all.'}</Text>
      ) : (
        <Group gap={6} mt={8}>
          <Menu position="top-start" width={340} shadow="md">
            <Menu.Target><Button size="compact-xs" variant="default" leftSection={<IconTerminal2 size={14} />}>Commands</Button></Menu.Target>
            <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
              {commands.map((one) => (
                <Menu.Item key={one.name} onClick={() => choose(one)}><Text size="sm" ff="monospace">/{one.name} {one.args}</Text><Text size="xs" c="dimmed">{one.help}</Text></Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Button size="compact-xs" variant="default" leftSection={<IconGitBranch size={14} />} onClick={() => void press({ name: 'history', rest: '' })}>History</Button>
          <Button size="compact-xs" variant="default" leftSection={<IconDownload size={14} />} onClick={() => void press({ name: 'export', rest: '' })}>Export</Button>
          {meeting.waiting.length > 0 && <Button size="compact-xs" color="red" variant="light" leftSection={<IconHandStop size={14} />} onClick={() => void press({ name: 'stop', rest: '' })}>Stop {meeting.waiting.length === 1 ? meeting.waiting[0] : 'all'}</Button>}
        </Group>
      )}
    </form>
  );
}

function Participants({ meeting, turns, act }: { meeting: Meeting; turns: Turn[]; act: Act }) {
  const known = useQuery(q.agents).data ?? [];
  const outside = known.map(({ name }) => name).filter((name) => !meeting.participants.some((one) => one.name === name));
  return (
    <Card title="In the room" icon={IconUsersGroup} count={meeting.participants.length}>
      {meeting.participants.map((one) => {
        const speaks = turns.some(({ agent }) => agent === one.name);
        const hand = meeting.suggestions.find(({ agent }) => agent === one.name);
        const raised = hand?.reason === 'unheard';
        const state: ReactNode = one.halted ? 'halted' : speaks ? 'speaks' : meeting.waiting.includes(one.name) ? 'was asked' : hand ? (raised ? 'would like to speak' : 'has not spoken') : (one.role ?? one.kind);
        return (
          <div key={one.name} className={classes.participant}>
            <Avatar name={one.name} kind="agent" size={30} />
            <div><Link to="/agents/$name" params={{ name: one.name }} style={{ fontWeight: 600, color: 'inherit' }}>{one.name}</Link><Text size="xs" c={raised || speaks ? 'iris' : 'dimmed'}>{raised && <IconHandFinger size={12} aria-hidden />} {state}</Text></div>
            {speaks && <Dot colour="iris" pulse label="speaks" />}
            {meeting.state === 'open' && (
              <>
                <Tooltip label={`Hear ${one.name}`}><ActionIcon variant={raised ? 'light' : 'subtle'} onClick={() => void act({ name: 'respond', rest: one.name })} aria-label={`Hear ${one.name}`}><IconEar size={17} /></ActionIcon></Tooltip>
                <Tooltip label="Out of the room"><ActionIcon variant="subtle" color="gray" onClick={() => void act({ name: 'remove', rest: one.name })} aria-label={`Remove ${one.name}`}><IconX size={16} /></ActionIcon></Tooltip>
              </>
            )}
          </div>
        );
      })}
      {meeting.state === 'open' && <Select mt="sm" size="xs" placeholder="Add an agent" aria-label="Add an agent" data={outside} value={null} searchable onChange={(name) => (name ? void act({ name: 'add', rest: name }) : undefined)} />}
    </Card>
  );
}

function Settings({ meeting, act }: { meeting: Meeting; act: Act }) {
  const [length, setLength] = useState<number | string>(meeting.chain_length);
  useEffect(() => setLength(meeting.chain_length), [meeting.chain_length]);
  const open = meeting.state === 'open';
  const resume = useAct(() => ok(api.POST('/api/v1/meetings/{meeting}/resume', { params: { path: { meeting: meeting.name } } })), { changes, done: () => tell('Resumed.') });
  return (
    <Card title="Settings" icon={IconSettings}>
      <Group grow align="flex-end">
        <NumberInput label="Chain length" size="xs" min={0} max={100} value={length} onChange={setLength} onBlur={() => (length === '' || Number(length) === meeting.chain_length ? setLength(meeting.chain_length) : void act({ name: 'chain-length', rest: String(length) }))} disabled={!open} />
        <Select label="Ends by" size="xs" data={['depth', 'budget', 'no_new_content', 'consensus', 'moderator']} value={meeting.strategy} onChange={(strategy) => (strategy ? void act({ name: 'strategy', rest: strategy }) : undefined)} allowDeselect={false} disabled={!open} />
      </Group>
      {meeting.strategy === 'moderator' && <Select mt="sm" label="Moderator" size="xs" data={meeting.participants.map(({ name }) => name)} value={meeting.moderator ?? null} onChange={(name) => (name ? void act({ name: 'moderator', rest: name }) : undefined)} allowDeselect={false} disabled={!open} />}
      {Object.keys(meeting.limits).length > 0 && <Text size="xs" c="dimmed" mt={8}>Asked at most: {Object.entries(meeting.limits).map(([agent, times]) => `${agent} ${plural(times, 'time')}`).join(', ')}</Text>}
      {meeting.warnings.map((warning) => <Text key={warning} size="xs" c="orange" mt={8}>{warning}</Text>)}
      <Button mt="md" size="xs" variant="default" fullWidth leftSection={open ? <IconArchive size={15} /> : <IconPlayerPlay size={15} />} loading={resume.isPending} onClick={() => (open ? void act({ name: 'archive', rest: '' }) : resume.mutate())}>{open ? 'Archive' : 'Resume'}</Button>
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
