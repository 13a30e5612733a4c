import { useEffect, useState } from 'react';
import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { IconActivity, IconBolt, IconChartBar, IconCoin, IconHandStop, IconHourglass, IconInbox, IconPlayerPlay, IconRobot, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { api, ok } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { Confirm, tell, useAct } from '../ui/act';
import { compact, duration, money, plural, tokensByDay } from '../ui/format';
import { Holds } from '../ui/Holds';
import { Attention } from '../ui/Attention';
import { limitText, shareOf } from '../ui/budgets';
import { Nodes } from '../ui/Nodes';
import { Permissions } from '../ui/Permissions';
import { Ago, Avatar, Bars, Card, Elapsed, Empty, Page, Read, Stat, State } from '../ui/parts';
import { SessionTree } from '../ui/SessionTree';
import classes from './home.module.css';

export default function CommandCenter() {
  const server = useQuery(q.server).data;
  return (
    <Page title="Command center" lead={server && <>Parley {server.version} · up for <Elapsed since={server.started_at} /> · {plural(server.connections, 'live connection')}{server.health !== 'ready' ? ` · ${server.health}` : ''}</>} actions={<HaltEverything />}>
      <Halted />
      <Stats />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Permissions />
          <Holds />
          <Running />
          <Thinking />
        </div>
        <div className={classes.stack}>
          <Attention />
          <Waiting />
          <Metrics />
          <Nodes />
        </div>
      </div>
    </Page>
  );
}

function HaltEverything() {
  const halted = useQuery(q.halts).data?.some((halt) => halt.scope === 'organization');
  const hash = useRouterState({ select: (state) => state.location.hash });
  const [asking, setAsking] = useState(false);
  useEffect(() => setAsking(hash === 'halt'), [hash]);
  const halt = useAct((reason: string) => ok(api.POST('/api/v1/halts', { body: { scope: 'organization', target: null, reason: reason || 'Halted in the console' } })), {
    changes: [['halts'], ['agents'], ['turns'], ['sessions']], done: () => { setAsking(false); tell('Everything is halted. Messages are kept.'); },
  });
  if (halted) return null;
  return (
    <>
      <Button color="red" variant="light" leftSection={<IconHandStop size={17} />} onClick={() => setAsking(true)}>Halt everything</Button>
      <Confirm opened={asking} onClose={() => setAsking(false)} title="Halt every agent of the organization?" word="halt" action="Halt everything" reason="Reason (senders read it)" onConfirm={(reason) => halt.mutate(reason)} pending={halt.isPending}>
        Within two seconds no agent gets anything new, running model calls are cut off, and sends are refused. Messages are kept; nothing is lost, and you can let it go on at any time.
      </Confirm>
    </>
  );
}

function Halted() {
  const halts = useQuery(q.halts).data ?? [];
  const release = useAct((halt: { scope: string; target: string }) => (halt.scope === 'organization' || halt.scope === 'server'
    ? ok(api.DELETE('/api/v1/halts/{scope}', { params: { path: { scope: halt.scope } } }))
    : ok(api.DELETE('/api/v1/halts/{scope}/{target}', { params: { path: halt } }))), { changes: [['halts'], ['agents'], ['links']], done: () => tell('Released: it goes on.') });
  return halts.map((halt) => (
    <div key={`${halt.scope} ${halt.target}`} className={classes.halted} role="status">
      <IconHandStop size={22} />
      <div>
        <b>{halt.scope === 'organization' || halt.scope === 'server' ? `The whole ${halt.scope} is halted` : `${halt.scope} ${halt.target} is halted`}</b>
        <Text size="sm"><Revealed text={halt.reason} /> — {halt.by}, <Ago at={halt.at} />{halt.durable ? '' : ' (not written to the disk yet)'}</Text>
      </div>
      <Button size="xs" color="red" variant="white" leftSection={<IconPlayerPlay size={15} />} loading={release.isPending} onClick={() => release.mutate(halt)}>Let it go on</Button>
    </div>
  ));
}

function Stats() {
  const stats = useQuery(q.sessionStats).data;
  const running = useQuery(q.sessions({ active: true })).data;
  const rate = useQuery(q.rate).data;
  const budgets = useQuery(q.budgets).data;
  const spend = useQuery(q.spend('day', 14)).data;
  const links = useQuery(q.links()).data ?? [];
  const agents = useQuery(q.agents).data ?? [];
  const holds = useQuery(q.holds).data ?? [];
  const day = budgets?.days.find(({ scope }) => scope === 'organization');
  const perMinute = rate ? rate.counts.slice(-13, -1).reduce((sum, count) => sum + count, 0) * (60 / (12 * rate.seconds)) : 0;
  const now = running?.filter(({ status }) => status === 'running').length ?? 0;
  const queued = (running?.length ?? 0) - now;
  const deferred = links.reduce((sum, { waiting }) => sum + waiting, 0);
  const unread = agents.reduce((sum, agent) => sum + Number(agent.unread ?? 0), 0);
  const last = spend?.lines.at(-1);
  return (
    <div className={classes.stats}>
      <Stat label="Sessions now" icon={IconBolt} value={now} note={stats ? `${queued > 0 ? `${queued} waiting · ` : ''}room for ${stats.concurrentCapacity}` : ' '}>
        <Progress mt={10} size="sm" value={stats ? (now / stats.concurrentCapacity) * 100 : 0} aria-label="Of the sessions that may run at once" />
      </Stat>
      <Stat label="Messages a minute" icon={IconActivity} value={compact(Math.round(perMinute))} note="last ten minutes">
        <div style={{ marginTop: 6 }}><Bars counts={grouped(rate?.counts ?? [], 3)} height={30} label="Messages in the last ten minutes" /></div>
      </Stat>
      <Stat label="Spent today" icon={IconCoin} value={money(day?.cost ?? last?.cost ?? 0)} note={<>{compact(Number(day?.tokens ?? 0))} tokens · <Anchor component={Link} to="/budgets" size="xs">{day && limitText(day) !== 'no limit' ? limitText(day) : 'no limit set'}</Anchor></>}>
        {day && limitText(day) !== 'no limit' ? (
          <Progress mt={10} size="sm" color={shareOf(day) > 0.8 ? 'red' : undefined} value={Math.min(100, shareOf(day) * 100)} aria-label="Of the budget of the day" />
        ) : (
          <div style={{ marginTop: 6 }}><Bars counts={tokensByDay(spend, new Date())} height={30} label="Tokens a day, last two weeks" /></div>
        )}
      </Stat>
      <Stat label="Waiting" icon={IconHourglass} value={holds.length + deferred + unread} note={`${holds.length} for you · ${deferred} for credits · ${unread} unread`} />
    </div>
  );
}

/** Sums of so many counts that stand together. */
const grouped = (counts: number[], size: number) => Array.from({ length: Math.floor(counts.length / size) }, (_, i) => counts.slice(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0));

function Running() {
  const sessions = useQuery(q.sessions({ active: true }));
  return (
    <Card title="What runs now" icon={IconBolt} count={sessions.data?.length} actions={<Anchor component={Link} to="/sessions" size="sm">All sessions</Anchor>} flush>
      <Read from={sessions}>
        {(open) => open.length > 0 ? <SessionTree sessions={open} /> : (
          <Empty icon={IconBolt} title="No session runs" command={'parley spawn AGENT "What it should do"'}>A session is a task that an agent works on by itself; its result comes back as a message. Start one:</Empty>
        )}
      </Read>
    </Card>
  );
}

function Thinking() {
  const turns = useQuery(q.turns).data ?? [];
  const many = new Set(turns.map(({ node }) => node)).size > 1;
  if (turns.length === 0) return null;
  return (
    <Card title="Thinking now" icon={IconRobot} count={turns.length} flush>
      {turns.map((turn) => (
        <div key={turn.turn_id} className={classes.waiting}>
          <Group gap={10}><Avatar name={turn.agent} kind="agent" size={24} /><Link to="/agents/$name" params={{ name: turn.agent }}>{turn.agent}</Link><Text size="xs" c="dimmed">{turn.tool ? `calls ${turn.tool}` : turn.model}</Text></Group>
          <Text size="sm" c="dimmed" style={{ flex: 'none' }}>depth {turn.depth} · <Elapsed since={turn.since} />{many && turn.node ? ` · ${turn.node}` : ''}</Text>
        </div>
      ))}
    </Card>
  );
}

function Waiting() {
  const links = (useQuery(q.links()).data ?? []).filter(({ waiting }) => waiting > 0);
  const agents = (useQuery(q.agents).data ?? []).filter((agent) => Number(agent.unread ?? 0) > 0).sort((one, other) => Number(other.unread) - Number(one.unread));
  return (
    <Card title="Deliveries that wait" icon={IconInbox} count={links.length + agents.length} flush>
      {links.length + agents.length === 0 && <Empty icon={IconShieldCheck} title="Nothing waits">Every message has been taken by its recipient.</Empty>}
      {links.map((link) => (
        <div key={link.id} className={classes.waiting}>
          <Link to="/agents/$name" params={{ name: link.agent }}>{link.agent} ↔ {link.peer}</Link>
          <State state="deferred" title={link.window_reset_at ? `No credits left until ${new Date(link.window_reset_at).toLocaleString()}` : undefined} /> {link.waiting}
        </div>
      ))}
      {agents.slice(0, 12).map((agent) => (
        <div key={agent.id} className={classes.waiting}>
          <Group gap={10} wrap="nowrap"><Avatar name={agent.name} kind="agent" size={24} /><Link to="/agents/$name" params={{ name: agent.name }}>{agent.name}</Link></Group>
          <Text size="sm" c="dimmed" ta="end">{Number(agent.unread)} unread{agent.kind === 'external' && !agent.connected ? ', not connected' : ''}</Text>
        </div>
      ))}
    </Card>
  );
}

function Metrics() {
  const stats = useQuery(q.sessionStats);
  const rate = (value: number | null | undefined) => (value === null || value === undefined ? '–' : `${Math.round(value * 100)}%`);
  return (
    <Card title="Last seven days" icon={IconChartBar}>
      <Read from={stats}>
        {(figures) => (
          <div style={{ display: 'grid', gap: 9 }}>
            {([
              ['Sessions spawned', figures.spawned], ['Ended well', rate(figures.spawnSuccessRate)], ['Results delivered', rate(figures.resultDelivery)],
              ['Mean response time', figures.completed > 0 ? (figures.averageResponseSeconds < 10 ? `${figures.averageResponseSeconds.toFixed(1)}s` : duration(figures.averageResponseSeconds * 1000)) : '–'],
              ['Cost a session', money(figures.costPerSpawn)], ['Failed · killed · timed out', `${figures.failed} · ${figures.killed} · ${figures.timedOut}`],
            ] as const).map(([name, value]) => (
              <Group key={name} justify="space-between" gap={8}><Text size="sm" c="dimmed">{name}</Text><Text size="sm" fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>{value}</Text></Group>
            ))}
          </div>
        )}
      </Read>
    </Card>
  );
}

