import { useState } from 'react';
import { ActionIcon, Button, Group, Modal, Table, Text, Textarea, Tooltip } from '@mantine/core';
import { IconArrowGuide, IconCornerDownRight, IconSkull } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { api, ok, type Session } from '../api/client';
import { Revealed } from '../text/Revealed';
import { firstLine } from '../text/Markdown';
import { at, Confirm, elsewhere, tell, useAct } from './act';
import { compact, money } from './format';
import { Avatar, Elapsed, State } from './parts';
import classes from './tree.module.css';

export type Branch = { session: Session; children: Branch[] };

/** Sessions below those that have spawned them; one whose parent is not among them stands at the top. */
export function branches(sessions: Session[]): Branch[] {
  const all = new Map(sessions.map((session) => [session.id!, { session, children: [] as Branch[] }]));
  const tops: Branch[] = [];
  for (const branch of all.values()) {
    const parent = branch.session.parentSession ? all.get(branch.session.parentSession) : undefined;
    (parent?.children ?? tops).push(branch);
  }
  return tops;
}

export const rows = (branch: Branch, depth = 0): { session: Session; depth: number }[] => [{ session: branch.session, depth }, ...branch.children.flatMap((child) => rows(child, depth + 1))];

const isOpen = (session: Session) => !session.endedAt;

/** Sessions with what they use, as they go on; a person steers and kills them here. */
export function SessionTree({ sessions }: { sessions: Session[] }) {
  return (
    <div className={classes.scroll} tabIndex={0}>
      <Table className={`${classes.table} ${classes.sessions}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Session</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th visibleFrom="sm">Model</Table.Th>
            <Table.Th ta="end">Runtime</Table.Th>
            <Table.Th ta="end" visibleFrom="sm">Tokens</Table.Th>
            <Table.Th ta="end" visibleFrom="xs">Cost</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {branches(sessions).flatMap((branch) => rows(branch)).map(({ session, depth }) => <Row key={session.id} session={session} depth={depth} />)}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ session, depth }: { session: Session; depth: number }) {
  return (
    <Table.Tr>
      <Table.Td style={{ paddingInlineStart: 18 + depth * 22 }}>
        <Group gap={10} wrap="nowrap">
          {depth > 0 && <IconCornerDownRight size={15} className={classes.branch} aria-label={`below, level ${depth}`} />}
          <Avatar name={session.agentId} kind="agent" size={26} />
          <div className={classes.task}>
            <Link to="/sessions/$id" params={{ id: session.id! }} className={classes.link}>{session.agentId}{session.label ? <> · <Revealed text={session.label} /></> : null}</Link>
            <Text size="xs" c="dimmed" truncate><Revealed text={firstLine(session.task)} /></Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td><State state={session.status} title={session.reason ?? undefined} /></Table.Td>
      <Table.Td visibleFrom="sm"><Text size="sm" ff="monospace" fz={12.5}>{session.model}</Text></Table.Td>
      <Table.Td ta="end">{session.startedAt ? <Elapsed since={session.startedAt} until={session.endedAt} /> : '–'}</Table.Td>
      <Table.Td ta="end" visibleFrom="sm" className={classes.number}>{compact(session.tokens)}</Table.Td>
      <Table.Td ta="end" visibleFrom="xs" className={classes.number}>{money(session.cost)}</Table.Td>
      <Table.Td>{isOpen(session) && <SessionActions session={session} />}</Table.Td>
    </Table.Tr>
  );
}

const changes = [['sessions'], ['session']];

export function SessionActions({ session, large }: { session: Session; large?: boolean }) {
  const [asking, setAsking] = useState<'kill' | 'steer'>();
  const name = session.label ?? session.agentId;
  const path = { session: session.id! };
  const kill = useAct((reason: string) => ok(api.POST('/api/v1/sessions/{session}/kill', { params: { path }, body: { reason: reason || undefined } })), {
    changes, done: () => { setAsking(undefined); tell(`Killed ${name}.`); },
  });
  return (
    <>
      <Group gap={4} wrap="nowrap" justify="flex-end">
        {large ? (
          <Button variant="light" color="red" leftSection={<IconSkull size={16} />} onClick={() => setAsking('kill')}>Kill</Button>
        ) : (
          <>
            <Tooltip label="Steer"><ActionIcon variant="subtle" onClick={() => setAsking('steer')} aria-label={`Steer ${name}`}><IconArrowGuide size={18} /></ActionIcon></Tooltip>
            <Tooltip label="Kill"><ActionIcon variant="subtle" color="red" onClick={() => setAsking('kill')} aria-label={`Kill ${name}`}><IconSkull size={18} /></ActionIcon></Tooltip>
          </>
        )}
      </Group>
      <Confirm opened={asking === 'kill'} onClose={() => setAsking(undefined)} title={`Kill the session of ${name}?`} action="Kill" reason="Reason (its parent reads it)" onConfirm={(reason) => kill.mutate(reason)} pending={kill.isPending}>
        It and everything below it ends now. Its parent gets that as the result. This cannot be undone.
      </Confirm>
      <Modal opened={asking === 'steer'} onClose={() => setAsking(undefined)} title={<b>Steer {name}</b>}>
        <Steer session={session} done={() => setAsking(undefined)} />
      </Modal>
    </>
  );
}

export function Steer({ session, done }: { session: Session; done?: () => void }) {
  const [text, setText] = useState('');
  const steer = useAct(() => ok(api.POST('/api/v1/sessions/{session}/steer', { params: { path: { session: session.id! } }, body: { message: text } })), {
    changes, quiet: true, done: () => { setText(''); tell('Sent: a running turn takes it before its next model call.'); done?.(); },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        steer.mutate();
      }}
    >
      <Textarea
        label="What it should do" placeholder="Look at the tests first." autosize minRows={2} maxRows={10} value={text} data-autofocus
        onChange={(event) => setText(event.currentTarget.value)} error={at(steer.error, 'message', 'content') ?? elsewhere(steer.error, 'message', 'content')}
        onKeyDown={(event) => (event.key === 'Enter' && (event.ctrlKey || event.metaKey) ? event.currentTarget.form?.requestSubmit() : undefined)}
      />
      <Group justify="flex-end" mt="sm"><Button type="submit" loading={steer.isPending} disabled={!text.trim()}>Send</Button></Group>
    </form>
  );
}
