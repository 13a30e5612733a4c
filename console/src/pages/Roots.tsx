import { Progress, Table, Text } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { compact, money } from '../ui/format';
import { Ago, Card, Empty, Page, Read, State } from '../ui/parts';
import tree from '../ui/tree.module.css';

export default function Roots() {
  const roots = useQuery(q.roots);
  return (
    <Page title="Roots" lead="What started each chain of turns, and what it used. Depth, turns, tokens and money are bounded below every root.">
      <Card flush label="Roots">
        <Read from={roots}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconRoute} title="No chain yet" command={'parley send AGENT "Hello"'}>A message to an agent that Parley runs starts a chain of turns.</Empty>
          ) : (
            <div className={tree.scroll} tabIndex={0}>
              <Table className={tree.table}>
                <Table.Thead><Table.Tr><Table.Th>Began</Table.Th><Table.Th>Turns</Table.Th><Table.Th ta="end" visibleFrom="sm">Tokens</Table.Th><Table.Th ta="end" visibleFrom="xs">Cost</Table.Th><Table.Th>State</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {all.map((root) => (
                    <Table.Tr key={root.id}>
                      <Table.Td><Link to="/roots/$id" params={{ id: root.id }} className={tree.link}><Ago at={root.created_at} /></Link></Table.Td>
                      <Table.Td><Text size="sm" mb={3}>{root.turns} of {root.max_turns}</Text><Progress size="xs" w={110} value={(Number(root.turns) / Number(root.max_turns)) * 100} aria-label={`${root.turns} of ${root.max_turns} turns`} /></Table.Td>
                      <Table.Td ta="end" visibleFrom="sm" className={tree.number}>{compact(Number(root.tokens))}</Table.Td>
                      <Table.Td ta="end" visibleFrom="xs" className={tree.number}>{money(root.cost)}</Table.Td>
                      <Table.Td>{root.stopped_at ? <><State state="bounded" /> <Text span size="xs" c="dimmed">{root.reason && <Revealed text={root.reason} />}</Text></> : <Text size="sm" c="dimmed">within its bounds</Text>}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )}
        </Read>
      </Card>
    </Page>
  );
}
