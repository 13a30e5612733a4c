import { useState } from 'react';
import { ActionIcon, Button, Group, Modal, SegmentedControl, Select, Stack, Table, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconCalendarTime, IconPlayerPause, IconPlayerPlay, IconPlus, IconRun, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ok, type Schedule } from '../api/client';
import { q } from '../api/queries';
import { firstLine } from '../text/Markdown';
import { Revealed } from '../text/Revealed';
import { at, Confirm, elsewhere, tell, useAct } from '../ui/act';
import { duration } from '../ui/format';
import { Avatar, Card, Countdown, Empty, Page, Read, State } from '../ui/parts';
import tree from '../ui/tree.module.css';

const changes = [['schedules']];

/** When a schedule fires, in words. */
export const timing = (schedule: Schedule) => (schedule.cron ? `${schedule.cron} (${schedule.time_zone})` : schedule.every_seconds ? `every ${duration(schedule.every_seconds * 1000)}` : schedule.at ? `once, ${new Date(schedule.at).toLocaleString()}` : '');

export default function Schedules() {
  const schedules = useQuery(q.schedules);
  const [adding, setAdding] = useState(false);
  return (
    <Page title="Schedules" lead="Work that agents are given again and again." actions={<Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>Add a schedule</Button>}>
      <Card flush label="Schedules">
        <Read from={schedules}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconCalendarTime} title="No schedules yet" command={'parley schedule add AGENT "What it should do" --cron "0 7 * * *"'}>A schedule starts a session, or writes to an agent, when its time comes.</Empty>
          ) : (
            <div className={tree.scroll} tabIndex={0}>
              <Table className={`${tree.table} ${tree.sessions}`}>
                <Table.Thead><Table.Tr><Table.Th>Schedule</Table.Th><Table.Th visibleFrom="sm">When</Table.Th><Table.Th>Next</Table.Th><Table.Th visibleFrom="xs">State</Table.Th><Table.Th aria-label="Actions" /></Table.Tr></Table.Thead>
                <Table.Tbody>{all.map((schedule) => <Row key={schedule.id} schedule={schedule} />)}</Table.Tbody>
              </Table>
            </div>
          )}
        </Read>
      </Card>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<b>Add a schedule</b>} size="lg"><AddSchedule done={() => setAdding(false)} /></Modal>
    </Page>
  );
}

function Row({ schedule }: { schedule: Schedule }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={10} wrap="nowrap">
          <Avatar name={schedule.agent} kind="agent" size={28} />
          <div className={tree.task}><Link to="/schedules/$name" params={{ name: schedule.name }} className={tree.link}>{schedule.name}</Link><Text size="xs" c="dimmed" truncate>{schedule.agent}: <Revealed text={firstLine(schedule.task)} /></Text></div>
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="sm"><Text size="sm" ff="monospace" fz={12.5}>{timing(schedule)}</Text></Table.Td>
      <Table.Td>{schedule.state === 'active' && schedule.upcoming[0] ? <Countdown to={schedule.upcoming[0].utc} /> : '–'}</Table.Td>
      <Table.Td visibleFrom="xs"><State state={schedule.state} title={schedule.paused_reason ?? undefined} /></Table.Td>
      <Table.Td><ScheduleActions schedule={schedule} /></Table.Td>
    </Table.Tr>
  );
}

export function ScheduleActions({ schedule, gone, large }: { schedule: Schedule; gone?: () => void; large?: boolean }) {
  const [asking, setAsking] = useState(false);
  const path = { schedule: schedule.name };
  const run = useAct(() => ok(api.POST('/api/v1/schedules/{schedule}/run', { params: { path } })), { changes: [...changes, ['sessions']], done: () => tell(`${schedule.name} runs now.`) });
  const pause = useAct(() => (schedule.state === 'paused' ? ok(api.POST('/api/v1/schedules/{schedule}/resume', { params: { path } })) : ok(api.POST('/api/v1/schedules/{schedule}/pause', { params: { path } }))), { changes });
  const remove = useAct(() => ok(api.DELETE('/api/v1/schedules/{schedule}', { params: { path } })), {
    changes, done: () => { setAsking(false); gone?.(); }, undo: () => ({ said: `${schedule.name} is removed.`, back: () => ok(api.POST('/api/v1/schedules', { body: again(schedule) })) }),
  });
  const paused = schedule.state === 'paused';
  return (
    <Group gap={large ? 8 : 4} wrap={large ? 'wrap' : 'nowrap'} justify="flex-end">
      {large ? (
        <>
          <Button variant="light" leftSection={<IconRun size={17} />} loading={run.isPending} onClick={() => run.mutate()}>Run now</Button>
          {schedule.state !== 'done' && <Button variant="default" leftSection={paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />} loading={pause.isPending} onClick={() => pause.mutate()}>{paused ? 'Resume' : 'Pause'}</Button>}
          <Button variant="subtle" color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>Remove</Button>
        </>
      ) : (
        <>
          <Tooltip label="Run now"><ActionIcon variant="subtle" loading={run.isPending} onClick={() => run.mutate()} aria-label={`Run ${schedule.name} now`}><IconRun size={18} /></ActionIcon></Tooltip>
          {schedule.state !== 'done' && <Tooltip label={paused ? 'Resume' : 'Pause'}><ActionIcon variant="subtle" color="gray" loading={pause.isPending} onClick={() => pause.mutate()} aria-label={`${paused ? 'Resume' : 'Pause'} ${schedule.name}`}>{paused ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}</ActionIcon></Tooltip>}
          <Tooltip label="Remove"><ActionIcon variant="subtle" color="red" onClick={() => setAsking(true)} aria-label={`Remove ${schedule.name}`}><IconTrash size={18} /></ActionIcon></Tooltip>
        </>
      )}
      <Confirm opened={asking} onClose={() => setAsking(false)} title={`Remove ${schedule.name}?`} action="Remove" onConfirm={() => remove.mutate()} pending={remove.isPending}>Its history goes with it, for good; the schedule itself you can have back. What it started goes on.</Confirm>
    </Group>
  );
}

/** What a schedule is made again with. */
const again = ({ agent, task, name, cron, every_seconds, at: time, time_zone, session, model, announce, missed }: Schedule) => ({ agent, task, name, cron, every_seconds, at: time, time_zone, session, model, announce, missed });

const fields = ['agent', 'task', 'name', 'cron', 'every_seconds', 'at', 'time_zone'];

function AddSchedule({ done }: { done: () => void }) {
  const agents = (useQuery(q.agents).data ?? []).filter(({ kind }) => kind === 'hosted');
  const [agent, setAgent] = useState<string | null>(null);
  const [task, setTask] = useState('');
  const [name, setName] = useState('');
  const [kind, setKind] = useState('cron');
  const [when, setWhen] = useState('0 7 * * *');
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [session, setSession] = useState('isolated');
  const add = useAct(
    () => ok(api.POST('/api/v1/schedules', { body: { agent, task, name: name || undefined, session, ...(kind === 'cron' ? { cron: when, time_zone: zone } : kind === 'at' ? { at: when, time_zone: zone } : { every_seconds: Number(when) }) } })),
    { changes, quiet: true, done: (made) => { done(); tell(`${made.name} is set.`); } },
  );
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); add.mutate(); }}>
      <Stack gap="sm">
        <Select label="Agent" description="One that Parley runs" data={agents.map((one) => one.name)} value={agent} onChange={setAgent} searchable error={at(add.error, 'agent')} data-autofocus />
        <Textarea label="What it is to do" autosize minRows={2} value={task} onChange={(event) => setTask(event.currentTarget.value)} error={at(add.error, 'task')} />
        <TextInput label="Name" placeholder="made up if you leave it empty" value={name} onChange={(event) => setName(event.currentTarget.value)} error={at(add.error, 'name')} />
        <SegmentedControl aria-label="Kind of timing" value={kind} onChange={(next) => { setKind(next); setWhen(next === 'cron' ? '0 7 * * *' : next === 'every' ? '3600' : new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)); }} data={[{ value: 'cron', label: 'Cron' }, { value: 'every', label: 'Every so many seconds' }, { value: 'at', label: 'Once' }]} />
        <Group grow align="flex-start">
          <TextInput label={kind === 'cron' ? 'Minute, hour, day, month, weekday' : kind === 'every' ? 'Seconds' : 'Time'} type={kind === 'at' ? 'datetime-local' : 'text'} value={when} onChange={(event) => setWhen(event.currentTarget.value)} error={at(add.error, 'cron', 'every_seconds', 'at')} ff="monospace" />
          {kind !== 'every' && <TextInput label="Time zone" value={zone} onChange={(event) => setZone(event.currentTarget.value)} error={at(add.error, 'time_zone')} />}
        </Group>
        <Select label="Where" data={[{ value: 'isolated', label: 'In a session of its own each time' }, { value: 'main', label: 'As a message to the agent' }]} value={session} onChange={(value) => setSession(value ?? 'isolated')} allowDeselect={false} />
        {elsewhere(add.error, ...fields) && <Text size="sm" c="red" role="alert">{elsewhere(add.error, ...fields)}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={add.isPending}>Add</Button></Group>
      </Stack>
    </form>
  );
}

