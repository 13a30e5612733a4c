import { useState } from 'react';
import { Badge, Button, Group, Menu, Text } from '@mantine/core';
import { IconActivity, IconBrain, IconChevronLeft, IconDots, IconHandStop, IconHierarchy2, IconMessage, IconPlayerPlay, IconPower, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type Agent, api, ok } from '../api/client';
import { q } from '../api/queries';
import { firstLine } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { Confirm, tell, useAct } from '../ui/act';
import { compact, duration, money, tokensByDay } from '../ui/format';
import { Ago, Avatar, Bars, Card, Empty, Facts, Page, Read, Stat, State } from '../ui/parts';
import { SessionTree } from '../ui/SessionTree';
import { Writing } from '../ui/Writing';
import { AgentDoors, Persona } from './AgentDoors';
import { AgentContacts } from './Contacts';
import { Status } from './Agents';
import home from './home.module.css';
import classes from './agents.module.css';

export default function AgentPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const agent = useQuery(q.agent(name));
  return <Read from={agent}>{(one) => <Shown agent={one} key={one.id} />}</Read>;
}

function Shown({ agent }: { agent: Agent }) {
  const sessions = useQuery(q.sessions({ agent: agent.name }));
  const spend = useQuery(q.spend('day', 14, agent.name)).data;
  const calls = useQuery(q.doors(agent.name)).data?.some(({ state }) => state === 'used' || state === 'open');
  const hosting = useQuery({ ...q.hosting(agent.name), enabled: agent.kind === 'hosted' }).data;
  const open = (sessions.data ?? []).filter((session) => !session.endedAt);
  const tokens = tokensByDay(spend, new Date());
  return (
    <Page
      tab={agent.name}
      back={<Link to="/agents" className={classes.back}><IconChevronLeft size={15} /> Agents</Link>}
      title={<Group gap={14} wrap="nowrap"><Avatar name={agent.name} kind="agent" size={44} /><span style={{ minWidth: 0 }}>{agent.name}</span><Status agent={agent} />{agent.hold && <Badge color="orange" size="sm">held for approval</Badge>}</Group>}
      lead={<><Revealed text={agent.description || agent.type} /> · added <Ago at={agent.created_at} /></>}
      actions={<Actions agent={agent} />}
    >
      <div className={home.stats}>
        <Stat label="Reached by" value={<span style={{ fontSize: '1.15rem' }}>{agent.kind === 'hosted' ? 'Parley runs it' : agent.connected ? 'a live connection' : calls ? 'its own calls' : 'nothing now'}</span>} note={agent.kind === 'hosted' ? 'messages start its turns' : agent.connected ? 'messages arrive at once' : calls ? 'it fetches its messages' : 'messages wait in its inbox'} />
        <Stat label="Inbox depth" value={compact(Number(agent.unread ?? 0))} note={Number(agent.unread ?? 0) === 0 ? 'it has taken everything' : 'messages not acknowledged yet'} />
        <Stat label="Sessions" value={open.length} note={`${open.length === 1 ? 'is' : 'are'} open · ${sessions.data?.length ?? 0} lately`} />
        <Stat label="Spent in two weeks" value={money(spend?.cost ?? 0)} note={`${compact(Number(spend?.tokens ?? 0))} tokens`}><div style={{ marginTop: 6 }}><Bars counts={tokens} height={26} label="Tokens a day" /></div></Stat>
      </div>
      <div className={classes.columns}>
        <div className={classes.stack}>
          <AgentContacts name={agent.name} />
          <Card title="Sessions" icon={IconHierarchy2} flush>
            <Read from={sessions}>
              {(all) => all.length > 0 ? <SessionTree sessions={all.slice(0, 12)} /> : (
                <Empty icon={IconHierarchy2} title="No sessions" command={agent.kind === 'hosted' ? `parley spawn ${agent.name} "What it should do"` : undefined}>
                  {agent.kind === 'hosted' ? `Give ${agent.name} a task of its own:` : 'Only agents that Parley runs work in sessions.'}
                </Empty>
              )}
            </Read>
          </Card>
        </div>
        <div className={classes.stack}>
          <Card title="Write to it" icon={IconMessage}><Writing to={agent.name} placeholder={`Message ${agent.name}`} /></Card>
          <AgentDoors agent={agent} />
          <Hosting agent={agent} />
          {agent.kind === 'hosted' && <Persona agent={agent} folder={hosting?.persona} />}
          <Activity name={agent.name} />
        </div>
      </div>
    </Page>
  );
}

function Hosting({ agent }: { agent: Agent }) {
  const hosting = useQuery({ ...q.hosting(agent.name), enabled: agent.kind === 'hosted' });
  return (
    <Card title="How it thinks" icon={IconBrain}>
      {agent.kind !== 'hosted' ? (
        <Empty icon={IconBrain} title="It thinks elsewhere" command={`parley agent host ${agent.name} --model demo/echo`}>A program connects as {agent.name} with a token of its own. Parley can run it instead:</Empty>
      ) : (
        <Read from={hosting}>
          {(how) => (
            <Facts
              facts={[
                ['Runtime', how.runtime], ['Model', <code>{how.model}</code>], ['Fallback', how.fallback_model && <code>{how.fallback_model}</code>], ['Program', how.program && <>{how.program.profile}{how.program.command && <> · <code>{how.program.command.join(' ')}</code></>}</>], ['Folder', how.program?.folder && <code>{how.program.folder}</code>], ['Permissions', how.program?.permissions],
                ['Answer', `at most ${compact(how.max_output_tokens)} tokens`], ['Prompt', `at most ${compact(how.context_tokens)} tokens`], ['Model call', `at most ${duration(how.time_limit * 1000)}`],
                ['Tools', how.tools.length > 0 ? how.tools.map((tool) => tool.name).join(', ') : 'Parley’s own'], ['Hosted', <Ago at={how.created_at} />],
              ]}
            />
          )}
        </Read>
      )}
    </Card>
  );
}

function Activity({ name }: { name: string }) {
  const said = useQuery({
    queryKey: ['messages', 'of', name],
    queryFn: async () => (await ok(api.GET('/api/v1/messages', { params: { query: { sender: name, limit: 12 } } }))).items,
    refetchInterval: 10_000,
  });
  return (
    <Card title="What it said lately" icon={IconActivity} flush>
      <Read from={said}>
        {(messages) => messages.length === 0 ? <Empty icon={IconActivity} title="It has said nothing yet" /> : (
          <>
            {messages.map((message) => (
              <Link key={message.id} to="/conversations/$id" params={{ id: message.conversation_id }} search={{ m: message.id }} className={classes.message}>
                <div><State state={message.type} /> {message.channel ? `#${message.channel}` : message.conversation_kind} <span style={{ marginInlineStart: 'auto' }}><Ago at={message.created_at} /></span></div>
                <Text size="sm" lineClamp={2}><Revealed text={firstLine(message.content ?? '')} /></Text>
              </Link>
            ))}
          </>
        )}
      </Read>
    </Card>
  );
}

function Actions({ agent }: { agent: Agent }) {
  const [asking, setAsking] = useState<'halt' | 'remove'>();
  const navigate = useNavigate();
  const path = { name: agent.name };
  const changes = [['agents'], ['halts']];
  const hold = useAct(() => ok(api.PATCH('/api/v1/agents/{name}', { params: { path }, body: { hold: !agent.hold } })), {
    changes, undo: ({ hold: held }) => ({ said: held ? `What ${agent.name} sends waits for a person.` : `What ${agent.name} sends is delivered at once.`, back: () => ok(api.PATCH('/api/v1/agents/{name}', { params: { path }, body: { hold: !held } })) }),
  });
  const halt = useAct((reason: string) => ok(api.POST('/api/v1/halts', { body: { scope: 'agent', target: agent.name, reason: reason || 'Halted in the console' } })), { changes, done: () => { setAsking(undefined); tell(`${agent.name} is halted.`); } });
  const release = useAct(() => ok(api.DELETE('/api/v1/halts/{scope}/{target}', { params: { path: { scope: 'agent', target: agent.name } } })), { changes, done: () => tell(`${agent.name} goes on.`) });
  const remove = useAct(() => ok(api.DELETE('/api/v1/agents/{name}', { params: { path } })), { changes: [['agents']], done: () => { tell(`${agent.name} is removed.`); void navigate({ to: '/agents' }); } });
  return (
    <>
      {agent.halted ? (
        <Button variant="light" color="teal" leftSection={<IconPlayerPlay size={16} />} loading={release.isPending} onClick={() => release.mutate()}>Let it go on</Button>
      ) : (
        <Button variant="light" color="red" leftSection={<IconPower size={16} />} onClick={() => setAsking('halt')}>Halt</Button>
      )}
      <Menu position="bottom-end" width={220}>
        <Menu.Target><Button variant="default" px={10} aria-label="More about this agent"><IconDots size={18} /></Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconHandStop size={16} />} onClick={() => hold.mutate()}>{agent.hold ? 'Deliver at once' : 'Hold for approval'}</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking('remove')}>Remove…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm opened={asking === 'halt'} onClose={() => setAsking(undefined)} title={`Halt ${agent.name}?`} action="Halt" reason="Reason (senders read it)" onConfirm={(reason) => halt.mutate(reason)} pending={halt.isPending}>
        It gets nothing new, a running model call is cut off, and what it sends is refused. Its messages are kept.
      </Confirm>
      <Confirm opened={asking === 'remove'} onClose={() => setAsking(undefined)} title={`Remove ${agent.name}?`} word={agent.name} action="Remove" onConfirm={() => remove.mutate()} pending={remove.isPending}>
        This cannot be undone: its tokens end, its links are switched off, its open sessions are killed and what waits for credits is refused. What it said stays. A new agent may take its name.
      </Confirm>
    </>
  );
}

