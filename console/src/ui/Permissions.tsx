import { useState } from 'react';
import { Button, Group, Text } from '@mantine/core';
import { IconCheck, IconShieldQuestion, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ok, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { Confirm, tell, useAct } from './act';
import { Ago, Avatar, Card, Countdown, State } from './parts';
import classes from '../pages/home.module.css';

/** What programs of agents want to do and wait for a person. Nothing is shown where none asks. */
export function Permissions() {
  const asked = useQuery(q.permissions).data ?? [];
  if (asked.length === 0) return null;
  return <Card title="Programs ask for permission" icon={IconShieldQuestion} count={asked.length} flush>{asked.map((one) => <Asked key={one.id} asked={one} />)}</Card>;
}

function Asked({ asked }: { asked: Schemas['PermissionView'] }) {
  const [denying, setDenying] = useState(false);
  const path = { id: asked.id };
  const changes = [['permissions']];
  const allow = useAct(() => ok(api.POST('/api/v1/permissions/{id}/allow', { params: { path } })), { changes, done: () => tell('Allowed, this once.') });
  const deny = useAct(() => ok(api.POST('/api/v1/permissions/{id}/deny', { params: { path } })), { changes, done: () => { setDenying(false); tell('Denied: its program is told.'); } });
  return (
    <article className={classes.item} aria-label={`The program of ${asked.agent} asks`}>
      <div className={classes.itemHead}>
        <Avatar name={asked.agent} kind="agent" size={24} /><Link to="/agents/$name" params={{ name: asked.agent }}>{asked.agent}</Link>{asked.kind && <State state={asked.kind} />}
        <Text size="xs" c="dimmed" ml="auto">asked <Ago at={asked.created_at} /> · denied <Countdown to={asked.expires_at} /></Text>
      </div>
      <div className={classes.itemText}><Revealed text={asked.title} /></div>
      {asked.detail && <pre className={classes.detail} tabIndex={0}><Revealed text={asked.detail} /></pre>}
      <Group gap={8}>
        <Button size="xs" leftSection={<IconCheck size={15} />} loading={allow.isPending} onClick={() => allow.mutate()}>Allow once</Button>
        <Button size="xs" variant="subtle" color="red" leftSection={<IconX size={15} />} onClick={() => setDenying(true)}>Deny</Button>
      </Group>
      <Confirm opened={denying} onClose={() => setDenying(false)} title={`Deny it to ${asked.agent}?`} action="Deny" onConfirm={() => deny.mutate()} pending={deny.isPending}>Its program is told so and goes on without it. It may ask again.</Confirm>
    </article>
  );
}
