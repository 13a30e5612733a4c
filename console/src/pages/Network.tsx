import { type CSSProperties, useMemo, useState } from 'react';
import { Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconTopologyStar3 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Agent, Link as AgentLink } from '../api/client';
import { q } from '../api/queries';
import { creditsOf } from '../ui/credits';
import { hue, plural } from '../ui/format';
import { layout } from '../ui/layout';
import { Ago, Card, Empty, Failure, Loading, Page } from '../ui/parts';
import tree from '../ui/tree.module.css';
import classes from './network.module.css';

type Pair = AgentLink & { said: number };

export default function Network() {
  const agents = useQuery(q.agents);
  const links = useQuery(q.links());
  const conversations = useQuery(q.conversations);
  const failed = [agents, links, conversations].find(({ error }) => error);
  const pairs = useMemo(() => {
    const said = new Map((conversations.data ?? []).map(({ id, head }) => [id, Number(head)]));
    return (links.data ?? []).map((link): Pair => ({ ...link, said: said.get(link.conversation_id) ?? 0 })).sort((one, other) => other.said - one.said);
  }, [links.data, conversations.data]);
  return (
    <Page title="Network" lead={links.data && `${plural(pairs.length, 'link')}, ${plural(pairs.reduce((sum, { said }) => sum + said, 0), 'direct message')}`}>
      {failed ? <Card label="Network"><Failure error={failed.error} retry={() => void failed.refetch()} /></Card> : !agents.data || !links.data ? <Card label="Network"><Loading /></Card> : pairs.length === 0 ? (
        <Card label="Network"><Empty icon={IconTopologyStar3} title="Nobody is linked yet" command="parley link AGENT PEER">Two agents that are linked may message each other; the picture shows who does.</Empty></Card>
      ) : (
        <div style={{ display: 'grid', gap: 16 }}>
          <Card flush label="Who talks to whom">
            <Graph agents={agents.data} pairs={pairs} />
            <div className={classes.legend}>
              <span><i style={{ '--line': 'light-dark(#b9bed0, #46506a)' } as CSSProperties} />the thicker, the more was said</span>
              <span><i style={{ '--line': '#e8860c' } as CSSProperties} />messages wait for credits</span>
              <span><i style={{ '--line': '#8f97ab', borderTopStyle: 'dashed' } as CSSProperties} />switched off or halted</span>
            </div>
          </Card>
          <Card flush label="Links">
            <div className={tree.scroll} tabIndex={0}>
              <Table className={tree.table}>
                <Table.Thead><Table.Tr><Table.Th>Who with whom</Table.Th><Table.Th ta="end">Messages</Table.Th><Table.Th ta="end" visibleFrom="xs">Credits left</Table.Th><Table.Th ta="end" visibleFrom="xs">Deferred</Table.Th><Table.Th ta="end">Last</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {pairs.map((pair) => {
                    const { left, of } = creditsOf(pair, new Date());
                    return (
                      <Table.Tr key={pair.id}>
                        <Table.Td><Link to="/conversations/$id" params={{ id: pair.conversation_id }} className={tree.link}>{pair.agent} ↔ {pair.peer}</Link></Table.Td>
                        <Table.Td ta="end" className={tree.number}>{pair.said}</Table.Td><Table.Td ta="end" visibleFrom="xs" className={tree.number}>{left} of {of}</Table.Td>
                        <Table.Td ta="end" visibleFrom="xs" className={tree.number}>{pair.waiting > 0 ? <Text span c="orange" fw={600}>{pair.waiting}</Text> : 0}</Table.Td><Table.Td ta="end"><Ago at={pair.last_message_at} /></Table.Td>
                      </Table.Tr>
                    );
                  })}
                </Table.Tbody>
              </Table>
            </div>
          </Card>
        </div>
      )}
    </Page>
  );
}

const wide = { width: 1000, height: 560 };
const narrow = { width: 400, height: 440 };
/** So many messages make no thick line yet. */
const few = 50;

function Graph({ agents, pairs }: { agents: Agent[]; pairs: Pair[] }) {
  const [near, setNear] = useState<string>();
  const { width, height } = useMediaQuery('(max-width: 48em)') ? narrow : wide;
  const names = useMemo(() => agents.map(({ name }) => name).filter((name) => pairs.some(({ agent, peer }) => agent === name || peer === name)).sort(), [agents, pairs]);
  const most = Math.max(1, ...pairs.map(({ said }) => said));
  const key = `${names.join()} ${pairs.map(({ id }) => id).join()}`;
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const places = useMemo(() => layout(names, pairs.map(({ agent, peer, said }) => ({ from: agent, to: peer, weight: said / most }))), [key]);
  const isNear = (...some: string[]) => near === undefined || some.includes(near);
  const neighbours = new Set(pairs.filter(({ agent, peer }) => agent === near || peer === near).flatMap(({ agent, peer }) => [agent, peer]));
  return (
    <svg className={classes.graph} viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Who talks to whom; the table below says the same" onMouseLeave={() => setNear(undefined)}>
      {pairs.map((pair) => {
        const [a, b] = [places.get(pair.agent), places.get(pair.peer)];
        return a && b && (
          <line key={pair.id} className={classes.edge} x1={a.x * width} y1={a.y * height} x2={b.x * width} y2={b.y * height} strokeWidth={1.5 + 9 * Math.sqrt(pair.said / Math.max(most, few))} data-deferred={pair.waiting > 0 || undefined} data-off={!pair.enabled || pair.halted || undefined} data-far={!isNear(pair.agent, pair.peer) || undefined}>
            <title>{`${pair.agent} ↔ ${pair.peer}: ${plural(pair.said, 'message')}${pair.waiting > 0 ? `, ${pair.waiting} wait for credits` : ''}`}</title>
          </line>
        );
      })}
      {names.map((name) => {
        const place = places.get(name)!;
        const said = pairs.filter(({ agent, peer }) => agent === name || peer === name).reduce((sum, one) => sum + one.said, 0);
        return (
          <Link key={name} to="/agents/$name" params={{ name }} className={classes.node} data-far={(near !== undefined && !neighbours.has(name)) || undefined} onMouseEnter={() => setNear(name)} onFocus={() => setNear(name)} onBlur={() => setNear(undefined)}>
            <circle cx={place.x * width} cy={place.y * height} r={20} fill={`hsl(${hue(name)} 48% 42%)`} />
            <text aria-hidden className={classes.letter} x={place.x * width} y={place.y * height + 5} style={{ fill: '#fff', stroke: 'none' }}>{name[0]?.toUpperCase()}</text>
            <text x={place.x * width} y={place.y * height + 38}>{name.length > 20 ? `${name.slice(0, 19)}…` : name}</text>
            <title>{`${name}: ${plural(said, 'message')}`}</title>
          </Link>
        );
      })}
    </svg>
  );
}
