import { useState } from 'react';
import { ActionIcon, Badge, Button, Checkbox, Collapse, Group, Menu, Modal, MultiSelect, NumberInput, Progress, Stack, Text, Tooltip } from '@mantine/core';
import { IconAddressBook, IconDots, IconEdit, IconHandStop, IconPlayerPause, IconPlayerPlay, IconPlus, IconUnlink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Link as AgentLink, ok, Refusal, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { at, Confirm, elsewhere, tell, useAct } from '../ui/act';
import { creditsOf, peerOf } from '../ui/credits';
import { duration, plural } from '../ui/format';
import { Avatar, Card, Countdown, Empty, Read, useNow } from '../ui/parts';
import classes from './agents.module.css';

type Settings = Schemas['LinkSettingsPatch'];
const changes = [['links']];

/** Whom an agent may message: each link with its quota, credits and next reset; here they are made, changed and ended. */
export function AgentContacts({ name }: { name: string }) {
  const links = useQuery(q.links(name));
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Agent Contacts" icon={IconAddressBook} count={links.data?.length} flush
      actions={<Button size="compact-sm" variant="light" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>Add contacts</Button>}
    >
      <Read from={links}>
        {(all) => all.length === 0 ? (
          <Empty icon={IconAddressBook} title={`${name} has no contacts yet`} command={`parley link ${name} PEER`}>Two agents message each other directly once they are linked. A quota keeps them from talking without end.</Empty>
        ) : all.map((link) => <Contact key={link.id} link={link} name={name} />)}
      </Read>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<b>Add contacts of {name}</b>}>
        <AddContacts name={name} known={(links.data ?? []).map((link) => peerOf(link, name))} done={() => setAdding(false)} />
      </Modal>
    </Card>
  );
}

function Contact({ link, name }: { link: AgentLink; name: string }) {
  const [asking, setAsking] = useState<'edit' | 'unlink'>();
  const peer = peerOf(link, name);
  const path = { id: link.id };
  const edit = useAct((settings: Settings) => ok(api.PATCH('/api/v1/links/{id}', { params: { path }, body: settings })), {
    changes,
    undo: (_, settings) => ({
      said: settings.enabled === undefined ? (settings.hold ? `What ${name} and ${peer} say waits for a person.` : `What ${name} and ${peer} say is delivered at once.`) : `The link with ${peer} is switched ${settings.enabled ? 'on' : 'off'}.`,
      back: () => ok(api.PATCH('/api/v1/links/{id}', { params: { path }, body: settings.enabled === undefined ? { hold: !settings.hold } : { enabled: !settings.enabled } })),
    }),
  });
  const unlink = useAct(() => ok(api.DELETE('/api/v1/links/{id}', { params: { path } })), {
    changes, done: () => setAsking(undefined),
    undo: () => ({ said: `${name} and ${peer} are not linked any more.`, back: () => ok(api.POST('/api/v1/links', { body: { agent: link.agent, peer: link.peer, settings: settingsAsTheyWere(link) } })) }),
  });
  return (
    <article className={classes.contact} aria-label={`Contact ${peer}`}>
      <Group gap={10} wrap="nowrap">
        <Avatar name={peer} kind="agent" size={32} />
        <div>
          <Link to="/agents/$name" params={{ name: peer }} style={{ fontWeight: 600, color: 'inherit' }}>{peer}</Link>
          <Group gap={5}>
            {!link.enabled && <Badge size="xs" color="gray">off</Badge>}
            {link.hold && <Badge size="xs" color="orange">held for approval</Badge>}
            {link.halted && <Badge size="xs" color="red">halted</Badge>}
            {link.strict_debounce && <Badge size="xs" color="cyan">strict</Badge>}
            {link.waiting > 0 && <Badge size="xs" color="yellow">{link.waiting} deferred</Badge>}
          </Group>
        </div>
      </Group>
      <Credits link={link} />
      <Menu position="bottom-end" width={210}>
        <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={`Change the contact ${peer}`}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEdit size={16} />} onClick={() => setAsking('edit')}>Quota…</Menu.Item>
          <Menu.Item leftSection={link.enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />} onClick={() => edit.mutate({ enabled: !link.enabled })}>{link.enabled ? 'Switch off' : 'Switch on'}</Menu.Item>
          <Menu.Item leftSection={<IconHandStop size={16} />} onClick={() => edit.mutate({ hold: !link.hold })}>{link.hold ? 'Deliver at once' : 'Hold for approval'}</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconUnlink size={16} />} onClick={() => (link.waiting > 0 ? setAsking('unlink') : unlink.mutate())}>{link.waiting > 0 ? 'Unlink…' : 'Unlink'}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asking === 'edit'} onClose={() => setAsking(undefined)} title={<b>Quota of {name} and {peer}</b>}>
        <EditQuota link={link} done={() => setAsking(undefined)} />
      </Modal>
      <Confirm opened={asking === 'unlink'} onClose={() => setAsking(undefined)} title={`Unlink ${name} and ${peer}?`} action="Unlink" onConfirm={() => unlink.mutate()} pending={unlink.isPending}>
        They cannot message each other any more. What they said stays; {plural(link.waiting, 'message')} that wait{link.waiting === 1 ? 's' : ''} for credits will not be delivered, and that cannot be undone.
      </Confirm>
    </article>
  );
}

/** What a link is made again with. */
const settingsAsTheyWere = (link: AgentLink): Settings => ({
  messages_per_window: link.messages_per_window, window_hours: link.window_hours, debounce_seconds: link.debounce_seconds, strict_debounce: link.strict_debounce, preferred_endpoint: link.preferred_endpoint, enabled: link.enabled,
  hold: link.hold,
});

function Credits({ link }: { link: AgentLink }) {
  const now = useNow();
  const { left, of, share, resetAt } = creditsOf(link, now);
  return (
    <div className={classes.credits}>
      <div className={classes.creditsText}>
        <span><b>{left}</b> of {of} <span className={classes.dim}>credits left</span></span>
        <Tooltip label={`${plural(of, 'message')} in ${plural(link.window_hours, 'hour')}, both directions together`}><span className={classes.dim}>{of} / {link.window_hours} h</span></Tooltip>
      </div>
      <Progress size="md" value={share * 100} color={share === 0 ? 'red' : share < 0.25 ? 'orange' : 'teal'} aria-label={`${left} of ${of} credits left`} />
      <div className={`${classes.creditsText} ${classes.dim}`}>
        <span>{resetAt ? <>resets <Countdown to={resetAt} /></> : 'full'}</span>
        <span>{link.last_message_at ? `last message ${duration(now.getTime() - new Date(link.last_message_at).getTime())} ago` : 'no message yet'}</span>
      </div>
    </div>
  );
}

const fields = ['messages_per_window', 'window_hours', 'debounce_seconds', 'peer', 'agent'];

type Quota = { messages: number | string; hours: number | string; debounce: number | string; strict: boolean; hold: boolean };

/** As the person typed it: the server says what is wrong with it, at the field. */
const settingsOf = (quota: Quota): Settings => ({
  messages_per_window: Number(quota.messages), window_hours: Number(quota.hours), debounce_seconds: Number(quota.debounce), strict_debounce: quota.strict, hold: quota.hold,
});

function QuotaInputs({ quota, change, error }: { quota: Quota; change: (quota: Quota) => void; error: unknown }) {
  const [more, setMore] = useState(false);
  const open = more || at(error, 'debounce_seconds') !== undefined;
  return (
    <>
      <Group grow align="flex-start">
        <NumberInput label="Messages" description="both directions together" value={quota.messages} onChange={(messages) => change({ ...quota, messages })} error={at(error, 'messages_per_window')} allowDecimal={false} />
        <NumberInput label="in hours" description="length of the window" value={quota.hours} onChange={(hours) => change({ ...quota, hours })} error={at(error, 'window_hours')} allowDecimal={false} />
      </Group>
      <Checkbox label="Hold: a person approves each message" checked={quota.hold} onChange={(event) => change({ ...quota, hold: event.currentTarget.checked })} />
      <Button variant="transparent" size="compact-sm" style={{ justifySelf: 'start', alignSelf: 'flex-start' }} px={0} onClick={() => setMore(!more)} aria-expanded={open}>{open ? 'Less' : 'More settings'}</Button>
      <Collapse expanded={open}>
        <Stack gap="sm">
          <NumberInput label="Debounce in seconds" description="The same text again within this time is one message." value={quota.debounce} onChange={(debounce) => change({ ...quota, debounce })} error={at(error, 'debounce_seconds')} allowDecimal={false} />
          <Checkbox label="Strict: refuse any message within that time" checked={quota.strict} onChange={(event) => change({ ...quota, strict: event.currentTarget.checked })} />
        </Stack>
      </Collapse>
    </>
  );
}

function EditQuota({ link, done }: { link: AgentLink; done: () => void }) {
  const [quota, setQuota] = useState<Quota>({ messages: link.messages_per_window, hours: link.window_hours, debounce: link.debounce_seconds, strict: link.strict_debounce, hold: link.hold });
  const [before] = useState(link);
  const path = { id: link.id };
  const save = useAct(() => ok(api.PATCH('/api/v1/links/{id}', { params: { path }, body: settingsOf(quota) })), {
    changes, quiet: true, done, undo: () => ({ said: 'The quota is changed.', back: () => ok(api.PATCH('/api/v1/links/{id}', { params: { path }, body: settingsAsTheyWere(before) })) }),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <QuotaInputs quota={quota} change={setQuota} error={save.error} />
        {elsewhere(save.error, ...fields) && <Text size="sm" c="red" role="alert">{elsewhere(save.error, ...fields)}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={save.isPending}>Save</Button></Group>
      </Stack>
    </form>
  );
}

function AddContacts({ name, known, done }: { name: string; known: string[]; done: () => void }) {
  const agents = useQuery(q.agents).data ?? [];
  const [peers, setPeers] = useState<string[]>([]);
  const [quota, setQuota] = useState<Quota>({ messages: 30, hours: 6, debounce: 5, strict: false, hold: false });
  const add = useAct(
    async () => {
      if (peers.length === 0) throw new Refusal(400, 'invalid_request', 'Nobody is chosen.', 'Choose an agent.', 'peer');
      for (const peer of peers) {
        await ok(api.POST('/api/v1/links', { body: { agent: name, peer, settings: settingsOf(quota) } }));
        setPeers((left) => left.filter((one) => one !== peer));
      }
      return peers;
    },
    { changes, quiet: true, done: (linked) => { done(); tell(`${name} may message ${linked.join(', ')} now.`); } },
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack gap="md">
        <MultiSelect
          label="Agents" description="Of the same organization, not linked yet" placeholder={peers.length === 0 ? 'Choose' : undefined} searchable data-autofocus value={peers} onChange={setPeers} error={at(add.error, 'peer', 'agent')}
          data={agents.filter((agent) => agent.name !== name && !known.includes(agent.name)).map((agent) => agent.name)} nothingFoundMessage="No other agent" hidePickedOptions
        />
        <QuotaInputs quota={quota} change={setQuota} error={add.error} />
        {elsewhere(add.error, ...fields) && <Text size="sm" c="red" role="alert">{elsewhere(add.error, ...fields)}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={add.isPending}>Link</Button></Group>
      </Stack>
    </form>
  );
}
