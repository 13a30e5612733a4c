import { useState } from 'react';
import { Button, Table, Text } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, ok, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Confirm, useAct } from './act';
import { plural } from './format';
import { Ago, Card, Read, State } from './parts';
import tree from './tree.module.css';

type Node = Schemas['NodeView'];

/** The servers that share the database, for admins. With SQLite there is one: that is one line. */
export function Nodes() {
  const me = useQuery(q.me).data;
  const server = useQuery(q.server).data;
  const nodes = useQuery({ ...q.nodes, enabled: me !== undefined && me.role !== 'member' });
  if (!server || !me || me.role === 'member') return null;
  if (server.database !== 'postgres') {
    const one = nodes.data?.[0];
    return (
      <Card label="Nodes">
        <Text size="sm" c="dimmed">One node on SQLite{one ? <>: {plural(one.turns, 'turn')} of {one.most_turns} at once, {plural(one.connections, 'live connection')}</> : ''}. Several nodes need PostgreSQL: <code>parley up --database</code>.</Text>
      </Card>
    );
  }
  return (
    <Card title="Nodes" icon={IconServer2} count={nodes.data?.length} flush>
      <Read from={nodes} rows={2}>{(all) => <List nodes={all} mayDrain={me.role === 'owner'} />}</Read>
    </Card>
  );
}

const skewed = 1_000;

function List({ nodes, mayDrain }: { nodes: Node[]; mayDrain: boolean }) {
  const [asking, setAsking] = useState<string>();
  const change = (name: string, drain: boolean) => {
    const params = { path: { node: name } };
    return drain ? ok(api.POST('/api/v1/nodes/{node}/drain', { params })) : ok(api.DELETE('/api/v1/nodes/{node}/drain', { params }));
  };
  const act = useAct(({ name, drain }: { name: string; drain: boolean }) => change(name, drain), {
    changes: [['nodes']], done: () => setAsking(undefined), undo: (_, { name, drain }) => ({ said: drain ? `${name} is being emptied.` : `${name} takes part again.`, back: () => change(name, !drain) }),
  });
  return (
    <div className={tree.scroll} tabIndex={0}>
      <Table className={tree.table} miw={560}>
        <Table.Thead><Table.Tr><Table.Th>Node</Table.Th><Table.Th>State</Table.Th><Table.Th ta="end">Turns</Table.Th><Table.Th ta="end">Connections</Table.Th><Table.Th ta="end">Clock</Table.Th><Table.Th aria-label="Actions" /></Table.Tr></Table.Thead>
        <Table.Tbody>
          {nodes.map((node) => (
            <Table.Tr key={node.name}>
              <Table.Td><b>{node.name}</b><Text size="xs" c="dimmed">{node.version} · heard of <Ago at={node.seen_at} />{node.answering ? ' · answers you' : ''}</Text></Table.Td>
              <Table.Td><State state={node.state} /></Table.Td>
              <Table.Td ta="end" className={tree.number}>{node.turns} of {node.most_turns}</Table.Td>
              <Table.Td ta="end" className={tree.number}>{node.connections}</Table.Td>
              <Table.Td ta="end" className={tree.number}><Text span size="sm" c={Math.abs(Number(node.clock_skew_ms)) > skewed ? 'red' : undefined}>{Number(node.clock_skew_ms) > 0 ? '+' : ''}{Number(node.clock_skew_ms)} ms</Text></Table.Td>
              <Table.Td ta="end">
                {mayDrain && node.state !== 'lost' && (node.state === 'draining'
                  ? <Button size="compact-xs" variant="light" color="teal" loading={act.isPending} onClick={() => act.mutate({ name: node.name, drain: false })} aria-label={`Let ${node.name} take part again`}>Resume</Button>
                  : <Button size="compact-xs" variant="default" onClick={() => setAsking(node.name)} aria-label={`Empty ${node.name}`}>Drain</Button>)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Confirm opened={asking !== undefined} onClose={() => setAsking(undefined)} title={`Empty ${asking}?`} action="Drain" onConfirm={() => asking && act.mutate({ name: asking, drain: true })} pending={act.isPending}>
        Within two seconds it claims nothing more, gives its turns back to the others and asks its connections to come back elsewhere. Nothing is lost; it can be stopped then, or take part again.
      </Confirm>
    </div>
  );
}
