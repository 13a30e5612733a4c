import { useState } from 'react';
import { Badge, Button, Group, Modal, MultiSelect, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, ok } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { at, elsewhere, useAct } from '../ui/act';
import { plural } from '../ui/format';
import { Ago, Avatar, Empty, Page, Read, State } from '../ui/parts';
import ui from '../ui/ui.module.css';
import agents from './agents.module.css';

export default function Meetings() {
  const meetings = useQuery(q.meetings);
  const [starting, setStarting] = useState(false);
  return (
    <Page title="Meetings" lead="Rooms in which a mention makes an agent speak next." actions={<Button leftSection={<IconPlus size={16} />} onClick={() => setStarting(true)}>Start a meeting</Button>}>
      <Read from={meetings}>
        {(all) => all.length === 0 ? (
          <div className={ui.card}><Empty icon={IconUsersGroup} title="No meetings yet" command="parley meeting ceo cto cfo">You say something, agents answer and ask each other, and the chain comes to an end by itself.</Empty></div>
        ) : (
          <div className={agents.grid}>
            {all.map((meeting) => (
              <Link key={meeting.id} to="/meetings/$name" params={{ name: meeting.name }} className={`${ui.card} ${agents.agent}`}>
                <Group justify="space-between" wrap="nowrap"><b className={ui.name}>{meeting.name}</b><State state={meeting.state} /></Group>
                {meeting.topic && <div className={agents.description}><Revealed text={meeting.topic} /></div>}
                <Group gap={4}>{meeting.participants.slice(0, 8).map((one) => <Avatar key={one.name} name={one.name} kind="agent" size={26} />)}{meeting.participants.length > 8 && <Text size="xs" c="dimmed">+{meeting.participants.length - 8}</Text>}</Group>
                <div className={agents.foot}>{plural(Number(meeting.head), 'message')} · <Ago at={meeting.created_at} />{meeting.waiting.length > 0 && <Badge size="xs" color="blue">{meeting.waiting.join(', ')} to speak</Badge>}</div>
              </Link>
            ))}
          </div>
        )}
      </Read>
      <Modal opened={starting} onClose={() => setStarting(false)} title={<b>Start a meeting</b>}><Start /></Modal>
    </Page>
  );
}

const fields = ['participants', 'topic', 'name', 'chain_length', 'template', 'agent'];

function Start() {
  const known = useQuery(q.agents).data ?? [];
  const templates = useQuery(q.templates).data ?? [];
  const navigate = useNavigate();
  const [participants, setParticipants] = useState<string[]>([]);
  const [topic, setTopic] = useState('');
  const [name, setName] = useState('');
  const [template, setTemplate] = useState<string | null>(null);
  const [length, setLength] = useState<number | string>('');
  const start = useAct(() => ok(api.POST('/api/v1/meetings', { body: { participants, topic: topic || undefined, name: name || undefined, template: template ?? undefined, chain_length: length === '' ? undefined : Number(length) } })), {
    changes: [['meetings']], quiet: true, done: (meeting) => void navigate({ to: '/meetings/$name', params: { name: meeting.name } }),
  });
  const chosen = templates.find((one) => one.name === template);
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); start.mutate(); }}>
      <Stack gap="sm">
        <Select label="Template" placeholder="None" clearable data={templates.filter(({ fault }) => !fault).map((one) => one.name)} value={template} onChange={setTemplate} description={chosen?.description} error={at(start.error, 'template')} />
        <MultiSelect label="Participants" description={chosen && chosen.roles.length > 0 ? `In this order: ${chosen.roles.map((role) => role.name).join(', ')}` : undefined} data={known.map((agent) => agent.name)} value={participants} onChange={setParticipants} searchable hidePickedOptions error={at(start.error, 'participants', 'agent')} data-autofocus />
        <TextInput label="Topic" value={topic} onChange={(event) => setTopic(event.currentTarget.value)} error={at(start.error, 'topic')} maxLength={500} />
        <Group grow align="flex-start">
          <TextInput label="Name" placeholder="meeting-1" value={name} onChange={(event) => setName(event.currentTarget.value)} error={at(start.error, 'name')} />
          <NumberInput label="Chain length" placeholder={String(chosen?.chain_length ?? 4)} value={length} onChange={setLength} error={at(start.error, 'chain_length')} />
        </Group>
        {elsewhere(start.error, ...fields) && <Text size="sm" c="red" role="alert">{elsewhere(start.error, ...fields)}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={start.isPending}>Start</Button></Group>
      </Stack>
    </form>
  );
}
