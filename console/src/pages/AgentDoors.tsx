import { Badge, Group, Text } from '@mantine/core';
import { IconDoor, IconMasksTheater } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Agent, Refusal, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { plural } from '../ui/format';
import { Ago, Card, Dot, Elapsed, Empty, Failure, Loading, Read, State } from '../ui/parts';
import classes from './agents.module.css';

type Door = Schemas['DoorView'];

const names: Record<string, string> = {
  websocket: 'WebSocket', sse: 'Event stream (SSE)', http: 'HTTP', mcp: 'MCP', a2a: 'A2A', hosted: 'Parley runs it', webhook: 'Webhook', remote: 'A2A on another server',
};
const colours: Record<string, string> = { open: 'teal', used: 'teal', ready: 'teal', idle: 'gray', paused: 'yellow' };

/** By which doors the agent comes in, and on which Parley goes to it, each with since when. */
export function AgentDoors({ agent }: { agent: Agent }) {
  const doors = useQuery(q.doors(agent.name));
  return (
    <Card title="Connected by" icon={IconDoor} flush>
      <Read from={doors} rows={2}>
        {(all) => all.length === 0 ? (
          <Empty icon={IconDoor} title="Nothing has come in as it yet" command={`parley connect claude-code --as ${agent.name}`}>A program connects with a token of its own, over WebSocket, HTTP or MCP. A coding agent is connected with one command:</Empty>
        ) : all.map((door) => <Row key={`${door.door} ${door.detail ?? ''}`} door={door} />)}
      </Read>
    </Card>
  );
}

function Row({ door }: { door: Door }) {
  return (
    <div className={classes.door}>
      <Dot colour={colours[door.state] ?? 'gray'} pulse={door.state === 'open'} label={door.state} />
      <div>
        <b>{names[door.door] ?? door.door}</b>
        {door.detail && <Text span size="xs" c="dimmed"> <Revealed text={door.detail} /></Text>}
        <Text size="xs" c="dimmed">{said(door)}</Text>
      </div>
      {door.state === 'paused' && <State state="paused" />}
      {Number(door.connections ?? 0) > 0 && <Badge size="sm" color="teal">{plural(Number(door.connections), 'connection')}</Badge>}
    </div>
  );
}

function said(door: Door) {
  switch (door.state) {
    case 'open':
      return <>connected for <Elapsed since={door.since} /></>;
    case 'used':
      return <>calls since <Ago at={door.since} />, the last <Ago at={door.last_at} /></>;
    case 'idle':
      return <>last came in <Ago at={door.last_at} /></>;
    case 'paused':
      return <>paused <Ago at={door.since} /></>;
    default:
      return <>since <Ago at={door.since} /></>;
  }
}

/** The files that the agent's model is told first, as the server reads them. They are changed on the server's machine. */
export function Persona({ agent, folder }: { agent: Agent; folder?: string | null }) {
  const files = useQuery({ ...q.persona(agent.name), enabled: Boolean(folder) });
  return (
    <Card title="Persona" icon={IconMasksTheater} flush>
      {!folder ? (
        <Empty icon={IconMasksTheater} title="It has no persona files" command={`parley agent host ${agent.name} --model MODEL --persona ./${agent.name}`}>A folder with AGENTS.md, SOUL.md, IDENTITY.md, TOOLS.md, USER.md or MEMORY.md on the server’s machine says who it is:</Empty>
      ) : files.data ? (
        files.data.length === 0 ? <Empty icon={IconMasksTheater} title="The folder is empty">Write AGENTS.md in {folder}; the next turn reads it.</Empty> : (
          <>
            {files.data.map((file) => (
              <details key={file.name} className={classes.file}>
                <summary><b>{file.name}</b><Text span size="xs" c="dimmed">{firstWords(file.text)}</Text>{file.subagents && <Badge size="xs" color="gray">sub-agents too</Badge>}</summary>
                <pre tabIndex={0} aria-label={file.name}><Revealed text={file.text} /></pre>
              </details>
            ))}
            <Text size="xs" c="dimmed" px={18} py={8}>Read from <code>{folder}</code> on the server’s machine; the next turn takes what is saved there.</Text>
          </>
        )
      ) : files.isPending ? <Loading rows={3} /> : files.error instanceof Refusal && files.error.status === 403 ? (
        <Group px={18} py={12}><Text size="sm" c="dimmed">Its owner and admins read it.</Text></Group>
      ) : <Failure error={files.error} retry={() => void files.refetch()} />}
    </Card>
  );
}

const firstWords = (text: string) => {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? 'empty';
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
