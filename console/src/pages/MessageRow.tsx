import { memo } from 'react';
import { ActionIcon, Badge, Tooltip } from '@mantine/core';
import { IconClockPause, IconCornerUpLeft, IconDotsVertical, IconEyeOff } from '@tabler/icons-react';
import type { Message } from '../api/client';
import { hides, Markdown } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { At, Avatar, State } from '../ui/parts';
import ui from '../ui/ui.module.css';
import classes from './conversations.module.css';

const kinds: Record<string, string> = { agent: 'agent', user: 'person', system: 'Parley' };
const why: Record<string, string> = { held: 'waits for a person', deferred: 'waits for credits', refused: 'was refused', expired: 'expired before it was delivered' };

/** A message. Who wrote it, and whether that is an agent or a person, is what the server says. */
export const MessageRow = memo(function MessageRow({ message, chosen, choose }: { message: Message; chosen: boolean; choose: (id: string) => void }) {
  return (
    <article className={classes.message} data-chosen={chosen || undefined} aria-label={`Message ${message.number} of ${message.from}`}>
      <Avatar name={message.from} kind={message.from_kind} size={34} />
      <div className={classes.messageHead}>
        <b><Revealed text={message.from} /></b>
        <span className={ui.kind}>{kinds[message.from_kind] ?? message.from_kind}</span>
        {message.type !== 'chat' && <State state={message.type} />}
        {message.reply_to && <Tooltip label="Answers a message"><IconCornerUpLeft size={14} aria-label="Answers a message" /></Tooltip>}
        {message.chain && message.chain.depth > 0 && <Badge size="xs" color="gray">depth {message.chain.depth}/{message.chain.limit}</Badge>}
        {message.content && hides(message.content) && <Badge size="xs" color="red" leftSection={<IconEyeOff size={11} />}>hidden characters</Badge>}
        <At at={message.created_at} />
        <ActionIcon className={classes.details} size="sm" variant="subtle" color="gray" onClick={() => choose(message.id)} aria-label={`Details of message ${message.number}`}><IconDotsVertical size={16} /></ActionIcon>
      </div>
      <div className={classes.body}>
        {message.withheld && <div className={classes.withheld}><IconClockPause size={14} /> {why[message.withheld] ?? message.withheld}</div>}
        <Markdown text={message.content ?? ''} />
      </div>
    </article>
  );
});
