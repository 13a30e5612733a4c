import { useState } from 'react';
import { Button, Group, Text } from '@mantine/core';
import { IconBell, IconMailX, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ok } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { Confirm, tell, useAct } from './act';
import { Ago, Card, Countdown, Empty, State, useNow } from './parts';
import classes from '../pages/home.module.css';

/** What needs a person: overdue replies, dead letters, and whatever else Parley asks for. */
export function Attention() {
  const attention = useQuery(q.attention).data ?? [];
  const obligations = useQuery(q.obligations).data ?? [];
  const dead = useQuery(q.dead).data ?? [];
  const now = useNow(10_000);
  const [resolving, setResolving] = useState<{ id: string; text: string }>();
  const resolve = useAct((id: string) => ok(api.POST('/api/v1/attention/{id}/resolve', { params: { path: { id } } })), { changes: [['attention']], done: () => { setResolving(undefined); tell('Off the list.'); } });
  const retry = useAct((path: { message: string; agent: string }) => ok(api.POST('/api/v1/dead/{message}/{agent}/retry', { params: { path } })), { changes: [['dead'], ['agents']], done: () => tell('It is delivered again.') });
  const overdue = obligations.filter(({ reply_by }) => new Date(reply_by) < now).length;
  return (
    <Card title="Needs attention" icon={IconBell} count={attention.length + dead.length + overdue} flush>
      {attention.length + obligations.length + dead.length === 0 && <Empty icon={IconShieldCheck} title="All is well">Overdue replies, dead letters and agents that were stopped appear here.</Empty>}
      {attention.map((item) => (
        <div key={item.id} className={classes.item}>
          <div className={classes.itemHead}><State state={item.kind} /><Text size="xs" c="dimmed" ml="auto"><Ago at={item.at} /></Text></div>
          <div className={classes.itemText}><Revealed text={item.text} /></div>
          <Group gap={8}><Button size="compact-sm" variant="default" onClick={() => setResolving(item)}>Done…</Button></Group>
        </div>
      ))}
      {obligations.map((owed) => (
        <div key={`${owed.message_id} ${owed.agent}`} className={classes.item}>
          <div className={classes.itemHead}>
            <Link to="/agents/$name" params={{ name: owed.agent }}>{owed.agent}</Link> owes a reply
            <Text size="xs" ml="auto" c={new Date(owed.reply_by) < now ? 'red' : 'dimmed'} fw={new Date(owed.reply_by) < now ? 600 : undefined}><Countdown to={owed.reply_by} over="overdue" /></Text>
          </div>
        </div>
      ))}
      {dead.map((letter) => {
        const message = letter.delivery_id.slice(0, 36);
        return (
          <div key={letter.delivery_id} className={classes.item}>
            <div className={classes.itemHead}><IconMailX size={16} /> Dead letter to <Link to="/agents/$name" params={{ name: letter.recipient }}>{letter.recipient}</Link></div>
            {letter.reason && <div className={classes.itemText}><Revealed text={letter.reason} /></div>}
            <Group gap={8}><Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate({ message, agent: letter.recipient })}>Deliver again</Button></Group>
          </div>
        );
      })}
      <Confirm opened={resolving !== undefined} onClose={() => setResolving(undefined)} title="Take it off the list?" action="Done" onConfirm={() => resolving && resolve.mutate(resolving.id)} pending={resolve.isPending}>
        Nobody is told of it again: <Revealed text={resolving?.text ?? ''} />
      </Confirm>
    </Card>
  );
}
