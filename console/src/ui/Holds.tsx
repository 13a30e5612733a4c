import { useState } from 'react';
import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { IconCheck, IconEdit, IconHandStop, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, ok, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Markdown } from '../text/Markdown';
import { at, Confirm, elsewhere, tell, useAct } from './act';
import { Ago, Card, State, Who } from './parts';
import classes from '../pages/home.module.css';

/** Messages that wait for a person: approved, edited or refused here. Nothing is shown where none waits. */
export function Holds() {
  const held = useQuery(q.holds).data ?? [];
  if (held.length === 0) return null;
  return (
    <Card title="Held for you" icon={IconHandStop} count={held.length} flush>
      {held.map((one) => <Held key={one.message.id} held={one} />)}
    </Card>
  );
}

function Held({ held: { message, recipients } }: { held: Schemas['HeldMessage'] }) {
  const [asking, setAsking] = useState<'edit' | 'refuse'>();
  const [text, setText] = useState(message.content ?? '');
  const options = { changes: [['holds'], ['messages'], ['log']] };
  const path = { message: message.id };
  const approve = useAct((content: string | undefined) => ok(api.POST('/api/v1/holds/{message}/approve', { params: { path }, body: { content } })), {
    ...options, quiet: true, done: () => { setAsking(undefined); tell(`Approved: it goes to ${recipients.join(', ')}.`); },
  });
  const refuse = useAct((reason: string) => ok(api.POST('/api/v1/holds/{message}/refuse', { params: { path }, body: { reason } })), { ...options, done: () => { setAsking(undefined); tell(`Refused: ${message.from} is told.`); } });
  return (
    <article className={classes.item} aria-label={`Held message of ${message.from}`}>
      <div className={classes.itemHead}>
        <Who name={message.from} kind={message.from_kind} size={24} />
        <Text size="sm" c="dimmed">to {recipients.slice(0, 5).join(', ')}{recipients.length > 5 ? ` and ${recipients.length - 5} more` : ''}</Text>
        <State state={message.type} />
        <Text size="xs" c="dimmed" ml="auto"><Ago at={message.created_at} /></Text>
      </div>
      <div className={classes.quote} tabIndex={0}><Markdown text={message.content ?? ''} /></div>
      {approve.error && asking !== 'edit' ? <Text size="sm" c="red">{elsewhere(approve.error)}</Text> : null}
      <Group gap={8}>
        <Button size="xs" leftSection={<IconCheck size={15} />} loading={approve.isPending && asking !== 'edit'} onClick={() => approve.mutate(undefined)}>Approve</Button>
        <Button size="xs" variant="default" leftSection={<IconEdit size={15} />} onClick={() => setAsking('edit')}>Edit</Button>
        <Button size="xs" variant="subtle" color="red" leftSection={<IconX size={15} />} onClick={() => setAsking('refuse')}>Refuse</Button>
      </Group>
      <Modal opened={asking === 'edit'} onClose={() => setAsking(undefined)} title={<b>Edit before it goes</b>} size="lg">
        <Textarea label="Text" autosize minRows={4} maxRows={18} value={text} onChange={(event) => setText(event.currentTarget.value)} error={at(approve.error, 'content') ?? elsewhere(approve.error, 'content')} data-autofocus />
        <Group justify="flex-end" mt="md"><Button loading={approve.isPending} disabled={!text.trim()} onClick={() => approve.mutate(text)}>Approve this text</Button></Group>
      </Modal>
      <Confirm opened={asking === 'refuse'} onClose={() => setAsking(undefined)} title="Refuse the message?" action="Refuse" reason={`Reason (${message.from} reads it)`} onConfirm={(reason) => refuse.mutate(reason)} pending={refuse.isPending}>
        It is not delivered.
      </Confirm>
    </article>
  );
}
