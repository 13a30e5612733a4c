import { Fragment } from 'react';
import { Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { q } from '../api/queries';
import { Markdown } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { At, Ago, Facts, Read, State, Who } from '../ui/parts';
import classes from './conversations.module.css';

/** Everything that is known of a message: who, where, its chain and metadata, and how far it came with each recipient. */
export function MessageDetails({ id }: { id: string }) {
  const message = useQuery(q.message(id));
  const status = useQuery(q.deliveries(id));
  return (
    <Read from={message}>
      {(one) => (
        <Stack gap="lg">
          <Group justify="space-between"><Who name={one.from} kind={one.from_kind} size={36} /><State state={one.type} /></Group>
          <Markdown text={one.content ?? ''} />
          <section aria-label="Deliveries">
            <Text fw={650} size="sm" mb={4}>Deliveries</Text>
            <Read from={status} rows={2}>
              {(now) => now.deliveries.length === 0 ? <Text size="sm" c="dimmed">It has no recipients.</Text> : (
                <>
                  {now.deliveries.map((delivery) => (
                    <div key={delivery.delivery_id} className={classes.recipient}>
                      <Group justify="space-between" gap={8}><Who name={delivery.recipient} kind="agent" size={24} showKind={false} /><Group gap={6}>{delivery.attempts > 1 && <Badge size="xs" color="gray">{delivery.attempts} attempts</Badge>}<State state={delivery.state} title={delivery.reason ?? undefined} /></Group></Group>
                      {delivery.reason && <Text size="xs" c="dimmed"><Revealed text={delivery.reason} /></Text>}
                      {delivery.not_before && delivery.state === 'deferred' && <Text size="xs" c="dimmed">due <Ago at={delivery.not_before} /></Text>}
                      <div style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '2px 14px' }}>
                        {delivery.changes.map((change, i) => <Fragment key={i}><Text size="xs">{change.state}</Text><Text size="xs" c="dimmed"><At at={change.at} /></Text></Fragment>)}
                      </div>
                    </div>
                  ))}
                  {Number(now.delivery_count) > now.deliveries.length && <Text size="sm" c="dimmed">and {Number(now.delivery_count) - now.deliveries.length} more recipients</Text>}
                </>
              )}
            </Read>
          </section>
          <Facts
            facts={[
              ['Said', <At at={one.created_at} />], ['Number', String(one.number)], ['In', one.channel ? `#${one.channel}` : one.conversation_kind], ['Calls itself', <Revealed text={one.agent_type} />],
              ['Mentions', one.mentions.length > 0 ? one.mentions.join(', ') : null], ['Depth', String(one.depth)],
              ['Chain', <Link to="/roots/$id" params={{ id: one.root_id }}>what started it, and what followed</Link>],
              ['Answers', one.reply_to ? <Link to="/conversations/$id" params={{ id: one.conversation_id }} search={{ m: one.reply_to }}>a message</Link> : null],
              ['Reply wanted', one.reply_by ? <Ago at={one.reply_by} /> : null], ['Useless after', one.expires_at ? <Ago at={one.expires_at} /> : null], ['Id', <code style={{ fontSize: 12 }}>{one.id}</code>],
            ]}
          />
          {hasMetadata(one.metadata) && (
            <section aria-label="Metadata">
              <Text fw={650} size="sm" mb={6}>Metadata</Text>
              <pre className={classes.json} tabIndex={0}><Revealed text={JSON.stringify(one.metadata, null, 2)} /></pre>
            </section>
          )}
        </Stack>
      )}
    </Read>
  );
}

const hasMetadata = (metadata: unknown): boolean => typeof metadata === 'object' && metadata !== null && Object.keys(metadata).length > 0;
