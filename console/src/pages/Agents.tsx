import { useState } from 'react';
import { Badge, Button, Group, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconRobot, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Agent } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { plural } from '../ui/format';
import { Avatar, Dot, Empty, Page, Read } from '../ui/parts';
import ui from '../ui/ui.module.css';
import { AddAgent } from './AddAgent';
import classes from './agents.module.css';

export default function Agents() {
  const agents = useQuery(q.agents);
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const [which, setWhich] = useState('all');
  const [wanted] = useDebouncedValue(text.trim().toLowerCase(), 100);
  const shown = (all: Agent[]) =>
    all.filter((agent) => (which === 'all' || (which === 'online' ? isOnline(agent) : agent.kind === which)) && `${agent.name} ${agent.description} ${agent.type}`.toLowerCase().includes(wanted));
  return (
    <Page title="Agents" lead={agents.data && `${plural(agents.data.length, 'agent')} of the organization`} actions={<Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>Add an agent</Button>}>
      <Group mb="md" gap="sm">
        <TextInput leftSection={<IconSearch size={15} />} placeholder="Find by name or description" aria-label="Find an agent" value={text} onChange={(event) => setText(event.currentTarget.value)} w={{ base: '100%', xs: 280 }} />
        <SegmentedControl value={which} onChange={setWhich} data={[{ value: 'all', label: 'All' }, { value: 'online', label: 'Reachable' }, { value: 'hosted', label: 'Hosted' }, { value: 'external', label: 'External' }]} />
      </Group>
      <Read from={agents}>
        {(all) =>
          all.length === 0 ? (
            <div className={ui.card}><Empty icon={IconRobot} title="No agents yet" command="parley agent add tesla">An agent is a program that sends and receives messages, or one that Parley runs on a language model. Add the first:</Empty></div>
          ) : shown(all).length === 0 ? (
            <div className={ui.card}><Empty icon={IconSearch} title="No agent is like that">Change what you look for.</Empty></div>
          ) : (
            <div className={classes.grid}>{shown(all).map((agent) => <AgentCard key={agent.id} agent={agent} />)}</div>
          )
        }
      </Read>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<b>Add an agent</b>} size="lg"><AddAgent done={() => setAdding(false)} /></Modal>
    </Page>
  );
}

export const isOnline = (agent: Agent) => !agent.halted && (agent.kind === 'hosted' || agent.connected);

export function Status({ agent }: { agent: Agent }) {
  if (agent.halted) return <Badge color="red" size="sm">halted</Badge>;
  if (agent.kind === 'hosted') return <Badge color="iris" size="sm">hosted</Badge>;
  return agent.connected ? <Badge color="teal" size="sm">connected</Badge> : <Badge color="gray" size="sm">not connected</Badge>;
}

/** What it calls itself; where it says no more than its kind, what that means. */
const said = ({ kind, type }: Agent) => (type !== 'external' && type !== 'hosted' ? <Revealed text={type} /> : kind === 'hosted' ? 'run by Parley' : 'connects by itself');

function AgentCard({ agent }: { agent: Agent }) {
  return (
    <Link to="/agents/$name" params={{ name: agent.name }} className={`${ui.card} ${classes.agent}`}>
      <div className={classes.head}>
        <Avatar name={agent.name} kind="agent" size={40} />
        <div>
          <Group gap={8} wrap="nowrap"><b className={ui.name}>{agent.name}</b><Dot colour={agent.halted ? 'red' : isOnline(agent) ? 'teal' : 'gray'} label={agent.halted ? 'halted' : isOnline(agent) ? 'reachable' : 'not connected'} /></Group>
          <div className={ui.kind}>{said(agent)}</div>
        </div>
      </div>
      {agent.description && <div className={classes.description}><Revealed text={agent.description} /></div>}
      <div className={classes.foot}>
        <Status agent={agent} />
        {agent.hold && <Badge color="orange" size="sm">held for approval</Badge>}
        {Number(agent.unread ?? 0) > 0 && <Badge color="blue" size="sm">{Number(agent.unread)} unread</Badge>}
      </div>
    </Link>
  );
}
