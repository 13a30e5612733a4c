import { useRef, useState } from 'react';
import { Button, Group, Select, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { api, ok } from '../api/client';
import { at, elsewhere, useAct } from './act';

const types = ['chat', 'request', 'status', 'discovery', 'coordination', 'result'];

/** A message by the person. The key makes a repeat after a cut connection find the first one. */
export function Writing({ to, project, placeholder, onSent }: { to: string; project?: string | null; placeholder: string; onSent?: () => void }) {
  const [text, setText] = useState('');
  const [type, setType] = useState<string | null>('chat');
  const key = useRef(newKey());
  const send = useAct(
    () => ok(api.POST('/api/v1/messages', { body: { to, project: project ?? undefined, content: text, type: type ?? undefined }, params: { header: { 'Idempotency-Key': key.current } } })),
    {
      quiet: true, changes: [['conversations'], ['messages'], ['agents']],
      done: () => {
        setText('');
        key.current = newKey();
        onSent?.();
      },
    },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() && !send.isPending) send.mutate();
      }}
    >
      <Textarea
        aria-label={placeholder} placeholder={placeholder} autosize minRows={2} maxRows={10} value={text} error={at(send.error, 'content', 'to', 'type') ?? elsewhere(send.error, 'content', 'to', 'type')}
        onChange={(event) => {
          setText(event.currentTarget.value);
          key.current = newKey();
        }}
        onKeyDown={(event) => (event.key === 'Enter' && (event.ctrlKey || event.metaKey) ? event.currentTarget.form?.requestSubmit() : undefined)}
      />
      <Group justify="space-between" mt={8} gap={8}>
        <Select size="xs" w={130} aria-label="Type of the message" data={types} value={type} onChange={setType} allowDeselect={false} />
        {send.data && !text && (
          <Text size="xs" c="dimmed" role="status">
            {send.data.verdict}, number {String(send.data.number)} in <Link to="/conversations/$id" params={{ id: send.data.conversation_id }} search={{ m: send.data.message_id }}>the conversation</Link>
          </Text>
        )}
        <Button type="submit" size="xs" leftSection={<IconSend size={14} />} loading={send.isPending} disabled={!text.trim()}>Send</Button>
      </Group>
    </form>
  );
}

/** Random, also where the page is served without TLS. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
