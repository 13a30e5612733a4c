import { Badge, Group, Progress, Table, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { q } from '../api/queries';
import { creditsOf } from '../ui/credits';
import { Ago, Card, Countdown, Empty, Read, State, useNow } from '../ui/parts';
import tree from '../ui/tree.module.css';

/** Every link with its settings and its state. */
export function Links() {
  const links = useQuery(q.links());
  const now = useNow();
  return (
    <Card flush label="Links and link states">
      <Read from={links}>
        {(all) => all.length === 0 ? <Empty icon={IconLink} title="No links yet" command="parley link AGENT PEER" /> : (
          <div className={tree.scroll} tabIndex={0}>
            <Table className={tree.table} miw={980}>
              <Table.Thead><Table.Tr><Table.Th>Link</Table.Th><Table.Th>State</Table.Th><Table.Th>Quota</Table.Th><Table.Th>Credits left</Table.Th><Table.Th>Resets</Table.Th><Table.Th>Last message</Table.Th><Table.Th>Debounce</Table.Th><Table.Th>Deferred</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {all.map((link) => {
                  const { left, of, share, resetAt } = creditsOf(link, now);
                  return (
                    <Table.Tr key={link.id}>
                      <Table.Td><Link to="/agents/$name" params={{ name: link.agent }} className={tree.link}>{link.agent}</Link> ↔ <Link to="/agents/$name" params={{ name: link.peer }} className={tree.link}>{link.peer}</Link></Table.Td>
                      <Table.Td><Group gap={4}>{link.halted ? <State state="halted" /> : link.enabled ? <Badge size="sm" color="teal">on</Badge> : <Badge size="sm" color="gray">off</Badge>}{link.hold && <State state="held" />}</Group></Table.Td>
                      <Table.Td className={tree.number}>{link.messages_per_window} / {link.window_hours} h</Table.Td>
                      <Table.Td><Text size="sm" className={tree.number}>{left} of {of}</Text><Progress size="xs" w={90} value={share * 100} color={share === 0 ? 'red' : 'teal'} aria-label={`${left} of ${of} credits left`} /></Table.Td>
                      <Table.Td>{resetAt ? <Countdown to={resetAt} /> : '–'}</Table.Td>
                      <Table.Td><Ago at={link.last_message_at} /></Table.Td>
                      <Table.Td className={tree.number}>{link.debounce_seconds} s{link.strict_debounce ? ', strict' : ''}</Table.Td>
                      <Table.Td className={tree.number}>{link.waiting}</Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Read>
    </Card>
  );
}
